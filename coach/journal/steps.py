"""Steps of plans and what came of them. A step's words are inside its plan; its existence and its outcome are here."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, delete, insert, update

from coach.domain.plans import Outcome, RepairPlan
from coach.errors import BadInput
from coach.journal.database import chunks
from coach.journal.payloads import from_json, in_utc, to_json
from coach.journal.schema import CommitmentRow, PlanRow, StepRow
from coach.journal.transaction import PLANS, Transaction, missing, of
from coach.journal.users import usable

_SEALED_AS = "steps.outcome"


async def keep_plan(transaction: Transaction, plan: RepairPlan) -> None:
    """Insert or replace a plan with its steps. A step with an outcome stays, even when the plan has dropped it.

    Raises NotFound for an unknown person, BadInput when a step's id is used twice or by another plan.
    """
    await transaction.keep(PLANS, plan)
    steps = [step.id for step in plan.steps]
    if len(set(steps)) < len(steps):
        raise BadInput("Two steps of a plan have the same id.")
    there = await transaction.ids(StepRow, StepRow.plan_id == plan.id)
    if gone := there.difference(steps):
        dropped = delete(StepRow).where(
            StepRow.user_id == transaction.user, StepRow.id.in_(gone), StepRow.outcome.is_(None)
        )
        await transaction.connection.execute(dropped)
    await add_steps(transaction, {step: plan.id for step in steps if step not in there})


async def add_steps(transaction: Transaction, plans: Mapping[str, str]) -> None:
    """Insert steps (id → plan id). Raises BadInput when an id is taken or cannot be kept."""
    if not all(map(usable, plans)):
        raise BadInput("The id of a step is empty, too long, or holds a broken character.")
    for some in chunks(plans):
        if await transaction.ids(StepRow, StepRow.id.in_(some)):
            raise BadInput("A step has an id that another plan uses already.")
    if plans:
        rows = [{"user_id": transaction.user, "id": step, "plan_id": plan} for step, plan in plans.items()]
        await transaction.connection.execute(insert(StepRow), rows)


async def plans_of_steps(transaction: Transaction) -> dict[str, str]:
    """Return step id → plan id of all the user's steps."""
    query = transaction.picked(StepRow, [StepRow.id, StepRow.plan_id])
    return {row.id: row.plan_id for row in await transaction.connection.execute(query)}


async def keep_outcome(transaction: Transaction, outcome: Outcome) -> None:
    """Note what came of a step, in place of what was noted before. Raises NotFound."""
    outcome = in_utc(outcome)
    if transaction.cipher is None or not usable(outcome.step_id):
        missing("step")
    sealed = transaction.cipher.seal(_SEALED_AS, outcome.step_id, to_json(outcome))
    result = await transaction.connection.execute(
        update(StepRow).where(StepRow.user_id == transaction.user, StepRow.id == outcome.step_id).values(outcome=sealed)
    )
    if result.rowcount == 0:
        missing("step")


async def outcomes(transaction: Transaction, *where: ColumnElement[bool]) -> list[tuple[str, Outcome]]:
    """Return (plan id, outcome) of the steps that fit, in the order they were noted."""
    if transaction.cipher is None:
        return []
    told = [StepRow.id, StepRow.plan_id, StepRow.outcome]
    query = transaction.picked(StepRow, told, StepRow.outcome.is_not(None), *where)
    found = [
        (plan, from_json(Outcome, transaction.cipher.open(_SEALED_AS, step, sealed)))
        for step, plan, sealed in await transaction.connection.execute(query)
        if sealed is not None
    ]
    return sorted(found, key=lambda pair: (pair[1].noted_at, pair[1].step_id))


async def plan_with(transaction: Transaction, step_id: str) -> RepairPlan:
    """Return the plan that a step belongs to. Raises NotFound."""
    query = transaction.picked(StepRow, [StepRow.plan_id], *of(StepRow.id, step_id))
    plan_id = await transaction.connection.scalar(query)
    if plan_id is None:
        missing("step")
    return await transaction.find(PLANS, plan_id)


async def plans_taken_on(transaction: Transaction) -> list[RepairPlan]:
    """Return the plans with an open commitment."""
    taken = transaction.picked(CommitmentRow, [CommitmentRow.plan_id], CommitmentRow.due.is_not(None))
    return await transaction.all(PLANS, PlanRow.id.in_(taken))


async def outcomes_about(transaction: Transaction, person_id: str) -> list[tuple[str, Outcome]]:
    """Return (plan id, outcome) of the steps of all plans about a person."""
    plans = transaction.picked(PlanRow, [PlanRow.id], *of(PlanRow.person_id, person_id))
    return await outcomes(transaction, StepRow.plan_id.in_(plans))
