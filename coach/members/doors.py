"""Doors and tries as rows: which tokens let in, and how often a wrong one was tried, over all workers.

A door is found by its token's hash; deleting the row revokes it at once, everywhere. Knows SQL and no cryptography.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from coach.domain.members import Member
from coach.journal.database import Database
from coach.members.columns import DOORS, INVITES, MEMBERS, SHARES, TRIES
from coach.members.row_forms import door_of, door_row, instant, member_of, micros
from coach.members.wraps import Door

_WHOSE = [MEMBERS.c[name].label(f"member_{name}") for name in ("login", "role", "joined_at", "locked")]

_FOUND = (
    select(DOORS, *_WHOSE)
    .join(MEMBERS, DOORS.c.member_id == MEMBERS.c.id)
    .where(DOORS.c.id == bindparam("id_"), DOORS.c.ends_at > bindparam("now_"), MEMBERS.c.locked.is_(False))
)
"""Made once, for every request asks it."""


class Doors:
    """The doors of one database. Every method raises StorageTrouble when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert: Any = sqlite.insert if database.sqlite else postgresql.insert

    async def find(self, id_: str, now: datetime) -> tuple[Member, Door] | None:
        """Return a door that has not ended, and whose it is; nobody's while the member is locked out."""
        async with self._database.glancing() as connection:
            row = (await connection.execute(_FOUND, {"id_": id_, "now_": micros(now)})).first()
        return (member_of(row, "member_"), door_of(row)) if row else None

    async def add(self, door: Door, now: datetime, label: bytes | None = None) -> None:
        """Keep a door."""
        await self._database.run(insert(DOORS).values({**door_row(door, now), "label": label}))

    async def put(self, door: Door, before: int) -> None:
        """Seal a door again with another end, unless that was done meanwhile (``before``: the end it had)."""
        values = {"ends_at": door.ends_at, "pepper": door.pepper, "sealed": door.sealed}
        same = (DOORS.c.id == door.id, DOORS.c.ends_at == before)
        await self._database.run(update(DOORS).where(*same).values(values))

    async def lock(self, id_: str) -> None:
        """Take the key out of a door; it still says who is there."""
        await self._database.run(update(DOORS).where(DOORS.c.id == id_).values(sealed=None))

    async def end(self, member: str, *, id_: str | None = None) -> None:
        """End a member's door, or all of them."""
        where = [DOORS.c.member_id == member]
        if id_ is not None:
            where.append(DOORS.c.id == id_)
        await self._database.run(delete(DOORS).where(*where))

    async def of(self, member: str, now: datetime) -> Sequence[tuple[Door, datetime, bytes | None]]:
        """Return a member's doors with the day each was made and its sealed label, newest last."""
        query = select(DOORS).where(DOORS.c.member_id == member, DOORS.c.ends_at > micros(now))
        rows = await self._database.rows(query.order_by(DOORS.c.made_at, DOORS.c.id))
        return [(door_of(row), instant(row.made_at), row.label) for row in rows]

    # ---- tries

    async def tried(self, ids: Sequence[str], now: datetime, window: timedelta) -> list[int]:
        """Count a try under each id; return how many there were of each in the window, this one included."""
        counts = []
        since = micros(now - window)
        async with self._database.writing() as connection:
            for id_ in sorted(ids):  # in one order, so that two at once never wait for each other in a circle
                fresh = TRIES.c.since <= since
                statement = (
                    self._insert(TRIES)
                    .values(id=id_, since=micros(now), n=1)
                    .on_conflict_do_update(
                        index_elements=["id"],
                        set_={
                            "n": case((fresh, 1), else_=TRIES.c.n + 1),
                            "since": case((fresh, micros(now)), else_=TRIES.c.since),
                        },
                    )
                    .returning(TRIES.c.n)
                )
                counts.append((id_, int(await connection.scalar(statement) or 0)))
        found = dict(counts)
        return [found[id_] for id_ in ids]

    async def untried(self, id_: str, others: Sequence[str]) -> None:
        """Forget the tries under an id after the right one, and count it under no other."""
        uncounted = update(TRIES).where(TRIES.c.id.in_(others)).values(n=TRIES.c.n - 1)
        await self._database.run(uncounted, delete(TRIES).where(TRIES.c.id == id_))

    async def sweep(self, now: datetime) -> None:
        """Erase doors, invitations and sheets that have ended, and tries of before yesterday."""
        await self._database.run(
            *(delete(each).where(each.c.ends_at <= micros(now)) for each in (DOORS, INVITES, SHARES)),
            delete(TRIES).where(TRIES.c.since <= micros(now - timedelta(days=1))),
        )
