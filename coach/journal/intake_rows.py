"""Intakes in the database: what a file brought in is kept in one go, and listed, so that it can be taken out again.

A list holds ids and short sums, and of people who were here already what they gained. It is no part of an export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import delete

from coach.domain.intakes import UNDONE_WITHIN, Incoming, Intake, gained, with_facts
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.journal.payloads import in_utc, to_json
from coach.journal.schema import IntakeRow, MomentRow, PersonRow
from coach.journal.transaction import INTAKES, MOMENTS, PEOPLE, Transaction


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


async def unlist(transaction: Transaction, person_id: str, moments: Collection[str]) -> None:
    """Take someone and some moments out of every list."""
    for intake in await transaction.all(INTAKES):
        rest = replace(
            intake,
            people=tuple(each for each in intake.people if each[0] != person_id),
            moments=tuple(each for each in intake.moments if each[0] not in moments),
            facts=tuple(each for each in intake.facts if each.id != person_id),
        )
        if rest != intake:
            await transaction.change(INTAKES, rest)
