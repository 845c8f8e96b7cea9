"""What one process of all does for the whole group, without a key: sweeping, numbers, digests that hold counts alone.

Whichever process holds an advisory lock does it; when that one ends, another takes over at its next look. On SQLite
there is one process. A digest is counted from the days of open commitments, which stand in the open; nothing is opened.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, column, func, select, table, update

from coach.beside import beside
from coach.errors import BadInput, CoachError
from coach.journal.database import Database
from coach.members.columns import MEMBERS
from coach.members.doors import Doors
from coach.members.row_forms import day, micros

log = logging.getLogger(__name__)

LOCK = 7_263_983
"""PostgreSQL advisory lock: one process takes care. Any number, always the same."""

_LOOK_S = 3.0
_NIGHT = 3
_ADDRESS = re.compile(r"[\w+%'=/-]+(\.[\w+%'=/-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)
_COMMITMENTS = table("commitments", column("user_id"), column("due"))


Weekly = Callable[[datetime], Awaitable[None]]
"""Does what is due once a week, if it was not done."""

Post = Callable[[str, int], Awaitable[None]]
"""Sends a digest: to whom, and how many steps are for today."""


class Caretaker:
    """The one that takes care, or waits to. ``post`` None: no mail server is set."""

    def __init__(
        self,
        database: Database,
        doors: Doors,
        clock: Callable[[], datetime],
        scrub: Callable[[], Awaitable[None]],
        post: Post | None,
        weekly: Weekly | None = None,
    ) -> None:
        self._database, self._doors, self._clock, self._scrub, self._post = database, doors, clock, scrub, post
        self._weekly = weekly
        self._swept: datetime | None = None
        self._scrubbed: datetime | None = None
        self.takes_care = False

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Take care while the block runs, whenever this process is the one."""
        async with beside(self._work()):
            yield

    async def _work(self) -> None:
        while True:
            try:
                async with self._database.held(LOCK) as held:
                    while True:
                        self.takes_care = await held.mine()
                        if self.takes_care:
                            await self.round()
                        await asyncio.sleep(_LOOK_S)
            except CoachError as error:
                log.warning("nothing was taken care of: %s", type(error).__name__)
            self.takes_care = False
            await asyncio.sleep(_LOOK_S)

    async def round(self) -> None:
        """Do what is due now."""
        now = self._clock()
        if self._swept is None or now - self._swept >= timedelta(hours=1):
            self._swept = now
            await self._doors.sweep(now)
            if self._weekly is not None:
                await self._weekly(now)
        if now.astimezone().hour == _NIGHT and (self._scrubbed is None or now - self._scrubbed > timedelta(hours=12)):
            self._scrubbed = now
            await self._scrub()
        if self._post is not None:
            await self._digests(now)

    # ---- digests

    async def _digests(self, now: datetime) -> None:
        """Send each member's digest once a day, from their hour on; whoever has nothing for today gets none."""
        today = now.astimezone().date()
        waiting = (MEMBERS.c.mail != "", MEMBERS.c.mail_hour <= now.astimezone().hour, MEMBERS.c.mailed_on < day(now))
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(MEMBERS.c.id, MEMBERS.c.mail).where(*waiting))).all()
            counts = {row.id: await connection.scalar(_due(row.id, today)) for row in rows}
        for row in rows:
            if await self._mine(row.id, now) and counts[row.id] and self._post is not None:
                try:
                    await self._post(row.mail, int(counts[row.id] or 0))
                except Exception as error:  # one member's letter must not keep the group from being taken care of
                    log.warning("a digest was not sent: %s", type(error).__name__)

    async def _mine(self, member: str, now: datetime) -> bool:
        """Note that a member's digest goes out today; whether nobody else did."""
        today = day(now)
        noting = update(MEMBERS).where(MEMBERS.c.id == member, MEMBERS.c.mailed_on < today).values(mailed_on=today)
        return await self._database.run(noting) == 1

    async def due(self, member: str) -> int:
        """Return how many steps a member has taken on for today or before."""
        return int(await self._database.value(_due(member, self._clock().astimezone().date())) or 0)

    async def mail(self, member: str) -> tuple[str, int]:
        """Return where a member's digest goes, "" for nowhere, and at which hour."""
        row = await self._database.row(select(MEMBERS.c.mail, MEMBERS.c.mail_hour).where(MEMBERS.c.id == member))
        return (row.mail, row.mail_hour) if row else ("", 7)

    async def set_mail(self, member: str, address: str, hour: int) -> None:
        """Say where a member's digest goes, in plain, so that it can be sent while the journal is locked."""
        address = address.strip()
        if address and (len(address) > 200 or not _ADDRESS.fullmatch(address)):
            raise BadInput("That is no mail address.")
        settled = update(MEMBERS).where(MEMBERS.c.id == member).values(mail=address, mail_hour=hour)
        await self._database.run(settled)


def _due(member: str, today: date) -> Select[int]:
    last = micros(datetime.combine(today, time(), UTC))
    found = select(func.count()).select_from(_COMMITMENTS)
    return found.where(_COMMITMENTS.c.user_id == member, _COMMITMENTS.c.due <= last)
