"""Moments as marks on a time line, one row a channel: where each mark stands, in per cent. The template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach.domain.moments import By, Channel, Landed, Moment

LONGEST = timedelta(days=365)
"""The picture goes back this far at most."""

_SHORTEST = timedelta(days=28)
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment. ``x`` is its place in per cent, older to the left."""

    x: float
    landed: Landed
    by: By
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """The moments in one channel, and how many landed in each way."""

    channel: Channel
    marks: tuple[Mark, ...]
    counts: dict[Landed, int]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day named below the rows."""

    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """``left_out``: how many older moments are not drawn."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    drawn: int
    left_out: int


def timeline(moments: Sequence[Moment], count: int, now: datetime) -> Timeline | None:
    """Return the picture of a person's newest moments (of ``count`` in all), None when none is recent enough."""
    recent = [moment for moment in moments if now - moment.happened_at <= LONGEST]
    if not recent:
        return None
    end = max(now, *(moment.happened_at for moment in recent))
    start = min(min(moment.happened_at for moment in recent), end - _SHORTEST)
    span = (end - start) / timedelta(days=1)

    def place(at: datetime) -> float:
        return round(3 + 94 * ((at - start) / timedelta(days=1)) / span, 2)

    rows = []
    for channel in Channel:
        there = [moment for moment in recent if moment.channel is channel]
        if there:
            marks = tuple(Mark(place(it.happened_at), it.landed, it.by, it.happened_at) for it in there)
            rows.append(Row(channel, marks, {way: sum(it.landed is way for it in there) for way in Landed}))
    days = [start + (end - start) * n / (_TICKS - 1) for n in range(_TICKS)]
    ticks = tuple(Tick(place(at), at.astimezone().date()) for at in days)
    return Timeline(tuple(rows), ticks, len(recent), max(0, count - len(recent)))
