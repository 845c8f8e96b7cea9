"""Short blocks of time for the commitments of a day, one after the other, from the hour the user likes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

GAP = timedelta(minutes=5)
"""Between two blocks of the same day."""

SHORTEST = 10
"""Minutes; a calendar shows anything shorter as a line too thin to read."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of time for a step: local times without a zone."""

    step_id: str
    start: datetime
    end: datetime


def blocks(steps: Sequence[tuple[str, date, int]], hour: int) -> tuple[Block, ...]:
    """Return a block for each (step id, day, minutes), in the order given, none overlapping another of its day."""
    free: dict[date, datetime] = {}
    made = []
    for step_id, day, minutes in steps:
        start = free.get(day, datetime.combine(day, time(hour)))
        end = start + timedelta(minutes=max(SHORTEST, minutes))
        free[day] = end + GAP
        made.append(Block(step_id, start, end))
    return tuple(made)
