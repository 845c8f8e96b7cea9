"""Members, their slots and invitations, as rows: one transaction each, on SQLite and PostgreSQL.

What only one may have is taken by a single statement (``DELETE … RETURNING``), so that it holds over any number of
workers. Knows SQL and no cryptography: what is sealed comes sealed. No clock: times come with the call.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import column, delete, func, insert, select, table, update

from coach.domain.members import Act, Member, Role
from coach.journal.database import Database
from coach.members.columns import AUDIT, DOORS, INVITES, MEMBERS, SLOTS
from coach.members.row_forms import chained, day, door_row, instant, member_of, micros, slot_of, slot_row
from coach.members.wraps import Door, Slot, SlotKind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

USERS = table("users", column("id"), column("key_id"))
"""The journal's table of users, as far as a member's coming and going touches it."""


_ERASURES = table("erasures", column("id"), column("user_id"), column("key"))

_LOCK = 7_263_982
"""PostgreSQL advisory lock: one act is written down at a time. Any number, always the same."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who joins: their rows, and the fingerprint of their key for the journal's table of users."""

    member: Member
    public: bytes
    private: bytes
    key_id: str
    slots: tuple[Slot, ...]
    door: Door | None


class Ledger:
    """The rows of one database. Every method raises StorageTrouble when the database fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ---- members

    async def members(self) -> list[Member]:
        """Return every member, in the order of their login names."""
        return [member_of(row) for row in await self._database.rows(select(MEMBERS).order_by(MEMBERS.c.login))]

    async def member(self, *, login: str | None = None, id_: str | None = None) -> Member | None:
        """Return a member by login or id."""
        where = MEMBERS.c.login == login if id_ is None else MEMBERS.c.id == id_
        row = await self._database.row(select(MEMBERS).where(where))
        return member_of(row) if row else None

    async def empty(self) -> bool:
        """Whether nobody has joined yet."""
        return await self._database.value(select(MEMBERS.c.id).limit(1)) is None

    async def join(self, invitation: str | None, new: Newcomer, now: datetime) -> Role | None:
        """Take an invitation and add the member with its role; None when it was taken, has ended, or the login has.

        Without an invitation the member has the role they come with: a claim at the server's terminal.
        """
        async with self._database.writing() as connection:
            role = new.member.role
            if invitation is not None:
                gone = delete(INVITES).where(INVITES.c.id == invitation).returning(INVITES.c.role, INVITES.c.ends_at)
                taken = (await connection.execute(gone)).first()
                if taken is None or taken.ends_at <= micros(now):
                    return None
                role = Role(taken.role)
            values = {
                "id": new.member.id, "login": new.member.login, "role": role, "joined_at": day(now), "locked": False,
                "public": new.public, "private": new.private,
            }  # fmt: skip
            added = await connection.execute(self._database.upsert(MEMBERS).values(values))
            if added.rowcount == 0:
                await connection.rollback()
                return None
            await connection.execute(self._database.upsert(USERS).values(id=new.member.id, key_id=new.key_id))
            await connection.execute(insert(SLOTS), [slot_row(slot) for slot in new.slots])
            if new.door is not None:
                await connection.execute(insert(DOORS).values(door_row(new.door, now)))
            return role

    async def change(self, id_: str, act: Act, **values: object) -> None:
        """Set columns of a member, ``role`` or ``locked``, and write down who did it.

        Whom they invited and who has not come yet does not come any more.
        """
        async with self._database.writing() as connection:
            await connection.execute(delete(INVITES).where(INVITES.c.made_by == id_))
            await connection.execute(update(MEMBERS).where(MEMBERS.c.id == id_).values(values))
            await self.note_within(connection, act)

    async def erase(self, id_: str, act: Act | None) -> None:
        """Erase a member with their journal: every row that bears their id goes by its foreign key."""
        async with self._database.writing() as connection:
            if act is not None:
                await self.note_within(connection, act)
            await connection.execute(delete(DOORS).where(DOORS.c.member_id == id_))
            await connection.execute(delete(USERS).where(USERS.c.id == id_))
            await connection.execute(delete(MEMBERS).where(MEMBERS.c.id == id_))
            # Until the traces are out of the files: whatever fails, the next start goes on with it.
            await connection.execute(insert(_ERASURES).values(id=secrets.token_hex(16), user_id=id_, key=False))

    async def pair(self, id_: str) -> tuple[bytes, bytes] | None:
        """Return a member's public key and the sealed private one."""
        row = await self._database.row(select(MEMBERS.c.public, MEMBERS.c.private).where(MEMBERS.c.id == id_))
        return (row.public, row.private) if row else None

    # ---- invitations

    async def invite(self, id_: str, role: Role, ends_at: datetime, made_by: str | None, act: Act) -> None:
        """Keep an invitation."""
        async with self._database.writing() as connection:
            await self.note_within(connection, act)
            values = {"id": id_, "role": role, "ends_at": micros(ends_at), "made_by": made_by}
            await connection.execute(insert(INVITES).values(values))

    async def invited(self, id_: str, now: datetime) -> Role | None:
        """Return the role of an invitation that can still be taken."""
        query = select(INVITES.c.role).where(INVITES.c.id == id_, INVITES.c.ends_at > micros(now))
        role = await self._database.value(query)
        return Role(role) if role else None

    # ---- slots

    async def slots(self, login: str, kind: SlotKind) -> tuple[Member, list[Slot]] | None:
        """Return the member with a login and their slots of a kind."""
        async with self._database.reading() as connection:
            found = (await connection.execute(select(MEMBERS).where(MEMBERS.c.login == login))).first()
            id_ = found.id if found else ""  # asked for in any case, so that an unknown name takes as long
            query = select(SLOTS).where(SLOTS.c.member_id == id_, SLOTS.c.kind == kind)
            rows = (await connection.execute(query)).all()
        return (member_of(found), [slot_of(row) for row in rows]) if found else None

    async def has_slot(self, member: str, kind: SlotKind) -> bool:
        """Whether a member has a slot of a kind."""
        query = select(SLOTS.c.id).where(SLOTS.c.member_id == member, SLOTS.c.kind == kind)
        return await self._database.value(query) is not None

    async def put_slot(self, new: Slot) -> None:
        """Put a slot in the place of those of its kind."""
        async with self._database.writing() as connection:
            await self._replace(connection, new)

    async def renew(self, new: Slot, door: Door, now: datetime, spent: Slot | None = None) -> bool:
        """Change a password: put the slot, end every door, open one. ``spent`` must still be there, and goes."""
        async with self._database.writing() as connection:
            if spent is not None:
                gone = delete(SLOTS).where(SLOTS.c.member_id == spent.member, SLOTS.c.id == spent.id)
                if (await connection.execute(gone.returning(SLOTS.c.id))).first() is None:
                    return False
            await self._replace(connection, new)
            await connection.execute(delete(DOORS).where(DOORS.c.member_id == new.member))
            await connection.execute(insert(DOORS).values(door_row(door, now)))
            return True

    # ---- what admins and hosts did

    async def acts(self) -> list[tuple[Act, str]]:
        """Return every act, oldest first, each with its link of the chain."""
        rows = await self._database.rows(select(AUDIT).order_by(AUDIT.c.number))
        return [(Act(row.number, instant(row.day).date(), row.who, row.what, row.about), row.chain) for row in rows]

    async def note(self, act: Act) -> None:
        """Write down an act that changes no row here."""
        async with self._database.writing() as connection:
            await self.note_within(connection, act)

    async def note_within(self, connection: AsyncConnection, act: Act) -> None:
        """Write down an act with what it changes, in one transaction."""
        if not self._database.sqlite:  # which has one writer anyway
            await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        last = (await connection.execute(select(AUDIT).order_by(AUDIT.c.number.desc()).limit(1))).first()
        act = replace(act, number=last.number + 1 if last else 1)
        midnight = datetime.combine(act.day, time(), UTC)
        values = {
            "number": act.number, "day": micros(midnight), "who": act.who, "what": act.what, "about": act.about,
            "chain": chained(last.chain if last else "", act),
        }  # fmt: skip
        await connection.execute(insert(AUDIT).values(values))

    async def _replace(self, connection: AsyncConnection, new: Slot) -> None:
        old = delete(SLOTS).where(SLOTS.c.member_id == new.member, SLOTS.c.kind == new.kind)
        await connection.execute(old)
        await connection.execute(insert(SLOTS).values(slot_row(new)))
