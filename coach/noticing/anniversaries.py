"""The days before today that are worth a look back: the same day a month, half a year, years ago. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

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
