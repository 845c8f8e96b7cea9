"""What was told of a step, or agreed, as one press each. Reads the journal; keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coach.domain.asks import Happened
from coach.domain.matters import matter
from coach.domain.plans import MadeBy, RepairPlan, Step
from coach.domain.turns import Agreed, Came, Turn
from coach.reading.dates import Lean
from coach.reading.days import days
from coach.web.parts import Parts

FIELDS: dict[Happened, dict[str, str]] = {
    Happened.WENT_WELL: {"came": "well"},
    Happened.MIXED: {"happened": "yes", "landed": "helped"},
    Happened.WENT_BADLY: {"came": "badly"},
    Happened.NO_ANSWER: {"came": "no_reply"},
    Happened.NOT_DONE: {"came": "not_yet"},
}
"""How a step went → what the form of ``POST /steps/{step_id}/outcome`` is given."""


@dataclass(frozen=True, slots=True)
class Offers:
    """``done`` is the step that something came of, ``noted`` whether that is kept. ``next`` is for the day ``on``."""

    plan: RepairPlan
    came: Came | None = None
    done: Step | None = None
    noted: bool = False
    agreed: Agreed | None = None
    next: Step | None = None
    on: date | None = None

    @property
    def fields(self) -> dict[str, str]:
        """What is noted, as the form gives it."""
        return {**FIELDS[self.came.happened], "note": self.came.words} if self.came else {}


async def offers(parts: Parts, user: str, turns: Sequence[Turn], turn: Turn) -> Offers | None:
    """Return what a turn offers to be noted, None where there is nothing. ``turns`` are those up to it."""
    earlier = matter([each for each in turns if each.at < turn.at]).plan
    own = turn.plan if turn.plan is not None and turn.plan.made_by is not MadeBy.SKELETON else None
    plan = own or earlier
    if plan is None or (turn.came is None and turn.agreed is None):
        return None
    there = {step.id for step in plan.steps}
    number = turn.came.step if turn.came else 0
    steps = earlier.steps if earlier else ()
    done = steps[number - 1] if 0 < number <= len(steps) and steps[number - 1].id in there else None
    noted = {each.step_id for each in await parts.journal.outcomes(user, plan.id)}
    on, following = None, None
    if turn.agreed is not None and own is None:  # else the card has the day and the button
        on = next((each.on for each in days(turn.agreed.day or "", turn.at.astimezone().date(), Lean.PLANNED)), None)
        following = next((each for each in plan.steps if each.id not in noted), None) if on else None
    if done is None and following is None:
        return None
    came = turn.came if done else None
    return Offers(plan, came, done, done is not None and done.id in noted, turn.agreed, following, on)
