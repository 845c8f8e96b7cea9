"""A search over one's own moments. Nouns only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.domain.moments import Channel, Landed, Moment
from coach.domain.people import Person


@dataclass(frozen=True, slots=True)
class Word:
    """One word that is looked for, casefolded, and the ids of the people whose name holds it."""

    text: str
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Search:
    """What a moment must be: every word in what happened or in who it was with, and all else that is given.

    ``since`` and ``until`` are UTC; a moment at ``until`` is not found any more.
    """

    words: tuple[Word, ...] = ()
    person_id: str | None = None
    channel: Channel | None = None
    landed: Landed | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The newest moments that fit, newest first, and how many fit in all."""

    moments: Sequence[Moment]
    n: int


def words_of(text: str, people: Collection[Person]) -> tuple[Word, ...]:
    """Return the words of a search, each with the people it may mean."""
    return tuple(
        Word(word, frozenset(each.id for each in people if word in each.name.casefold()))
        for word in dict.fromkeys(text.casefold().split())
    )
