"""Reads from the journal what ``noticing.ties`` looks at. Words nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.workdays import midnight
from coach.noticing.ties import Tie, looked_back, tie, ties
from coach.web.parts import Parts


async def moments_lately(parts: Parts, user: str, today: date, person: Person | None = None) -> Sequence[Moment]:
    """Return the moments that tell what is open, with everyone or with one person."""
    since = midnight(looked_back(today)) or datetime.min.replace(tzinfo=UTC)
    return await parts.journal.moments_since(user, since, [person.id] if person else None)


async def all_ties(parts: Parts, user: str, people: Sequence[Person], today: date) -> Mapping[str, Tie]:
    """Return person id → how it stands with them."""
    moments = await moments_lately(parts, user, today)
    return ties(people, moments, await parts.journal.contacts(user), today)


async def tie_with(parts: Parts, user: str, person: Person, today: date) -> Tie:
    """Return how it stands with one person."""
    moments = await moments_lately(parts, user, today, person)
    return tie(person, moments, (await parts.journal.contacts(user, person.id)).get(person.id), today)
