"""Answers about a journal that need no payload: how many of each noun there are, and when contact was last."""

from __future__ import annotations

from sqlalchemy import func, select

from coach.domain.people import Contact
from coach.journal.exports import SHELVES
from coach.journal.schema import MomentRow
from coach.journal.transaction import Transaction, of


async def contacts(transaction: Transaction, person_id: str | None = None) -> dict[str, Contact]:
    """Return person id → contact, of everyone with a moment or of one person."""
    query = (
        select(MomentRow.person_id, func.count(), func.max(MomentRow.happened_at), func.min(MomentRow.happened_at))
        .where(MomentRow.user_id == transaction.user, *of(MomentRow.person_id, person_id))
        .group_by(MomentRow.person_id)
    )
    return {person: Contact(n, last, first) for person, n, last, first in await transaction.connection.execute(query)}


async def counts(transaction: Transaction) -> dict[str, int]:
    """Return how many of each list of an export there are."""
    found = {}
    for name, shelf in SHELVES.items():
        query = select(func.count()).select_from(shelf.row).where(shelf.row.user_id == transaction.user)
        found[name] = int(await transaction.connection.scalar(query) or 0)
    return found
