"""The journal's method that tells how much a user has erased."""

from __future__ import annotations

from coach.journal.counts import count, generation
from coach.journal.desk import Desk


class Generations(Desk):
    """The part of a journal that tells how much was erased."""

    async def generation(self, user: str) -> str:
        """Return what stays the same until something of the user's is erased; "" for who has no journal."""
        return await self._read(user, lambda it: generation(it, count(it)))
