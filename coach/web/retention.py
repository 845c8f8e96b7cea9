"""Erases whatever is older than the limit a user set for a person, at every start and every day."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from coach.domain.people import Person
from coach.errors import CoachError
from coach.ports import Changes, People

log = logging.getLogger(__name__)

_MONTH = timedelta(days=30.44)
_DAY = 24 * 3600.0


class Kept(Changes, People, Protocol):
    """The parts of a journal that know people and what is kept about them."""


async def expire(journal: Kept, user: str, person: Person, now: datetime) -> int:
    """Erase what is older about a person than their limit; return how many things went.

    Points to talk about and promises that were kept go with the rest; a promise that is open stays until it is not.
    """
    if person.keep_months is None:
        return 0
    before = now - person.keep_months * _MONTH
    gone = _notes(person) - _notes(_since(person, before))
    if gone:
        await journal.change(user, Person, person.id, lambda it: _since(it, before))
    return gone + await journal.forget_before(user, person.id, before)


def _since(person: Person, before: datetime) -> Person:
    points = tuple(it for it in person.points if it.noted_at >= before)
    promises = tuple(it for it in person.promises if it.kept_at is None or it.kept_at >= before)
    return replace(person, points=points, promises=promises)


def _notes(person: Person) -> int:
    return len(person.points) + len(person.promises)


async def expire_all(journal: Kept, user: str, now: datetime) -> None:
    """Erase what is past its time about anyone."""
    for person in await journal.people(user):
        await expire(journal, user, person, now)


@contextlib.asynccontextmanager
async def daily(journal: Kept, user: str, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Erase what is past its time now and once a day, while the block runs. Trouble is logged and tried again."""

    async def work() -> None:
        while True:
            try:
                await expire_all(journal, user, clock())
            except CoachError as error:
                log.warning("nothing was erased for its age: %s", type(error).__name__)
            await asyncio.sleep(_DAY)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
