"""The journal's methods about conversations and turns.

A turn is inserted once, when it begins; while it runs it is only ever changed, so that one that was erased meanwhile
stays erased, and so does what it would have told of somebody who was.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from coach.domain.plans import RepairPlan
from coach.domain.sent import Sent
from coach.domain.turns import Conversation, Turn
from coach.journal import erasure, steps
from coach.journal.counts import count, generation, going_on, unchanged
from coach.journal.desk import Desk
from coach.journal.schema import TurnRow
from coach.journal.transaction import CONVERSATIONS, SENT, TURNS, Transaction, of


class Turns(Desk):
    """The part of a journal that keeps conversations, turns, and what they come to."""

    async def generation(self, user: str) -> str:
        return await self._read(user, lambda it: generation(it, count(it)))

    async def add_conversation(
        self, user: str, conversation: Conversation, turn: Turn | None = None, since: str | None = None
    ) -> None:
        async def add(it: Transaction) -> None:
            count = await unchanged(it, since)
            await it.add(CONVERSATIONS, conversation)
            if turn is not None:
                await _begin(it, turn, count)

        await self._write(user, add, anew=not since)

    async def conversation(self, user: str, conversation_id: str) -> Conversation:
        return await self._read(user, lambda it: it.find(CONVERSATIONS, conversation_id))

    async def conversations(self, user: str) -> Sequence[Conversation]:
        return await self._read(user, lambda it: it.all(CONVERSATIONS))

    async def forget_conversation(self, user: str, conversation_id: str) -> None:
        await self._write(user, lambda it: erasure.forget_conversation(it, conversation_id), scrub=True, anew=False)

    async def keep_turn(self, user: str, turn: Turn, since: str | None = None) -> None:
        async def keep(it: Transaction) -> None:
            await _begin(it, turn, await unchanged(it, since))

        await self._write(user, keep, anew=not since)

    async def continue_turn(self, user: str, turn: Turn) -> None:
        async def keep(it: Transaction) -> None:
            await going_on(it, turn.id)
            await it.change(TURNS, turn)

        await self._write(user, keep, anew=False)

    async def forget_turn(self, user: str, turn_id: str) -> None:
        await self._write(user, lambda it: erasure.forget_turn(it, turn_id), scrub=True, anew=False)

    async def turn(self, user: str, turn_id: str) -> Turn:
        return await self._read(user, lambda it: it.find(TURNS, turn_id))

    async def turns(self, user: str, conversation_id: str) -> Sequence[Turn]:
        return await self._read(user, lambda it: it.all(TURNS, *of(TurnRow.conversation_id, conversation_id)))

    async def keep_plan(self, user: str, plan: RepairPlan, turn_id: str | None = None) -> None:
        async def keep(it: Transaction) -> None:
            if turn_id is not None:
                await going_on(it, turn_id)
            await steps.keep_plan(it, plan)

        await self._write(user, keep, anew=turn_id is None)

    async def keep_sent(self, user: str, sent: Sent, since: str | None = None) -> None:
        async def keep(it: Transaction) -> None:
            if sent.turn_id is not None:
                await going_on(it, sent.turn_id)
            else:
                await unchanged(it, since)
            await it.keep(SENT, sent)

        await self._write(user, keep, anew=sent.turn_id is None and not since)


async def _begin(transaction: Transaction, turn: Turn, count: int) -> None:
    """Insert or replace a turn, with how often was erased before it began."""
    await transaction.keep(TURNS, turn)
    row = update(TurnRow).where(TurnRow.user_id == transaction.user, TurnRow.id == turn.id)
    await transaction.connection.execute(row.values(generation=count))
