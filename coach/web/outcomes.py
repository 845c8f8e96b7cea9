"""Plans a step for a day, and keeps how it went: a moment is kept, the plan is adapted. Words no sentence.

The rules are in ``noticing.follow_ups``; here the journal is read and written. The same outcome twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from coach.domain.acts import Act
from coach.domain.commitments import Closing, Commitment
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import Outcome, RepairPlan, Step
from coach.domain.workdays import workday
from coach.errors import BadInput, NotFound
from coach.noticing.follow_ups import Came, Following, Then, adapted, came, follow
from coach.ports import Changes, Commitments, Moments, Outcomes, People, Plans
from coach.web.parts import if_there


class Steps(Changes, Plans, Outcomes, Commitments, Moments, People, Protocol):
    """The parts of a journal that are read and written when a step is planned for a day or its outcome is told."""


DONE = "-done"
"""A step's id and this is the id of the moment it became."""

_SAID = {Act.OWNED: "I owned up to it", Act.THANKED: "I said thanks"}
"""What a step to say something has done once it is done."""

_CLOSINGS = {Then.STOP: Closing.STOPPED, Then.LET_GO: Closing.LET_GO}


async def take_on(journal: Steps, user: str, step_id: str, due: date | None, now: datetime) -> Commitment:
    """Take a step on for a day (None: its own). Raises NotFound, BadInput for a day that is over."""
    plan = await journal.plan_with(user, step_id)
    day = due or max(step_of(plan, step_id).due, now.astimezone().date())
    if day < now.astimezone().date():
        raise BadInput("That day is over. Choose today or a later one.")
    made = Commitment(step_id, plan.id, now, day)
    await journal.keep_commitment(user, made)
    return made


async def change_step(
    journal: Steps, user: str, step_id: str, due: date, channel: str, say: str, now: datetime
) -> RepairPlan:
    """Change a step's day, channel and words in place; return the plan. Where it is taken on, its day moves along.

    Raises NotFound, BadInput for a day that is over.
    """
    if due < now.astimezone().date():
        raise BadInput("That day is over. Choose today or a later one.")

    def how(plan: RepairPlan) -> RepairPlan:
        changed = replace(step_of(plan, step_id), due=due, channel=channel, say=say)
        steps = tuple(changed if step.id == step_id else step for step in plan.steps)
        return replace(plan, steps=steps, check_on=max(plan.check_on, workday(due + timedelta(days=3))))

    plan = await journal.change(user, RepairPlan, (await journal.plan_with(user, step_id)).id, how)

    def moved(it: Commitment) -> Commitment:
        return replace(it, due=due, taken_at=now) if it.open else it

    await if_there(journal.change(user, Commitment, step_id, moved))
    return plan


async def hand_back(journal: Steps, user: str, step_id: str, now: datetime) -> None:
    """Close a commitment without an outcome. Raises NotFound."""
    await journal.plan_with(user, step_id)
    await if_there(journal.change(user, Commitment, step_id, closed(now, Closing.LET_GO)))


def closed(now: datetime, closing: Closing) -> Callable[[Commitment], Commitment]:
    """Return the change that closes a commitment; one that is closed already stays as it was closed."""
    return lambda it: replace(it, closed_at=now, closing=closing) if it.open else it


async def note_outcome(journal: Steps, user: str, outcome: Outcome, how: Came | None = None) -> Following:
    """Keep an outcome and do what follows from it. ``how`` says more than the outcome can. Raises NotFound."""
    await journal.add_outcome(user, outcome)
    plan = await journal.plan_with(user, outcome.step_id)
    if outcome.step_id not in {step.id for step in plan.steps}:
        return Following(Then.FINISHED)  # the plan has moved on without this step
    step, today = step_of(plan, outcome.step_id), outcome.noted_at.astimezone().date()
    await _keep_moment(journal, user, plan, step, outcome)
    commitments = {it.id: it for it in await journal.commitments(user, plan.id)}
    told = await journal.outcomes(user, plan.id)
    following = follow(plan, step, how or came(outcome), told, commitments.get(step.id), today)
    undone = {it.noted_at for it in told if it.step_id == step.id and it.happened and not outcome.happened}
    await _close(journal, user, list(commitments.values()), step, following, outcome.noted_at, undone)
    before = commitments.get(following.step.id) if following.step else None
    taken = before is not None and before.open and following.then is Then.NEXT_STEP  # its day was chosen
    if following.step is not None and following.due is not None and not taken:
        await journal.change(user, RepairPlan, plan.id, lambda it: adapted(it, following))
        moved = int(following.then is Then.AGAIN and following.step.id == step.id)
        made = Commitment(following.step.id, plan.id, outcome.noted_at, following.due, moved)
        if before and following.then is Then.LATER:
            await journal.change(user, Commitment, made.id, lambda it: replace(made, moved=it.moved + 1))
        else:
            await journal.keep_commitment(user, made)
    if following.rest_until is not None and plan.person_id is not None:
        await journal.change(user, Person, plan.person_id, lambda it: replace(it, rest_until=following.rest_until))
    return following


def step_of(plan: RepairPlan, step_id: str) -> Step:
    """Return a step of a plan. Raises NotFound when the plan has dropped it."""
    for step in plan.steps:
        if step.id == step_id:
            return step
    raise NotFound("This plan no longer has that step.")


async def _close(
    journal: Steps,
    user: str,
    commitments: Sequence[Commitment],
    step: Step,
    following: Following,
    now: datetime,
    undone: Collection[datetime],
) -> None:
    """Close the commitment that was told of; all of the plan's when it rests or stops.

    ``undone``: when it was told as done before. What followed from that does not stand either.
    """
    closing = _CLOSINGS.get(following.then, Closing.DONE)
    ends = following.then in {Then.STOP, Then.LET_GO, Then.PAUSE}
    for commitment in commitments:
        told = commitment.taken_at in undone or (commitment.id == step.id and following.then is not Then.LATER)
        if commitment.open and (ends or told):
            await journal.change(user, Commitment, commitment.id, closed(now, closing))


async def _keep_moment(journal: Steps, user: str, plan: RepairPlan, step: Step, outcome: Outcome) -> None:
    """Keep the moment a step became, change it when it is told again, erase it when it did not happen after all."""
    id_ = step.id + DONE
    before = await if_there(journal.moment(user, id_))
    if plan.person_id is None or not outcome.happened or outcome.landed is None:
        if before is not None:
            await journal.forget_moment(user, id_)
        return
    moment = Moment(
        id=id_,
        person_id=plan.person_id,
        happened_at=_when(outcome) if outcome.on or before is None else before.happened_at,
        channel=Channel(step.channel) if step.channel in list(Channel) else Channel.IN_PERSON,
        by=By.ME,
        what=_what(step, outcome),
        landed=Landed(outcome.landed),
        noted_at=outcome.noted_at,
    )
    if before is None:
        await journal.add_moment(user, moment)
    else:
        await journal.change(
            user, Moment, id_, lambda it: moment if outcome.on else replace(moment, happened_at=it.happened_at)
        )


def _when(outcome: Outcome) -> datetime:
    """Return when something was done: when it is told, or at noon of the day that was named."""
    if outcome.on is None or outcome.on >= outcome.noted_at.astimezone().date():
        return outcome.noted_at
    return datetime.combine(outcome.on, time(12)).astimezone().astimezone(UTC)


def _what(step: Step, outcome: Outcome) -> str:
    """Return what was done and what they did: the step's own words, which may be an order, and the user's."""
    action = step.action.removeprefix("then ").strip()
    action = action.removeprefix("I do what I said: ")
    own = action.startswith("“")
    ordered = f"I did what I had said: {action}" if own else f"I did as planned: {action[:1].lower()}{action[1:]}"
    done = action if action.startswith("I ") else ordered
    if step.say and step.act in _SAID:
        done = f"{_SAID[step.act]}: “{step.say.rstrip('. ')}”"
    return f"{done.rstrip('. ')}. {outcome.note}" if outcome.note else done.rstrip(". ")
