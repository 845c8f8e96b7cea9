"""Days that come back every year, as programs write them: 1980-03-14, 14.03.1980, 14 March 1980, --0314, 3/14/1980.

The days of a file settle together whether 3/4 is 3 April or 4 March. Knows no kinds of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from coach.domain.people import Celebration, there_is
from coach.reading import timestamps

Day = tuple[int, int]
"""A month and a day of it."""

_BARE = re.compile(r"(?:(?:\d{4}|--?)-?)?(\d{2})-?(\d{2})(?:T.*)?")
_TWO = re.compile(r"(\d{1,2})[/](\d{1,2})(?:[/]\d{0,4})?\b")
_DOTTED = re.compile(r"(\d{1,2})[.-] ?(\d{1,2})[.-]?(?: ?\d{2,4})?\b")
_NONE = re.compile(r"[0\s./-]*(?:T.*|0:00.*| 00:00.*)?")
"""What programs write where there is no birthday, such as 0/0/00."""

_EAST = re.compile(r"[年月년월]\s*|(?<=\d{4})[.] *(?=\d{1,2}[.])|(?<=\d)[.] +(?=\d{1,2}[.]?$)")

_JOINED = re.compile(r"(?<=\d)[-.](?=[^\W\d])|(?<=[^\W\d])[-.](?=\d)")
"""What stands between day, month and year in 14-Mar-1980."""


def month_first(words: Iterable[str], otherwise: bool) -> bool:
    """Return whether the days of a file have the month first, as 3/14/1980; ``otherwise`` where none of them says."""
    votes = [0, 0]
    for found in filter(None, (_TWO.match(each.strip()) for each in words)):
        first, second = int(found[1]), int(found[2])
        votes[0] += first > 12 >= second
        votes[1] += second > 12 >= first
    return otherwise if votes[0] == votes[1] else votes[1] > votes[0]


def none_given(words: str) -> bool:
    """Whether a field is empty, or holds what a program writes for an empty one."""
    return bool(_NONE.fullmatch(words.strip()))


def read(words: str, month_first: bool = True) -> Day | None:
    """Return a day; None: no day is told, or none that there is, such as 31 February."""
    words = words.strip().strip('"').strip()
    if none_given(words):
        return None
    if moment := _instant(words):
        return moment.month, moment.day
    if bare := _BARE.fullmatch(words):
        return _day(int(bare[1]), int(bare[2]))
    if two := _TWO.match(words):
        first, second = int(two[1]), int(two[2])
        swapped = first > 12 or (not month_first and second <= 12)
        return _day(second, first) if swapped else _day(first, second)
    if dotted := _DOTTED.match(words):
        return _day(int(dotted[2]), int(dotted[1]))
    if not _EAST.search(words):
        words = _JOINED.sub(" ", words)
    stamp = timestamps.read(_EAST.sub("-", words).replace("日", "").replace("일", ""))
    named = stamp.day_first if stamp else None
    return (named[1], named[2]) if named else None


def celebrations(told: Iterable[tuple[str, str]], month_first: bool) -> tuple[tuple[Celebration, ...], list[str]]:
    """Return somebody's days by their labels, the first of each, and the labels of those that are none."""
    found: dict[str, Celebration] = {}
    unread = []
    for label, words in told:
        if (day := read(words, month_first)) is not None:
            found.setdefault(label[:200], Celebration(label[:200], *day))
        elif not none_given(words):
            unread.append(label)
    return tuple(found.values()), unread


def _instant(words: str) -> date | None:
    """Return the day of a point in time, such as 1980-03-13T23:00:00Z: midnight where it was written."""
    if "T" not in words or words.startswith("-"):
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    own = found.tzinfo is None or found.utcoffset() or (found.hour in {0, 12} and not found.minute)
    return found.date() if own else found.astimezone().date()


def _day(month: int, day: int) -> Day | None:
    return (month, day) if there_is(month, day) else None
