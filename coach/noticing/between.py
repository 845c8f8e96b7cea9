"""What is open between the user and one person: harm not mended, asks without an answer, talks that were called off.

Pure; time is ``today``. Every claim is its moments. Moments of one day keep the order in which they were noted, for a
day that was given without an hour is filed at noon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.workdays import midnight
from coach.rows import where

LATELY = timedelta(days=92)
"""What is open began within this time."""

_TALKS = {Channel.MEETING, Channel.VIDEO, Channel.CALL}


@dataclass(frozen=True, slots=True)
class Open:
    """What is open between two, oldest first: harms no repair followed, asks nothing answered, talks called off."""

    harms: tuple[Moment, ...] = ()
    asks: tuple[Moment, ...] = ()
    called_off: tuple[Moment, ...] = ()


def lately(moment: Moment, today: date) -> bool:
    """Whether a moment is recent enough to be open; what is older is history."""
    return today - moment.happened_at.astimezone().date() <= LATELY


def in_order(moment: Moment) -> tuple[datetime, datetime]:
    """Return what moments are ordered by: when they happened, and on the same hour when they were noted."""
    return moment.happened_at, moment.noted_at


def shows(what: str, note: str) -> re.Match[str] | None:
    """Return whether a note shows something: a talk cancelled, something asked … (``of`` in words/patterns).

    In small letters so many alternatives are found three times as fast as without regard to case.
    """
    return where("words/patterns", "of", what).search(note.lower())


def unmended(moments: Sequence[Moment]) -> list[Moment]:
    """Return the harms that no repair followed, by anyone, on that day or after. ``moments``: one person's."""
    ordered = sorted(moments, key=in_order)
    left: list[Moment] = []
    after = _After()
    for at, moment in reversed([*enumerate(ordered)]):
        if moment.landed is not Landed.HARMED:
            after.take(moment)
        elif not after.mends(moment) and not any(map(_repairs, _same_hour(ordered, at))):
            left.append(moment)
    return left[::-1]


def cancelled(moment: Moment) -> bool:
    """Return whether a moment tells of a talk that did not take place, and helped nobody by it."""
    if moment.landed is Landed.HELPED or not shows("cancelled", moment.what):
        return False
    return moment.channel in _TALKS or shows("talk", moment.what) is not None


def unanswered(moments: Sequence[Moment]) -> list[Moment]:
    """Return what one side asked of the other, with nothing by the other side after it; a kind word asks nothing."""
    newest_first = sorted(moments, key=in_order)[::-1]
    last = takewhile(lambda it: it.by is newest_first[0].by, newest_first)
    asked = [it for it in last if it.landed is not Landed.HELPED and shows("request", it.what) and not cancelled(it)]
    return asked[::-1]


def between(moments: Sequence[Moment], today: date) -> Open:
    """Return what is open with one person. A talk that was called off is open until one took place."""
    begins = midnight(today - LATELY)
    late = [it for it in moments if begins is None or it.happened_at >= begins]
    off: list[Moment] = []
    for moment in sorted(late, key=in_order)[::-1]:
        if cancelled(moment):
            off.append(moment)
        elif moment.channel in _TALKS:
            break
    return Open(tuple(unmended(late)), tuple(it for it in unanswered(late) if it not in off), tuple(off[::-1]))


class _After:
    """What came after a moment: who was kind, and whether anything repaired. Notes are read only when it matters."""

    def __init__(self) -> None:
        self._kind: list[By] = []
        self._unread: list[Moment] = []
        self._repaired = False

    def take(self, moment: Moment) -> None:
        """Take in the moment before those taken in so far; no harm."""
        if moment.landed is Landed.HELPED:
            self._kind.append(moment.by)
        self._unread.append(moment)

    def mends(self, harm: Moment) -> bool:
        """Whether something of it mends a harm."""
        if len(self._kind) >= 2 or harm.by in self._kind:
            return True
        while self._unread and not self._repaired:
            self._repaired = _repairs(self._unread.pop())
        return self._repaired


def _repairs(moment: Moment) -> bool:
    """Whether a note tells of a repair: by the user, or one that helped."""
    told = moment.landed is Landed.HELPED or (moment.by is By.ME and moment.landed is not Landed.HARMED)
    return told and shows("repair", moment.what) is not None


def _same_hour(ordered: Sequence[Moment], at: int) -> Iterator[Moment]:
    """Yield those of a moment's hour that stand before it: which of them came first is not known."""
    before = (ordered[n] for n in range(at - 1, -1, -1))
    return takewhile(lambda it: it.happened_at == ordered[at].happened_at, before)
