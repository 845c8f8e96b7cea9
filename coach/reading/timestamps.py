"""When a message was written, as programs put it in its head: "Nov 12th at 9:01 AM", "30.11.26, 09:01". Pure.

A day in numbers can be read in two ways; the stamps of a thread settle together which one it is. Knows the forms by the
rows of ``words/timestamps``, and the words of a calendar in ten languages (``words/calendar``). Knows no senders, and
no days in prose: those are ``coach.reading.days``'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise

from coach.domain.workdays import day_of
from coach.rows import Row, pattern, rows

Named = tuple[int, int, int]
"""A year (0: it is not said), a month and a day of it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The time that a head gives. ``day_first`` and ``month_first`` are the same unless the day is in numbers.

    ``ago`` counts days back from the day of reading, ``weekday`` is 0 for Monday; ``half`` is "am", "pm", "AM", "PM" or
    nothing, as written.
    """

    at: time | None = None
    day_first: Named | None = None
    month_first: Named | None = None
    ago: int | None = None
    weekday: int | None = None
    half: str = ""
    dotted: bool = False

    @property
    def has_day(self) -> bool:
        """Whether it says anything of the day."""
        return bool(self.day_first or self.month_first) or self.ago is not None or self.weekday is not None


def read(words: str) -> Stamp | None:
    """Return what some words say of when; None: they name no time and no day, or one that is not."""
    days = (_day_in(row, words) for row in rows("words/timestamps") if row.more["of"] == "day")
    hit, first, second = next((day for day in days if day), (None, None, None))
    rest = f"{words[: hit.start()]} {words[hit.end() :]}" if hit else words
    clock = pattern("words/timestamps", "clock").search(rest)
    at = _time(clock) if clock else None
    if (clock and at is None) or (hit and not (first or second)):
        return None
    half = (clock["half"] or "") if clock else ""
    half = half and half + ("M" if half.isupper() else "m")
    ago, weekday = (None, None) if hit else _told(rest)
    dotted = hit is not None and hit.groupdict().get("by") in {".", "-"}
    found = Stamp(at, first, second, ago, weekday, half, dotted)
    return found if found.has_day or at else None


def settled(stamps: Sequence[Stamp | None], today: date | None = None) -> list[date | None]:
    """Return the day of each stamp of a thread; days without a year, and days told in words, need ``today`` for it."""
    month_first = _month_first([stamp for stamp in stamps if stamp], today)
    years = [named[0] for stamp in stamps if stamp and (named := stamp.day_first or stamp.month_first) and named[0]]
    year = max(set(years), key=years.count) if years else 0
    return [_day(stamp, month_first, year, today) if stamp else None for stamp in stamps]


# ---- one stamp


def _day_in(row: Row, words: str) -> tuple[re.Match[str], Named | None, Named | None] | None:
    """Return where a row finds a day, and the day in both readings, each None when there is no such day."""
    for hit in row.pattern.finditer(words):
        said = hit.groupdict()
        year = int(said.get("year") or 0)
        year += 2000 if 0 < year < 100 else 0
        if "a" in said:
            first, second = int(said["a"]), int(said["b"] or said["c"])
            return hit, _named(year, second, first), _named(year, first, second)
        month = int(said["m"]) if "m" in said else _known(said["month"]).get("month", 0)
        if month:
            named = _named(year, month, int(said["day"]))
            return hit, named, named
    return None


def _named(year: int, month: int, day: int) -> Named | None:
    return (year, month, day) if day_of(year or 2024, month, day) else None  # 2024: a year with a 29 February


def _time(clock: re.Match[str]) -> time | None:
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None


def _told(words: str) -> tuple[int | None, int | None]:
    """Return how many days ago words like "yesterday" say, and the day of the week they name."""
    known = [
        found
        for hit in pattern("words/timestamps", "word").finditer(words)
        if (found := _known(hit[0])) and "month" not in found
    ]
    return (known[0].get("ago"), known[0].get("weekday")) if known else (None, None)


@lru_cache(maxsize=1024)
def _known(word: str) -> Mapping[str, int]:
    """Return what the calendar says of a word: its ``month``, its ``weekday``, how many days ``ago``; or nothing."""
    return next((row.more for row in rows("words/calendar") if row.pattern.match(word)), {})


# ---- the stamps of a thread


def _month_first(stamps: Sequence[Stamp], today: date | None) -> bool:
    """Whether a thread writes 11/30 for 30 November: what only one reading allows, the days' order, then the form."""
    numbered = [stamp for stamp in stamps if stamp.day_first != stamp.month_first]
    if not numbered:
        return False
    days, months = ([_at(named, today) for stamp in numbered if (named := side(stamp))] for side in _SIDES)
    if len(days) != len(months):
        return len(months) > len(days)
    if today and any(day > today for day in days) != any(day > today for day in months):
        return any(day > today for day in days)
    if _spread(days) != _spread(months):
        return _spread(months) < _spread(days)
    return any(stamp.half.isupper() for stamp in stamps) and not any(stamp.dotted for stamp in numbered)


_SIDES: tuple[Callable[[Stamp], Named | None], ...] = (lambda stamp: stamp.day_first, lambda stamp: stamp.month_first)


def _spread(days: Sequence[date]) -> tuple[bool, int]:
    """How little some days look like those of one thread: whether they go to and fro, and over how many days."""
    steps = [(later - former).days for former, later in pairwise(days)]
    return any(step > 0 for step in steps) and any(step < 0 for step in steps), sum(map(abs, steps))


def _at(named: Named, today: date | None) -> date:
    year, month, day = named
    return day_of(year or (today.year if today else 2024), month, day) or date(2024, month, day)


def _day(stamp: Stamp, month_first: bool, year: int, today: date | None) -> date | None:
    if stamp.ago is not None or stamp.weekday is not None:
        return _before(stamp, today) if today else None
    named = (stamp.month_first or stamp.day_first) if month_first else (stamp.day_first or stamp.month_first)
    if named is None:
        return None
    if named[0] or year:
        return day_of(named[0] or year, named[1], named[2])
    if today is None:
        return None
    found = day_of(today.year, named[1], named[2])
    return found if found and found <= today else day_of(today.year - 1, named[1], named[2])


def _before(stamp: Stamp, today: date) -> date:
    if stamp.ago is not None:
        return today - timedelta(days=stamp.ago)
    return today - timedelta(days=(today.weekday() - (stamp.weekday or 0)) % 7 or 7)
