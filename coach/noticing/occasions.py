"""What stands in a calendar: blocks of time for steps, and what has a day of its own beside them. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from coach.domain.moments import By
from coach.domain.people import Contact, Person, resting

_COMMON = 2023
"""A year without a 29 February."""


class Sort(StrEnum):
    """What sort of occasion it is."""

    PROMISE = "promise"
    THEIR_PROMISE = "their_promise"
    CELEBRATION = "celebration"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A whole day on which something falls due or comes round. ``id`` stays the same; ``changed`` is UTC."""

    id: str
    sort: Sort
    person: Person
    day: date
    what: str
    changed: datetime
    yearly: bool = False


def occasions(people: Sequence[Person], contacts: Mapping[str, Contact], today: date) -> tuple[Occasion, ...]:
    """Return the occasions, by day. Of someone left in peace only what the user promised them is told."""
    found = [it for person in people for it in _of(person, contacts.get(person.id), today)]
    return tuple(sorted(found, key=lambda it: (it.day, it.id)))


def _of(person: Person, contact: Contact | None, today: date) -> Iterator[Occasion]:
    minded = not resting(person, today)
    for promise in person.promises:
        mine = promise.by is By.ME
        if promise.kept_at is None and promise.due is not None and (mine or minded):
            sort = Sort.PROMISE if mine else Sort.THEIR_PROMISE
            yield Occasion(f"promise-{promise.id}", sort, person, promise.due, promise.what, promise.made_at)
    if not minded:
        return
    for n, day in enumerate(person.celebrations):
        year = person.created_at.year
        last = min(day.day, monthrange(_COMMON, day.month)[1])  # an older version kept 31 February too
        id_ = f"day-{person.id}-{day.month}-{day.day}-{n}"
        yield Occasion(id_, Sort.CELEBRATION, person, date(year, day.month, last), day.label, person.created_at, True)
    if person.ideal_days is not None and contact is not None:
        due = contact.last.astimezone().date() + timedelta(days=person.ideal_days)
        yield Occasion(f"talk-{person.id}", Sort.TALK, person, max(due, today), "", contact.last)


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
