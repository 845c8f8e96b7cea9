"""What is open between the user and one person: harm not mended, asks without an answer, talks that were called off.

Pure; time is ``today``. Every claim is its moments. Moments of one day keep the order in which they were noted, for a
day that was given without an hour is filed at noon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach.domain.midnights import midnight
from coach.domain.moments import By, Channel, Landed, Moment
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
    return [
        harm
        for at, harm in enumerate(ordered)
        if harm.landed is Landed.HARMED and not _mended(harm, ordered[at + 1 :], _same_hour(harm, ordered))
    ]


def cancelled(moment: Moment) -> bool:
    """Return whether a moment tells of a talk that did not take place, and helped nobody by it."""
    if moment.landed is Landed.HELPED or not shows("cancelled", moment.what):
        return False
    return moment.channel in _TALKS or shows("talk", moment.what) is not None


def unanswered(moments: Sequence[Moment]) -> list[Moment]:
    """Return what one side asked of the other, with nothing by the other side after it; a kind word asks nothing."""
    ordered = sorted(moments, key=in_order)
    return [
        asked
        for at, asked in enumerate(ordered)
        if asked.landed is not Landed.HELPED
        and shows("request", asked.what)
        and not cancelled(asked)
        and not any(later.by is not asked.by for later in ordered[at + 1 :])
    ]


def between(moments: Sequence[Moment], today: date) -> Open:
    """Return what is open with one person. A talk that was called off is open until one took place."""
    begins = midnight(today - LATELY)
    late = [it for it in moments if begins is None or it.happened_at >= begins]
    off: tuple[Moment, ...] = ()
    for moment in sorted(late, key=in_order):
        if cancelled(moment):
            off = (*off, moment)
        elif moment.channel in _TALKS:
            off = ()
    return Open(tuple(unmended(late)), tuple(it for it in unanswered(late) if it not in off), off)


def _mended(harm: Moment, after: Sequence[Moment], beside: Sequence[Moment]) -> bool:
    kind = [it for it in after if it.landed is Landed.HELPED]
    if any(it.by is harm.by for it in kind) or len(kind) >= 2:
        return True
    mends = [it for it in (*after, *beside) if it.landed is not Landed.HARMED and shows("repair", it.what)]
    return any(it.by is By.ME or it.landed is Landed.HELPED for it in mends)


def _same_hour(harm: Moment, moments: Sequence[Moment]) -> list[Moment]:
    """Those of the same hour, where it is not known which came first."""
    return [it for it in moments if it.happened_at == harm.happened_at and it is not harm]
