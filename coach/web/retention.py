"""Erases what is past its time: about somebody for whom a limit was set, and everything once that was asked for.

At every start and every hour. A clock that jumped erases nothing for its age: where it is far from the newest thing
kept, or more than a tenth of all would go at once, everything stays until the user says so.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from coach.beside import every
from coach.domain.people import Person
from coach.errors import CoachError
from coach.ports import Ages, Changes, People, Whole

log = logging.getLogger(__name__)

GRACE = timedelta(days=1)
"""So long everything stays after the page was told to erase it."""

_MONTH = timedelta(days=30.44)
_OFTEN = 3600.0
_FAR = timedelta(days=60)
"""A clock so far from the newest thing may be wrong."""
_MOST = 10
"""No more than one in so many things goes without being asked about."""


class Kept(Ages, Changes, People, Protocol):
    """The parts of a journal that know people and what is kept about them."""


class Going(Kept, Whole, Protocol):
    """Those, and the journal as a whole."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is past its time: ``things`` of ``every``, about ``people``. ``jumped``: the clock may
    be wrong, which is asked only where something is past its time."""

    things: int
    every: int
    people: tuple[Person, ...]
    jumped: bool

    @property
    def waits(self) -> bool:
        """Whether it waits for the user's word."""
        return self.things > 0 and (self.jumped or self.things * _MOST > self.every)


async def overdue(journal: Kept, user: str, now: datetime, people: Sequence[Person] | None = None) -> Overdue:
    """Return what is past its time about everyone. ``people``: all of them, where they were read already."""
    everyone = await journal.people(user) if people is None else people
    limited = [each for each in everyone if each.keep_months is not None]
    before = {each.id: _limit(each, now) for each in limited}
    things, every = await journal.older(user, before) if before else (0, 0)
    notes = {each.id: _notes(each) - _notes(_since(each, before[each.id])) for each in limited}
    about = [each for each in limited if notes[each.id] or (await journal.older(user, {each.id: before[each.id]}))[0]]
    gone = sum(notes.values())
    newest = await journal.newest(user) if things + gone else None
    jumped = newest is not None and abs(now - newest) > _FAR
    return Overdue(things + gone, every + sum(map(_notes, limited)), tuple(about), jumped)


async def expire(journal: Kept, user: str, person: Person, now: datetime) -> int:
    """Erase what is older about a person than their limit; return how many things went.

    Points to talk about and promises that were kept go with the rest; a promise that is open stays until it is not.
    """
    if person.keep_months is None:
        return 0
    before = _limit(person, now)
    gone = _notes(person) - _notes(_since(person, before))
    if gone:
        await journal.change(user, Person, person.id, lambda it: _since(it, before))
    return gone + await journal.forget_before(user, person.id, before)


def _limit(person: Person, now: datetime) -> datetime:
    return now - (person.keep_months or 0) * _MONTH


def _since(person: Person, before: datetime) -> Person:
    points = tuple(it for it in person.points if it.noted_at >= before)
    promises = tuple(it for it in person.promises if it.kept_at is None or it.kept_at >= before)
    return replace(person, points=points, promises=promises)


def _notes(person: Person) -> int:
    return len(person.points) + len(person.promises)


async def expire_all(journal: Kept, user: str, now: datetime, *, asked: bool = False) -> None:
    """Erase what is past its time about anyone, unless that waits for the user's word; ``asked``: they gave it."""
    limited = [each for each in await journal.people(user) if each.keep_months is not None]
    if not limited or (not asked and (await overdue(journal, user, now)).waits):
        return
    for person in limited:
        await expire(journal, user, person, now)


def daily(
    journal: Going, user: str | None, clock: Callable[[], datetime], gone: Callable[[str], Awaitable[None]]
) -> AbstractAsyncContextManager[None]:
    """Erase what is past its time now and every hour, while the block runs. Trouble is logged and tried again.

    ``gone`` is told whose everything was erased. ``user`` None: nobody's journal is open.
    """

    async def work() -> None:
        try:
            for each in await journal.depart(clock()):
                await gone(each)
            if user is not None:
                await expire_all(journal, user, clock())
        except CoachError as error:
            log.warning("nothing was erased for its age: %s", type(error).__name__)

    return every(_OFTEN, work)
