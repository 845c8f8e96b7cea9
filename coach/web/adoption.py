"""Gives a plan to its person when they enter the journal only later, with a moment of its turn.

Works on a finished turn only: until then the conversation itself still writes to it.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.turns import Turn
from coach.errors import NotFound
from coach.ports import Journal


async def adopt(journal: Journal, user: str, turn: Turn, person: Person) -> None:
    """Give a turn's plan to a person when the turn is mainly about them and the plan is nobody's yet."""
    if not turn.complete or turn.plan is None or turn.plan.person_id is not None or not _about(turn, person):
        return

    def theirs(plan: RepairPlan) -> RepairPlan:
        return replace(plan, person_id=person.id) if plan.person_id is None else plan

    try:
        plan = await journal.change(user, RepairPlan, turn.plan.id, theirs)
    except NotFound:
        return
    if plan.person_id == person.id:
        await journal.change(user, Turn, turn.id, lambda it: replace(it, plan=theirs(it.plan) if it.plan else None))


def _about(turn: Turn, person: Person) -> bool:
    account = turn.reading.account if turn.reading else None
    main = account.main if account else None
    if main is None:
        return False
    name = (main.name or main.role or "").casefold()
    return name in {person.name.casefold(), *person.name.casefold().split()[:1]}
