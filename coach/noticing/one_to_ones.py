"""Prepares a one-to-one: one question worth asking, one thing to thank for. Pure; no clock.

Both come from the journal, with what they rest on, or are left out. Nothing here judges the other person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from coach.domain.moments import By, Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.noticing.today import resting
from coach.rows import joined, rows

DUE_FOR = timedelta(days=90)
"""Someone is thanked for what they did within this time; later it is history."""

OPEN_QUESTIONS = 4
"""So many questions fit any talk; they take turns by the week."""


@cache
def _thanked() -> re.Pattern[str]:
    """What shows that someone was thanked."""
    return joined(rows("words/thanks"), re.IGNORECASE)


class Ask(StrEnum):
    """Where a question comes from. ``prompts/one_to_one.fixed.j2`` words each but the plan's, which has its own."""

    PLAN = "plan"
    PLATE = "plate"
    MATTERS = "matters"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Question:
    """The one question worth asking. ``plan``: it is the one this plan waits for. ``n``: which of the open ones."""

    ask: Ask
    plan: RepairPlan | None = None
    n: int = 0


def question(person: Person, plans: Sequence[RepairPlan], plate_is_fresh: bool, today: date) -> Question:
    """Return the question worth most: an open plan's, then what went stale, then what is not known, else an open one.

    ``plans``: those about the person with something still to come, newest first. Nothing is asked about a matter the
    user leaves in peace.
    """
    waiting = [plan for plan in plans if plan.readings]  # what was taken on in a session waits for no fact
    if waiting and not resting(person, today):
        return Question(Ask.PLAN, waiting[0])
    if person.plate is not None and not plate_is_fresh:
        return Question(Ask.PLATE)
    if person.matters is None:
        return Question(Ask.MATTERS)
    return Question(Ask.OPEN, n=today.isocalendar().week % OPEN_QUESTIONS)


def recognition(moments: Sequence[Moment], today: date) -> Moment | None:
    """Return the newest thing they did that helped and that no thanks came after; None: nothing is due."""
    ordered = sorted(moments, key=lambda it: (it.happened_at, it.id))
    thanks = [it.happened_at for it in ordered if it.by is By.ME and _thanked().search(it.what)]
    since = thanks[-1] if thanks else None
    due = [
        it
        for it in ordered
        if it.by is By.THEM
        and it.landed is Landed.HELPED
        and (since is None or it.happened_at > since)
        and today - it.happened_at.astimezone().date() <= DUE_FOR
    ]
    return due[-1] if due else None
