"""The journal's methods about how old things are: the newest of all, what is older about someone, and erasing that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from coach.journal import erasure
from coach.journal.desk import Desk
from coach.journal.schema import (
    ConversationRow,
    DraftRow,
    MomentRow,
    PersonRow,
    PlanRow,
    SentRow,
    SessionRow,
    TurnRow,
)
from coach.journal.transaction import Transaction
from coach.journal.users import begun

_TIMES = (
    (PersonRow, PersonRow.created_at),
    (ConversationRow, ConversationRow.created_at),
    (TurnRow, TurnRow.at),
    (MomentRow, MomentRow.happened_at),
    (PlanRow, PlanRow.created_at),
    (DraftRow, DraftRow.created_at),
    (SessionRow, SessionRow.started_at),
    (SentRow, SentRow.at),
)
_ABOUT = (
    (MomentRow, MomentRow.happened_at),
    (PlanRow, PlanRow.created_at),
    (DraftRow, DraftRow.created_at),
    (TurnRow, TurnRow.at),
)


class Ages(Desk):
    """The part of a journal that knows how old things are; nothing is opened."""

    async def newest(self, user: str) -> datetime | None:
        return await self._read(user, _newest)

    async def older(self, user: str, before: Mapping[str, datetime]) -> tuple[int, int]:
        """Return how many things about people are older than each one's time, and of how many: of four kinds.

        ``before``: person id → time. Counted are moments, plans, drafts and turns.
        """
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
    for row, time in _TIMES:
        query = select(func.max(time)).where(row.user_id == transaction.user)
        found.append(await transaction.connection.scalar(query))
    return max((each for each in found if each is not None), default=None)


async def _older(transaction: Transaction, before: Mapping[str, datetime]) -> tuple[int, int]:
    old = every = 0
    for row, time in _ABOUT:
        ours = select(func.count()).select_from(row).where(row.user_id == transaction.user)
        every += int(await transaction.connection.scalar(ours) or 0)
        for person_id, then in before.items():
            theirs = ours.where(row.person_id == person_id, time < then)
            old += int(await transaction.connection.scalar(theirs) or 0)
    return old, every
