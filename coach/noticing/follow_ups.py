"""Decides what follows when the user says how a step went: the next step, another try, a rest, or the end. Pure.

It keeps the stop rule: that names how many tries are fair, and after those the plan rests and the other is left alone.
A second step is taken only on the outcome it is for; a step is tried again only where what it did may be asked twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from coach.domain.acts import REMINDED, Follows, fits
from coach.domain.asks import Happened
from coach.domain.commitments import Commitment
from coach.domain.moments import Landed
from coach.domain.plans import Outcome, RepairPlan, Step
from coach.domain.workdays import workday

REST = timedelta(days=30)
"""How long the coach reminds of no step towards someone after the stop rule."""

PAUSE = timedelta(days=14)
"""So long after it went badly."""

MOST_MOVED = 3
"""A step that was put off this often is dropped, unless the user holds on to it."""


class Came(StrEnum):
    """How a step went, as the user says it in one click."""

    WELL = "well"
    NO_REPLY = "no_reply"
    BADLY = "badly"
    NOT_YET = "not_yet"
    LET_GO = "let_go"


class Then(StrEnum):
    """What follows. ``prompts/followed.fixed.j2`` words each."""

    NEXT_STEP = "next_step"
    FINISHED = "finished"
    STILL = "still"
    AGAIN = "again"
    LATER = "later"
    PAUSE = "pause"
    STOP = "stop"
    LET_GO = "let_go"


LANDED: Mapping[Came, Landed] = {Came.WELL: Landed.HELPED, Came.NO_REPLY: Landed.INDIFFERENT, Came.BADLY: Landed.HARMED}
"""How a step that was done landed on them."""

_HAPPENED = {Came.WELL: Happened.WENT_WELL, Came.NO_REPLY: Happened.NO_ANSWER, Came.BADLY: Happened.WENT_BADLY}


@dataclass(frozen=True, slots=True)
class Following:
    """The decision. ``step``/``due``: the next step and its day. ``rest_until``: leave them in peace until then."""

    then: Then
    step: Step | None = None
    due: date | None = None
    rest_until: date | None = None


def came(outcome: Outcome) -> Came:
    """Return how a step went, from what was noted; done without a word of how it landed counts as well."""
    if not outcome.happened:
        return Came.NOT_YET
    return next((way for way, landed in LANDED.items() if landed is outcome.landed), Came.WELL)


_NUMBERS = {"one": 1, "once": 1, "a": 1, "two": 2, "twice": 2, "second": 2, "three": 3}
_TRIED = (
    r"tr(?:y|ies)|times?|apolog(?:y|ies)|talks?|asks?|messages?|openings?|offers?|invitations?|contacts?|words?",
    r"questions?|requests?|reminders?|notes?|agreements?",
)
_TRIES = re.compile(
    rf"\b(one|two|three|second)\b[^.;]{{0,24}}?\b(?:{'|'.join(_TRIED)})\b|\b(once|twice)\b", re.IGNORECASE
)


def tries(stop_rule: str) -> int:
    """Return how many tries a stop rule allows: the first number it names, else two."""
    found = _TRIES.search(stop_rule)
    return _NUMBERS[(found[1] or found[2]).casefold()] if found else 2


def follow(
    plan: RepairPlan, step: Step, how: Came, outcomes: Sequence[Outcome], commitment: Commitment | None, today: date
) -> Following:
    """Return what follows ``step`` having gone like this. ``outcomes`` are the plan's, this one among them."""
    if how is Came.LET_GO:
        return Following(Then.LET_GO)
    if how is Came.NOT_YET:
        moved = commitment.moved if commitment else 0
        if moved + 1 >= MOST_MOVED:
            return Following(Then.LET_GO)
        return Following(Then.LATER, step, workday(today + timedelta(days=2)))
    told = {outcome.step_id: came(outcome) for outcome in outcomes if outcome.happened} | {step.id: how}
    left = _next(plan, step, told, _HAPPENED[how])
    if how is Came.WELL:
        return Following(Then.NEXT_STEP, left, _day(left, today, 2)) if left else Following(Then.FINISHED)
    if left is not None and (step.act or left.follows):
        return Following(Then.STILL, left, _day(left, today, 1))
    poor = sum(way in {Came.NO_REPLY, Came.BADLY} for way in told.values())
    if how is Came.BADLY:
        if poor > 1 or sum(way is Came.BADLY for way in told.values()) >= tries(plan.stop_rule):
            return Following(Then.STOP, rest_until=today + REST)
        rests = _next(plan, step, told, Happened.NO_ANSWER)
        return Following(Then.PAUSE, rests, workday(today + PAUSE), today + PAUSE)
    reminded = commitment is not None and commitment.moved > 0 and commitment.due <= today
    if poor >= tries(plan.stop_rule) if step.act is None else step.act not in REMINDED or reminded:
        return Following(Then.STOP, rest_until=today + REST)
    return Following(Then.AGAIN, left or step, _day(left or step, today, 5 if step.act is None else 3))


def _next(plan: RepairPlan, step: Step, told: Collection[str], happened: Happened) -> Step | None:
    """The first step after this one that was not done and is for this outcome, else any before it that was not.

    What is only kept ready for a further time has no day, so it is none.
    """
    place = next(n for n, other in enumerate(plan.steps) if other.id == step.id)
    ordered = (*(each for each in plan.steps[place + 1 :] if fits(each.follows, happened)), *plan.steps[:place])
    return next((each for each in ordered if each.id not in told and each.follows is not Follows.STANDBY), None)


def _day(step: Step, today: date, days: int) -> date:
    """A step's own day, or a workday a few days on when that is too near."""
    return max(step.due, workday(today + timedelta(days=days)))


def adapted(plan: RepairPlan, following: Following) -> RepairPlan:
    """Return the plan with the next step on its new day, and looked at again after it."""
    if following.step is None or following.due is None:
        return plan
    steps = tuple(replace(it, due=following.due) if it.id == following.step.id else it for it in plan.steps)
    return replace(plan, steps=steps, check_on=max(plan.check_on, workday(following.due + timedelta(days=3))))
