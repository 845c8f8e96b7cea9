"""Taking a file in, and out again: its moments, its people, and what people who were here already gained by it.

What the user has changed since, and whoever something else is kept about, stays when it is taken out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from coach.domain.intakes import Incoming, Intake, TakenOut, without_facts
from coach.journal.counts import unchanged
from coach.journal.desk import Desk
from coach.journal.erasure import forget_moments
from coach.journal.intake_rows import short_sum, take_in
from coach.journal.schema import ConversationRow, DraftRow, IntakeRow, MomentRow, PersonRow, PlanRow, TurnRow
from coach.journal.transaction import INTAKES, MOMENTS, PEOPLE, SESSIONS, Transaction

_ABOUT: tuple[Any, ...] = (MomentRow, PlanRow, ConversationRow, DraftRow, TurnRow)


async def take_out(transaction: Transaction, intake_id: str) -> TakenOut:
    """Take an intake out, and forget its list. Raises NotFound."""
    intake = await transaction.find(INTAKES, intake_id)
    moments = await _unchanged(transaction, MOMENTS, intake.moments)
    await forget_moments(transaction, moments)
    people = await _unchanged(transaction, PEOPLE, intake.people)
    people -= await _used(transaction, people)
    await _give_back(transaction, intake)
    await transaction.erase(PersonRow, people)
    await transaction.erase(IntakeRow, {intake_id})
    stayed = len({id_ for id_, _ in intake.people} & await transaction.ids(PersonRow))
    stayed += len({id_ for id_, _ in intake.moments} & await transaction.ids(MomentRow))
    return TakenOut(len(people), len(moments), stayed)


async def _unchanged(transaction: Transaction, shelf: Any, listed: Collection[tuple[str, str]]) -> set[str]:
    """Return the ids of those listed things that are still as they came."""
    sums = dict(listed)
    return {thing.id for thing in await transaction.all(shelf) if sums.get(thing.id) == short_sum(thing)}


async def _used(transaction: Transaction, people: Collection[str]) -> set[str]:
    """Return the people that something is kept about."""
    used: set[str] = set()
    for row in _ABOUT:
        query = select(row.person_id).where(row.user_id == transaction.user).distinct()
        used.update(id_ for id_ in (await transaction.connection.scalars(query)).all() if id_)
    for session in await transaction.all(SESSIONS):
        used.update(each for turn in session.turns for each in turn.people)
        used.update(filter(None, (session.person_id, *(each.person_id for each in session.intentions))))
    return used & set(people)


async def _give_back(transaction: Transaction, intake: Intake) -> None:
    there = await transaction.ids(PersonRow)
    for facts in intake.facts:
        if facts.id in there:
            person = await transaction.find(PEOPLE, facts.id)
            await transaction.change(PEOPLE, without_facts(person, facts))


class TakingIn(Desk):
    """The part of a journal that takes files in and out."""

    async def take_in(self, user: str, incoming: Incoming, since: str | None = None) -> Intake:
        """Keep what is new of a file whole or not at all; return the list of it.

        ``since``: the generation when the file was chosen; Erased is raised when something was erased since.
        """

        async def take(it: Transaction) -> Intake:
            await unchanged(it, since)
            return await take_in(it, incoming)

        return await self._write(user, take, anew=not since)

    async def intakes(self, user: str) -> Sequence[Intake]:
        """Return what files brought in, oldest first."""
        return await self._read(user, lambda it: it.all(INTAKES))

    async def take_out(self, user: str, intake_id: str) -> TakenOut:
        """Take an intake out, and the traces. Raises NotFound."""
        return await self._write(user, lambda it: take_out(it, intake_id), scrub=True, anew=False)
