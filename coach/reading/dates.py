"""From the words that name a day to its date: what each kind of row in knowledge/words/days.yaml means. Pure.

Knows calendars and numbers in words. Knows nothing of the sentence around the words, nor whether it is past or planned:
``coach/reading/days.py`` knows that and says which way to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from coach.domain.workdays import MONTHS, WEEKDAYS, day_of
from coach.rows import Row


class Lean(StrEnum):
    """Which way a day is looked for that a text leaves open: back for what is told, ahead for what is planned."""

    TOLD = "told"
    PLANNED = "planned"


def reckoned(named: Named) -> date | None:
    """Return the date that some words name; None where there is no such day, or none of what is told or planned."""
    return _KINDS[named.row.more["reckon"]](named)


@dataclass(frozen=True, slots=True)
class Named:
    """The words that name a day, the row that found them, and what reckoning it takes."""

    hit: re.Match[str]
    row: Row
    today: date
    lean: Lean
    month_first: bool

    @property
    def n(self) -> int:
        """How many days, weeks or fortnights."""
        said = self.hit["n"].casefold()
        return _NUMBERS.get(said) or int(said)

    @property
    def length(self) -> int:
        """How many days these are."""
        return self.n * {"d": 1, "w": 7, "f": 14}[self.hit["unit"][0].casefold()]

    @property
    def weekday(self) -> int | None:
        """The weekday that is named, Monday 0."""
        every = re.findall(r"\b(?:mon|tue|wed|thu|fri|sat|sun)", self.hit.group().casefold())
        return next((n for n, name in enumerate(WEEKDAYS) for said in every if name.startswith(said)), None)

    def last(self) -> date:
        """Return the weekday before today."""
        return self.today - timedelta(days=(self.today.weekday() - (self.weekday or 0)) % 7 or 7)

    def next(self) -> date:
        """Return the weekday after today."""
        return self.today + timedelta(days=((self.weekday or 0) - self.today.weekday()) % 7 or 7)

    def in_week(self, weeks: int) -> date:
        """Return the weekday in the week that is this many weeks ahead of today's."""
        return self.today + timedelta(days=(self.weekday or 0) - self.today.weekday(), weeks=weeks)

    def nearest(self, tries: Iterator[tuple[int, int, int]]) -> date | None:
        """Return the first of some (year, month, day) that there is, and that lies where the words lean."""
        dates = (day_of(*each) for each in tries)
        told = self.lean is Lean.TOLD
        return next((it for it in dates if it and (it <= self.today if told else it >= self.today)), None)


_COUNTED = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_NUMBERS: Mapping[str, int] = {
    **{word: n for n, word in enumerate(_COUNTED.split(), 1)},
    **{"a": 1, "an": 1, "a couple of": 2, "twenty": 20, "thirty": 30},
}
_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
_ORDINALS = (*_FIRST.split(), *["fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"])


def _written(named: Named) -> date | None:
    """A day with its month, in words or as 2026-11-12, with or without a year."""
    held = named.hit.groupdict()
    number = int(held["day"]) if held.get("day") else _ordinal(held["ordinal"])
    month = int(held["m"]) if held.get("m") else _month(held["month"])
    return _of_month(named, month, number)


def _in_numbers(named: Named) -> date | None:
    """12/11: day and month in the usual order, in the other where that is the only one there is."""
    first, second = int(named.hit["a"]), int(named.hit["b"])
    usual = (first, second) if named.month_first else (second, first)
    return _of_month(named, *usual) or _of_month(named, *reversed(usual))


def _of_month(named: Named, month: int, number: int) -> date | None:
    year = named.hit.groupdict().get("year")
    if year:
        return day_of(int(year) + (2000 if len(year) == 2 else 0), month, number)
    step = -1 if named.lean is Lean.TOLD else 1
    return named.nearest((named.today.year + step * n, month, number) for n in range(9))


def _added(named: Named) -> date | None:
    """So many days from today; "just now" names no day of anything planned."""
    if named.row.more.get("told") and named.lean is Lean.PLANNED:
        return None
    return named.today + timedelta(days=int(named.row.more["add"]))


def _nth(named: Named) -> date | None:
    """The 12th of this month, or of the nearest other one that has such a day.

    A bare number after a weekday is a day only where it falls on that weekday; it may be an hour.
    """
    held = named.hit.groupdict()
    number = int(held["day"]) if held.get("day") else _ordinal(held["ordinal"])
    step = -1 if named.lean is Lean.TOLD else 1
    months = (named.today.year * 12 + named.today.month - 1 + step * n for n in range(4))
    found = named.nearest((month // 12, month % 12 + 1, number) for month in months)
    agrees = found is None or not named.row.more.get("agrees") or found.weekday() == named.weekday
    return found if agrees else None


def _months_ago(named: Named) -> date | None:
    """The same day of a month or a year before; None where it has no such day."""
    months = named.n * (12 if named.hit["unit"][0].casefold() == "y" else 1)
    month = named.today.year * 12 + named.today.month - 1 - months
    return day_of(month // 12, month % 12 + 1, named.today.day)


def _nth_of(named: Named) -> date | None:
    """The 12th of last, this or next month."""
    month = named.today.year * 12 + named.today.month - 1 + int(named.row.more["months"])
    return day_of(month // 12, month % 12 + 1, int(named.hit["day"]))


def _ordinal(word: str) -> int:
    tens, _, ones = word.casefold().rpartition("-")
    tens, ones = (tens, ones) if tens else ("thirty", "zeroth") if ones == "thirtieth" else ("", ones)
    return {"": 0, "twenty": 20, "thirty": 30}[tens] + (_ORDINALS.index(ones) + 1 if ones in _ORDINALS else 0)


def _month(word: str) -> int:
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(word.casefold()[:3]))


def _of_week(named: Named) -> date | None:
    """A weekday of some week; the week alone is its Monday, for what is planned."""
    if named.weekday is None and named.lean is Lean.TOLD:
        return None
    return named.in_week(int(named.row.more["weeks"]))


def _weekday(named: Named) -> date | None:
    """A weekday as it is put: last, this, next, coming, or alone."""
    which = named.row.more["which"]
    if which == "this" and named.lean is Lean.TOLD:
        return named.in_week(0)
    if which == "last" or (which == "bare" and named.lean is Lean.TOLD):
        return named.last()
    ahead = named.next()
    return (
        ahead + timedelta(days=7)
        if which == "next" and ahead <= named.today + timedelta(days=6 - named.today.weekday())
        else ahead
    )


def _loosely(named: Named) -> date | None:
    """The end of a week, or next week: a day to keep something by, and none of anything told."""
    if named.lean is Lean.TOLD:
        return None
    if named.row.id == "next-week":
        return named.today + timedelta(days=7 - named.today.weekday())
    friday = named.today + timedelta(days=(4 - named.today.weekday()) % 7)
    return friday + timedelta(days=7) if named.row.id == "end-of-next-week" else friday


_KINDS: Mapping[str, Callable[[Named], date | None]] = {
    "dated": _written,
    "numbers": _in_numbers,
    "nth": _nth,
    "nth_of": _nth_of,
    "months_ago": _months_ago,
    "fixed": lambda named: _of_month(named, *map(int, str(named.row.more["date"]).split("-"))),
    "add": _added,
    "ago": lambda named: named.today - timedelta(days=named.length),
    "ahead": lambda named: named.today + timedelta(days=named.length),
    "in_week": _of_week,
    "weeks_ago": lambda named: named.in_week(-named.n),
    "weekday": _weekday,
    "week_last": lambda named: named.last() - timedelta(weeks=named.n),
    "before_last": lambda named: named.last() - timedelta(weeks=1),
    "weekdays_ago": lambda named: named.last() - timedelta(weeks=named.n - 1),
    "week_on": lambda named: named.next() + timedelta(weeks=1),
    "loose": _loosely,
}
"""How each kind of words for a day is reckoned; rows in knowledge/words/days.yaml name theirs."""
