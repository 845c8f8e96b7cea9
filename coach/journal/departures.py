"""The journal's methods that erase all of a user: at once, or on a day until which it can be taken back.

Rows go first, in one transaction; then the key, then the traces. What is left undone is done at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from coach.errors import StorageTrouble
from coach.journal.desk import Desk
from coach.journal.schema import UserRow
from coach.journal.transaction import Transaction

log = logging.getLogger(__name__)


class Leaving(Desk):
    """The part of a journal that erases users."""

    async def forget(self, user: str) -> None:
        """Leave nothing of this user: rows, key and traces. Works without the key, too."""

        async def run() -> None:
            async with self._database.writing() as connection:
                await self._users.forget(connection, user)
            await self._finish()

        await self._whole(run())

    async def forget_on(self, user: str, at: datetime | None) -> None:
        async def settle(it: Transaction) -> None:
            ours = update(UserRow).where(UserRow.id == it.user)
            await it.connection.execute(ours.values(erase_at=at))

        await self._write(user, settle, anew=False)

    async def goes_on(self, user: str) -> datetime | None:
        async def told(it: Transaction) -> datetime | None:
            at: datetime | None = await it.connection.scalar(select(UserRow.erase_at).where(UserRow.id == it.user))
            return at

        return await self._read(user, told)

    async def depart(self, now: datetime) -> Sequence[str]:
        async def due() -> Sequence[str]:
            async with self._database.reading() as connection:
                return (await connection.scalars(select(UserRow.id).where(UserRow.erase_at <= now))).all()

        users = await self._whole(due())
        for user in users:
            await self.forget(user)
        return users

    async def finish(self) -> None:
        """Finish the erasures that were cut short. Trouble is logged; the next start tries again."""
        try:
            await self._whole(self._finish())
        except StorageTrouble as error:
            log.warning("an erasure is not finished yet: %s", type(error).__name__)
