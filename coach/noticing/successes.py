"""What has worked with a person: the user's own moments and steps that helped, by place, with their numbers. Pure.

It speaks of what the user did, never of what the person is, and says nothing under three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.plans import Outcome, RepairPlan
from coach.noticing.patterns import FEWEST


@dataclass(frozen=True, slots=True)
class InChannel:
    """Of ``n`` moments the user began in a channel, ``helped`` did."""

    channel: Channel
    n: int
    helped: int

    @property
    def enough(self) -> bool:
        """Whether there are enough to say anything."""
        return self.n >= FEWEST


@dataclass(frozen=True, slots=True)
class StepThatHelped:
    """A step that was done and helped, with what they did if it was noted."""

    plan_id: str
    step_id: str
    action: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Worked:
    """``places``: the channels, most used first. ``steps``: those that helped, newest first, of ``done`` in all."""

    places: tuple[InChannel, ...]
    steps: tuple[StepThatHelped, ...]
    done: int

    @property
    def enough(self) -> bool:
        """Whether there is anything to say yet."""
        return any(place.enough for place in self.places) or self.done >= FEWEST


def worked(moments: Sequence[Moment], plans: Sequence[RepairPlan], outcomes: Sequence[Outcome]) -> Worked:
    """Return what the moments the user began and the steps they did have shown. All are of one person."""
    mine = [moment for moment in moments if moment.by is By.ME]
    places = []
    for channel in Channel:
        there = [moment for moment in mine if moment.channel is channel]
        if there:
            places.append(InChannel(channel, len(there), sum(it.landed is Landed.HELPED for it in there)))
    steps = {step.id: (plan.id, step) for plan in plans for step in plan.steps}
    done = [outcome for outcome in outcomes if outcome.happened and outcome.step_id in steps]
    helped = [
        StepThatHelped(steps[it.step_id][0], it.step_id, steps[it.step_id][1].action, it.note)
        for it in reversed(done)
        if it.landed is Landed.HELPED
    ]
    return Worked(tuple(sorted(places, key=lambda place: -place.n)), tuple(helped), len(done))
