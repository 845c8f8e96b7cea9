"""Calendars that answer while the journal is locked: as they were when it was last open, sealed under their own token.

A calendar program shows the address and nothing else. Who has it reads these entries, and has no door into the journal.
"""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from coach.journal.database import Database
from coach.members import wraps
from coach.members.columns import FEEDS
from coach.members.peppers import Peppers


class Feeds:
    """The feeds of one database; a member has one at most."""

    def __init__(self, database: Database, peppers: Peppers) -> None:
        self._database, self._peppers = database, peppers

    async def keep(self, member: str, token: str, entries: bytes) -> None:
        """Put a member's calendar in the place of the one before."""
        sealed = wraps.sealed_feed(token, entries, self._peppers)
        values = {"id": wraps.feed_id(token), "member_id": member, "sealed": sealed}
        await self._database.run(delete(FEEDS).where(FEEDS.c.member_id == member), insert(FEEDS).values(values))

    async def drop(self, member: str) -> None:
        """Let a member's feed answer no more."""
        await self._database.run(delete(FEEDS).where(FEEDS.c.member_id == member))

    async def has(self, member: str) -> bool:
        """Whether a member has a feed."""
        return await self._database.value(select(FEEDS.c.id).where(FEEDS.c.member_id == member)) is not None

    async def read(self, token: str) -> bytes | None:
        """Return the calendar at an address with this token, None for nobody's."""
        sealed = await self._database.value(select(FEEDS.c.sealed).where(FEEDS.c.id == wraps.feed_id(token)))
        return None if sealed is None else wraps.opened_feed(token, bytes(sealed), self._peppers)
