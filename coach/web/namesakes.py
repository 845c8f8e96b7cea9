"""Who is meant by a name: someone in the journal, or someone to add to it; and plans that become theirs only then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from coach.domain.accounts import RELATIONS, REMOTE, Account
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.turns import Turn
from coach.ports import Journal
from coach.web.parts import Parts, if_there


def found(people: Sequence[Person], who: str) -> Person | None:
    """Return the person of that name, or the only one of that first name."""
    name = who.casefold().strip()
    whole = [person for person in people if person.name.casefold() == name]
    first = [person for person in people if person.name.casefold().split()[0] == name]
    if whole:
        return whole[0]
    return first[0] if len(first) == 1 else None


async def called(parts: Parts, user: str, who: str, now: datetime, account: Account | None = None) -> Person:
    """Return the person called ``who``, adding them, with what was tapped of them, when they are new."""
    person = found(await parts.journal.people(user), who)
    if person is not None:
        return person
    name = who.casefold()
    parties = account.parties if account else ()
    known = next(
        (each for each in parties if name in {(each.name or "").casefold(), (each.role or "").casefold()}), None
    )
    standing = known.standing if known else None
    person = Person(
        id=parts.new_id(),
        name=who,
        created_at=now,
        role=known.role if known else None,
        relation=RELATIONS.get(standing) if standing else None,
        remote=REMOTE.get(standing) if standing else None,
    )
    await parts.journal.add_person(user, person)
    return person


async def adopt(journal: Journal, user: str, turn: Turn, person: Person) -> None:
    """Give a turn's plan to a person when the turn is mainly about them and the plan is nobody's yet."""
    if not turn.complete or turn.plan is None or turn.plan.person_id is not None or not _about(turn, person):
        return

    def theirs(plan: RepairPlan) -> RepairPlan:
        return replace(plan, person_id=person.id) if plan.person_id is None else plan

    plan = await if_there(journal.change(user, RepairPlan, turn.plan.id, theirs))
    if plan is not None and plan.person_id == person.id:
        await journal.change(user, Turn, turn.id, lambda it: replace(it, plan=theirs(it.plan) if it.plan else None))


def _about(turn: Turn, person: Person) -> bool:
    account = turn.reading.account if turn.reading else None
    main = account.main if account else None
    if main is None:
        return False
    name = (main.name or main.role or "").casefold()
    return name in {person.name.casefold(), *person.name.casefold().split()[:1]}
