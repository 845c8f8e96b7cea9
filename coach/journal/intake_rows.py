"""Taking a file in, and out again: its moments, its people, and what people who were here already gained by it.

What the user has changed since, and whoever something else is kept about, stays when it is taken out. A list of what
came in holds ids and short sums, and of people who were here already what they gained. It is no part of an export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete

from coach.domain.intakes import UNDONE_WITHIN, Incoming, Intake, TakenOut, gained, with_facts, without_facts
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.journal.counts import unchanged
from coach.journal.desk import Desk
from coach.journal.erasure import forget_moments
from coach.journal.payloads import in_utc, to_json
from coach.journal.schema import ConversationRow, DraftRow, IntakeRow, MomentRow, PersonRow, PlanRow, TurnRow
from coach.journal.transaction import INTAKES, MOMENTS, PEOPLE, SESSIONS, Transaction


def short_sum(thing: Person | Moment) -> str:
    """Return a few letters that are others once the thing was changed."""
    return hashlib.sha256(to_json(in_utc(thing))).hexdigest()[:16]


async def take_in(transaction: Transaction, incoming: Incoming) -> Intake:
    """Keep what is new, and list it; lists that are too old to be used go. Raises BadInput for a moment of nobody."""
    there = await transaction.ids(PersonRow)
    people = [each for each in incoming.people if each.id not in there]
    held = await transaction.ids(MomentRow)
    known = there | {each.id for each in people}
    moments = [each for each in incoming.moments if each.id not in held and each.person_id in known]
    await transaction.pour(PEOPLE, people)
    await transaction.pour(MOMENTS, moments)
    facts = []
    for told in incoming.facts:
        if told.id not in there:
            continue
        person = await transaction.find(PEOPLE, told.id)
        if more := gained(person, told):
            await transaction.change(PEOPLE, with_facts(person, more))
            facts.append(in_utc(more))
    intake = Intake(
        incoming.id,
        incoming.at,
        incoming.source,
        tuple((each.id, short_sum(each)) for each in people),
        tuple((each.id, short_sum(each)) for each in moments),
        tuple(facts),
    )
    old = delete(IntakeRow).where(IntakeRow.user_id == transaction.user, IntakeRow.at < incoming.at - UNDONE_WITHIN)
    await transaction.connection.execute(old)
    if people or moments or facts:
        await transaction.keep(INTAKES, intake)
    return intake


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
        query = transaction.picked(row, [row.person_id]).distinct()
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
        async def take(it: Transaction) -> Intake:
            await unchanged(it, since)
            return await take_in(it, incoming)

        return await self._write(user, take, anew=not since)

    async def intakes(self, user: str) -> Sequence[Intake]:
        return await self._read(user, lambda it: it.all(INTAKES))

    async def take_out(self, user: str, intake_id: str) -> TakenOut:
        return await self._write(user, lambda it: take_out(it, intake_id), scrub=True, anew=False)
