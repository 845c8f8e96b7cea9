"""Who has a journal here, and the cipher each one's rows are sealed with.

A user exists from their first write until they are forgotten; reading creates no user. The fingerprint in
the user's row is compared at every transaction, so that a program that slept while another one forgot the user (or
while the key file was swapped) can never seal a row with a key that is gone. Knows nothing of the nouns.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, text, update

from coach.errors import BadInput, NotFound, StorageTrouble
from coach.journal.database import Database
from coach.journal.keys import Cipher, Keys
from coach.journal.schema import ID_LENGTH, ErasureRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_KEY_ID = select(UserRow.key_id).where(UserRow.id == bindparam("user"))


_LOOKED_AT = 20
"""Users whose key is looked at; there is one, where keys last."""


def usable(name: str) -> bool:
    """Whether a database can hold this id at all."""
    return 0 < len(name) <= ID_LENGTH and "\0" not in name and not any("\ud800" <= c <= "\udfff" for c in name)


async def begun(connection: AsyncConnection, user: str, *, key: bool = False) -> None:
    """Note that something is erased in this transaction, to be finished after it; ``key``: the key goes, too."""
    await connection.execute(insert(ErasureRow).values(id=secrets.token_hex(16), user_id=user, key=key))


async def ended(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Note that erasures are finished."""
    await connection.execute(delete(ErasureRow).where(ErasureRow.id.in_(ids)))


class Users:
    """The users of one database and their ciphers."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        # Of keys that last only; a member's cipher is made for each transaction and dropped with it.
        self._ciphers: dict[str, Cipher] = {}
        self._mark: object = None  # of the key file they came from: one that is gone or exchanged is noticed at once

    async def cipher(self, connection: AsyncConnection, user: str) -> Cipher | None:
        """Return the user's cipher, None for someone who has no journal. Raises StorageTrouble: key lost or wrong."""
        if not usable(user):
            return None
        key_id = await connection.scalar(_KEY_ID, {"user": user})
        if key_id is None:
            self._ciphers.pop(user, None)
            return None
        if self._keys.lasting and (mark := self._keys.mark()) != self._mark:
            self._ciphers.clear()
            self._mark = mark
        cipher = self._ciphers.get(user)
        if not self._keys.lasting:
            cipher = self._load(user)
        elif cipher is None or cipher.key_id != key_id:
            cipher = await asyncio.to_thread(self._load, user)
        if cipher.key_id != key_id:
            raise StorageTrouble(
                f"The key in {self._keys.where} is not the one this journal was written with, so nothing can be read "
                "and nothing was changed. Put back the key file that belongs to it, then try again."
            )
        if self._keys.lasting:
            self._ciphers[user] = cipher
        return cipher

    async def welcome(self, connection: AsyncConnection, user: str) -> Cipher:
        """Return the user's cipher, making the user and a durable key first if need be."""
        if cipher := await self.cipher(connection, user):
            return cipher
        if not usable(user):
            raise BadInput(f"A user's name has 1 to {ID_LENGTH} ordinary characters.")
        if not self._keys.lasting:
            raise NotFound("This member has left, so nothing can be kept for them any more.")
        await self._alone(connection)
        if await connection.scalar(select(ErasureRow.id).where(ErasureRow.user_id == user, ErasureRow.key).limit(1)):
            await self._drop(connection, user)  # no new journal is sealed with the key of one that was erased
        cipher = Cipher(user, await asyncio.to_thread(self._keys.make, user))
        await connection.execute(self._database.upsert(UserRow.__table__), {"id": user, "key_id": cipher.key_id})
        # Another program may have been first; then its fingerprint decides.
        return await self.cipher(connection, user) or cipher

    async def forget(self, connection: AsyncConnection, user: str) -> None:
        """Erase the user with all their rows (foreign keys cascade) and their key, readable or not."""
        if not usable(user):
            return
        await self._alone(connection)
        query = select(UserRow.erased, UserRow.key_id).where(UserRow.id == user)
        before = (await connection.execute(query)).one_or_none()
        await connection.execute(delete(UserRow).where(UserRow.id == user))
        if not self._keys.lasting and before is not None:
            # A member stays one, with an empty journal; theirs is the key they have.
            again = {"id": user, "key_id": before.key_id, "erased": before.erased + 1}
            await connection.execute(insert(UserRow).values(again))
        await begun(connection, user, key=self._keys.lasting)

    async def drop_keys(self) -> list[str]:
        """Drop the keys of those who were erased; return the ids of the erasures that are not yet finished.

        Rows go first and the key after them: whatever fails in between, nothing that is there is without its key.
        """
        async with self._database.writing() as connection:
            rows = (await connection.execute(select(ErasureRow.id, ErasureRow.user_id, ErasureRow.key))).all()
            if any(row.key for row in rows):
                await self._alone(connection)
            for user in {row.user_id for row in rows if row.key}:
                if await connection.scalar(_KEY_ID, {"user": user}) is None:
                    await self._drop(connection, user)
            return [row.id for row in rows]

    async def _drop(self, connection: AsyncConnection, user: str) -> None:
        await asyncio.to_thread(self._keys.drop, user)
        self._ciphers.pop(user, None)
        await connection.execute(update(ErasureRow).where(ErasureRow.user_id == user).values(key=False))

    async def check(self, connection: AsyncConnection) -> None:
        """Raise StorageTrouble when the key of a user is missing or wrong. A member's opens for them alone."""
        if not self._keys.lasting:
            return
        for user in (await connection.scalars(select(UserRow.id).limit(_LOOKED_AT))).all():
            await self.cipher(connection, user)

    def _load(self, user: str) -> Cipher:
        key = self._keys.read(user)
        if key is None:
            raise StorageTrouble(
                f"The key file {self._keys.where} is gone: nothing in the journal can be read until it is back, and "
                f"nothing was changed. Put it back as {self._keys.where}, from your backup ('coach restore' does)."
            )
        return Cipher(user, key)

    async def _alone(self, connection: AsyncConnection) -> None:
        """Let no other transaction add or remove a user meanwhile (SQLite has one writer anyway)."""
        if not self._database.sqlite:
            await connection.execute(text("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE"))
