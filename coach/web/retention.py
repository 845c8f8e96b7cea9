"""Erases whatever is older than the limit a user set for a person, at every start and every day."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from coach.domain.people import Person
from coach.errors import CoachError
from coach.ports import People

log = logging.getLogger(__name__)

_MONTH = timedelta(days=30.44)
_DAY = 24 * 3600.0


async def expire(journal: People, user: str, person: Person, now: datetime) -> int:
    """Erase what is older about a person than their limit; return how many things went.

    Points to talk about and promises that were kept go with the rest; a promise that is open stays until it is not.
    """
    if person.keep_months is None:
        return 0
    before = now - person.keep_months * _MONTH
    points = tuple(it for it in person.points if it.noted_at >= before)
    promises = tuple(it for it in person.promises if it.kept_at is None or it.kept_at >= before)
    gone = len(person.points) - len(points) + len(person.promises) - len(promises)
    if gone:
        await journal.change_person(user, replace(person, points=points, promises=promises))
    return gone + await journal.forget_before(user, person.id, before)


async def expire_all(journal: People, user: str, now: datetime) -> None:
    """Erase what is past its time about anyone."""
    for person in await journal.people(user):
        await expire(journal, user, person, now)


@contextlib.asynccontextmanager
async def daily(journal: People, user: str, clock: Callable[[], datetime]) -> AsyncIterator[None]:
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
