"""A group of members on a database, without pages: what ``coach.app`` makes, with a cheap derivation and a clock."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coach.domain.members import DoorKind, Opened, Role
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.keys import CallersKey, fingerprint
from coach.journal.migrations import bring_up
from coach.journal.schema import Base
from coach.members.doors import Doors
from coach.members.entry import Entry
from coach.members.ledger import Ledger
from coach.members.peppers import Peppers
from coach.members.roster import Outside, Roster
from coach.members.wraps import Cost

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CHEAP = Cost(16, 1, 1)
PASSWORD = "rain on the roof"
HOME = "192.0.2.7"


class Worker:
    """One process of a coach with members. ``now`` can be moved."""

    def __init__(self, journal: SqlJournal, database: Database, peppers: Peppers, cost: Cost = CHEAP) -> None:
        self.now = NOW
        self.journal, self.database, self.peppers = journal, database, peppers
        self.ledger, self.doors = Ledger(database), Doors(database)
        self.entry = Entry(self.ledger, self.doors, peppers, self.clock, cost)
        ids = (f"id{n}-{id(self)}" for n in itertools.count())
        outside = Outside(fingerprint, journal.finish, self.clock, lambda: next(ids))
        self.roster = Roster(self.ledger, self.entry, outside)

    def clock(self) -> datetime:
        return self.now

    async def scrub(self) -> None:
        await self.database.scrub(Base.metadata.sorted_tables)

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    async def opened(self, token: str, *kinds: DoorKind) -> Opened:
        found = await self.entry.opened(token, kinds or (DoorKind.SESSION,))
        assert found is not None
        return found

    async def joined(self, login: str, password: str = PASSWORD) -> Opened:
        """Let somebody join; the first one is the admin."""
        first = not await self.roster.members()
        link = await (self.roster.first() if first else self.roster.invite(None, Role.MEMBER))
        return await self.opened(await self.roster.join(link, login, password))


@asynccontextmanager
async def worker(url: str, folder: Path, cost: Cost = CHEAP) -> AsyncIterator[Worker]:
    """A process on a database; two with one folder share their pepper."""
    database = Database(url)
    await bring_up(database)
    journal = SqlJournal(database, CallersKey())
    try:
        yield Worker(journal, database, Peppers.read(folder / "pepper", make=True), cost)
    finally:
        await journal.close()
