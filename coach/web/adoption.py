"""A plan that was made before its person was in the journal is theirs once a moment of its turn is kept with them.

Works on a finished turn only: until then the conversation itself still writes to it.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.people import Person
from coach.domain.turns import Turn
from coach.errors import NotFound
from coach.ports import Journal


async def adopt(journal: Journal, user: str, turn: Turn, person: Person) -> None:
    """Give a turn's plan to a person when the turn is mainly about them and the plan is nobody's yet."""
    if not turn.complete or turn.plan is None or turn.plan.person_id is not None or not _about(turn, person):
        return
    try:
        plan = await journal.plan(user, turn.plan.id)
    except NotFound:
        return
    if plan.person_id is None:
        await journal.keep_plan(user, replace(plan, person_id=person.id))
        await journal.keep_turn(user, replace(turn, plan=replace(turn.plan, person_id=person.id)))


def _about(turn: Turn, person: Person) -> bool:
    about = turn.reading.about if turn.reading else None
    names = {(name or "").casefold() for name in (about.name, about.label)} if about else set()
    return person.name.casefold() in names or (
        about is not None and about.name is not None and about.name.casefold() in person.name.casefold().split()[:1]
    )
