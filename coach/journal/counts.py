"""How much a user has erased: a count in their row, told to whoever begins something, and checked when it writes.

What runs on after somebody was erased would write what it read before. A running turn's count stands in its own row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, update

from coach.errors import Erased
from coach.journal.schema import TurnRow, UserRow
from coach.journal.transaction import Transaction

_ERASED = (
    "Something was erased while this was under way, so nothing of it was kept. Say it again if it is still wanted."
)


async def generation(transaction: Transaction, query: Select[Any]) -> str:
    """Return the user's generation, by the query of their count."""
    erased = await transaction.connection.scalar(query)
    return "" if transaction.cipher is None else f"{transaction.cipher.key_id}.{erased}"


async def unchanged(transaction: Transaction, since: str | None) -> int:
    """Return the count. Raises Erased when something was erased since a generation (None, "": nothing could be)."""
    now = await generation(transaction, _held(transaction))
    if since and since != now:
        raise Erased(_ERASED)
    return int(now.rpartition(".")[2] or 0)


async def going_on(transaction: Transaction, turn_id: str) -> None:
    """Raise Erased unless a turn is there and nothing was erased since it began."""
    now = await transaction.connection.scalar(_held(transaction))
    query = transaction.picked(TurnRow, [TurnRow.generation], TurnRow.id == turn_id)
    began = await transaction.connection.scalar(query)
    if began is None or began != now:
        raise Erased(_ERASED)


async def counted(transaction: Transaction) -> None:
    """Count an erasure, before anything is erased: who begins something now waits, and what runs writes no more."""
    ours = update(UserRow).where(UserRow.id == transaction.user)
    await transaction.connection.execute(ours.values(erased=UserRow.erased + 1))


def count(transaction: Transaction) -> Select[Any]:
    return select(UserRow.erased).where(UserRow.id == transaction.user)


def _held(transaction: Transaction) -> Select[Any]:
    """The query of the count, which stays what it is until this transaction ends."""
    query = count(transaction)
    return query if transaction.database.sqlite else query.with_for_update(read=True)
