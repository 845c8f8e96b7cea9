"""A look back at the last seven days, and at the same day a month, half a year, years ago. Pure; scores nobody."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.domain.moments import By, Landed, Moment
from coach.domain.people import Person, Promise

DAYS = 7
_NAMED = 3
"""So many moments are named; a look back is no list."""


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven days. ``helped``: the newest that helped, those the user began first; ``kept``: by whom, what."""

    n: int
    people: int
    of: dict[Landed, int]
    helped: tuple[Moment, ...]
    kept: tuple[tuple[Person, Promise], ...]


def begins(today: date) -> date:
    """Return the first of the days."""
    return today - timedelta(days=DAYS - 1)


def week(people: Sequence[Person], moments: Sequence[Moment], today: date) -> Week:
    """Return the look back. ``moments``: any that hold those of these days."""
    these = [it for it in moments if begins(today) <= it.happened_at.astimezone().date() <= today]
    of = {landed: sum(it.landed is landed for it in these) for landed in Landed}
    helped = sorted(
        (it for it in these if it.landed is Landed.HELPED),
        key=lambda it: (it.by is By.ME, it.happened_at),
        reverse=True,
    )
    kept = tuple(
        (person, promise)
        for person in people
        for promise in person.promises
        if promise.kept_at is not None and begins(today) <= promise.kept_at.astimezone().date() <= today
    )
    return Week(len(these), len({it.person_id for it in these}), of, tuple(helped[:_NAMED]), kept)


_MONTHS = ((1, "a month ago"), (6, "half a year ago"))
_YEARS = 5


def days_before(today: date) -> Iterator[tuple[str, date]]:
    """Yield the words for each day and the day, the nearest first; the 31st is the last of a shorter month."""
    for months, words in _MONTHS:
        yield words, _earlier(today, months)
    for years in range(1, _YEARS + 1):
        yield ("a year ago" if years == 1 else f"{years} years ago"), _earlier(today, 12 * years)


def _earlier(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
