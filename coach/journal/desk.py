"""A user's work at the journal: in one transaction, from its beginning again when another change came first, and whole.

Knows the database, the users and how a transaction is run; nothing of what is done in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from coach.errors import StorageTrouble
from coach.journal.database import Database
from coach.journal.keys import Keys
from coach.journal.schema import Base
from coach.journal.transaction import Transaction
from coach.journal.trouble import Passed
from coach.journal.users import Users, begun, ended

R = TypeVar("R")

_TRIES = 30
_APART = 0.002
"""How often a change that others came before is made again, and so many seconds apart, growing by as much each time."""


class Desk:
    """Where work is done for a user. What is under way comes to its end before it closes."""

    def __init__(self, database: Database, keys: Keys, *, nightly: bool = False) -> None:
        """Use ``SqlJournal.open`` instead, unless the database is known to be current.

        ``nightly``: traces of what is erased stay in the files until ``finish`` is called; to take them out costs as
        much as the rows of everybody.
        """
        self._database = database
        self._users = Users(database, keys)
        self._nightly = nightly
        self._under_way: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Wait for what is under way and close the database; the journal is not used after this."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._database.close()

    async def begin(self, user: str) -> None:
        await self._write(user, lambda _: asyncio.sleep(0))

    async def _read(self, user: str, work: Callable[[Transaction], Awaitable[R]]) -> R:
        async def run() -> R:
            async with self._database.reading() as connection:
                cipher = await self._users.cipher(connection, user)
                return await work(Transaction(self._database, connection, user, cipher))

        return await self._whole(run())

    async def _write(
        self, user: str, work: Callable[[Transaction], Awaitable[R]], scrub: bool = False, *, anew: bool = True
    ) -> R:
        """Do work in one transaction; again, from its beginning, as long as another change comes before it.

        ``scrub``: something is erased, so traces are taken out of the files afterwards, or by the next ``finish``.
        ``anew``: a user who has no journal gets one.
        """

        async def once() -> R:
            async with self._database.writing() as connection:
                cipher = await (self._users.welcome if anew else self._users.cipher)(connection, user)
                if scrub:
                    await begun(connection, user)
                return await work(Transaction(self._database, connection, user, cipher))

        async def run() -> R:
            for tried in range(_TRIES):
                with suppress(Passed):
                    result = await once()
                    break
                await asyncio.sleep(tried * _APART)
            else:
                result = await once()
            if scrub and not self._nightly:
                await self._finish()
            return result

        return await self._whole(run())

    async def _finish(self) -> None:
        """Finish what was erased: keys of users who are gone, and the traces in the files."""
        try:
            ids = await self._users.drop_keys()
        except StorageTrouble as error:
            raise StorageTrouble(f"It is erased, but its key is still there. Erase it again. {error}") from error
        if ids:
            await self._database.scrub(Base.metadata.sorted_tables)
            async with self._database.writing() as connection:
                await ended(connection, ids)
            await self._database.settle()

    async def _whole(self, work: Coroutine[Any, Any, R]) -> R:
        """Let work come to its end even when the caller is cancelled: broken off, a driver keeps its lock."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)
