"""Puts a first step before the day that counts, where one was tapped. Pure; knows days and steps, reads no letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from coach.domain.plans import Step
from coach.ports import Texts


def in_time(steps: tuple[Step, ...], deadline: date | None, today: date, texts: Texts) -> tuple[Step, ...]:
    """Return the steps with the first one due before the deadline, and saying so; a day that is over counts no more."""
    if deadline is None or deadline <= today:
        return steps
    first, *others = steps
    due = max(today, min(first.due, _workday_before(deadline)))
    return (replace(first, due=due, cue=texts.render("before.fixed", cue=first.cue, deadline=deadline)), *others)


def _workday_before(day: date) -> date:
    """Return the last working day before a day."""
    before = day - timedelta(days=1)
    return before - timedelta(days=max(0, before.weekday() - 4))
