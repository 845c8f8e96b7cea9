"""The journal's methods about how old things are: the newest of all, what is older about someone, and erasing that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func

from coach.journal import erasure
from coach.journal.desk import Desk
from coach.journal.transaction import DRAFTS, MOMENTS, PLANS, SHELVES, TURNS, Shelf, Transaction
from coach.journal.users import begun

_SETTLED = {"commitments", "preferences"}
"""What the user settles about other things; the newest of all is looked for among the rest."""

_ABOUT: tuple[Shelf[Any], ...] = (MOMENTS, PLANS, DRAFTS, TURNS)


class Ages(Desk):
    """The part of a journal that knows how old things are; nothing is opened."""

    async def newest(self, user: str) -> datetime | None:
        return await self._read(user, _newest)

    async def older(self, user: str, before: Mapping[str, datetime]) -> tuple[int, int]:
        return await self._read(user, lambda it: _older(it, before))

    async def forget_before(self, user: str, person_id: str, before: datetime) -> int:
        async def work(it: Transaction) -> int:
            gone = await erasure.forget_before(it, person_id, before)
            if gone:
                await begun(it.connection, user)
            return gone

        gone = await self._write(user, work, anew=False)
        if gone:
            await self._whole(self._finish())
        return gone


async def _newest(transaction: Transaction) -> datetime | None:
    found = []
    for shelf in (each for name, each in SHELVES.items() if name not in _SETTLED):
        query = transaction.picked(shelf.row, [func.max(shelf.table.c[shelf.time])])
        found.append(await transaction.connection.scalar(query))
    return max((each for each in found if each is not None), default=None)


async def _older(transaction: Transaction, before: Mapping[str, datetime]) -> tuple[int, int]:
    old = every = 0
    for shelf in _ABOUT:
        columns = shelf.table.c
        every += await transaction.count(shelf.row)
        for person_id, then in before.items():
            old += await transaction.count(shelf.row, columns.person_id == person_id, columns[shelf.time] < then)
    return old, every
