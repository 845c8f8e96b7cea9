"""Passkeys as rows, each with a slot that opens the journal: a third way beside password and recovery code.

A passkey that is deleted in a password manager must not take a journal with it, so none is taken from who has not
written down a recovery code, and the password opens as before. Whether a signature is right was found out before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from coach.domain.members import Member, Opened, Passkey
from coach.errors import BadInput, Refused
from coach.journal.database import Database
from coach.members import wraps
from coach.members.columns import MEMBERS, PASSKEYS, SLOTS
from coach.members.entry import Entry
from coach.members.row_forms import day, instant, member_of, slot_of, slot_row

MOST = 20
_NO_CODE = "Write down a recovery code first. A passkey can be lost with a device, and with it the journal."
_UNKNOWN = "This passkey opens nothing here. Sign in with your password; then a new one can be made."
_OUTPUT = 32


class Passkeys:
    """The passkeys of one database."""

    def __init__(self, database: Database, entry: Entry, clock: Callable[[], datetime]) -> None:
        self._database, self._entry, self._clock = database, entry, clock

    async def check(self, me: Opened) -> None:
        """Raise BadInput when this member can have no passkey, or no further one."""
        if not await self._entry.has_code(me.member.id):
            raise BadInput(_NO_CODE)
        if len(await self.of(me.member.id)) >= MOST:
            raise BadInput("That are too many. Remove one first.")

    async def add(self, me: Opened, id_: str, public: bytes, count: int, output: bytes) -> None:
        """Keep a passkey, and let what it works out open the journal. Raises BadInput."""
        await self.check(me)
        if me.key is None or len(output) != _OUTPUT:
            raise BadInput("This passkey cannot open a journal: it works out no secret. Try another device or browser.")
        slot = wraps.by_passkey(me.member.id, me.key, id_, output)
        values = {"id": id_, "member_id": me.member.id, "public": public, "count": count, "made_on": day(self._clock())}
        await self._database.run(insert(PASSKEYS).values(values), insert(SLOTS).values(slot_row(slot)))

    async def of(self, member: str) -> Sequence[Passkey]:
        """Return a member's passkeys, oldest first."""
        query = select(PASSKEYS).where(PASSKEYS.c.member_id == member).order_by(PASSKEYS.c.made_on, PASSKEYS.c.id)
        return [_passkey(row) for row in await self._database.rows(query)]

    async def find(self, id_: str) -> Passkey:
        """Return a passkey. Raises Refused for one that nobody here has."""
        row = await self._database.row(select(PASSKEYS).where(PASSKEYS.c.id == id_))
        if row is None:
            raise Refused(_UNKNOWN)
        return _passkey(row)

    async def open(self, found: Passkey, count: int, output: bytes) -> tuple[Member, bytes]:
        """Return whose it is and their key, by what it worked out just now. Raises Refused."""
        slot_id = wraps.passkey_slot(found.id)
        async with self._database.writing() as connection:
            member = (await connection.execute(select(MEMBERS).where(MEMBERS.c.id == found.member))).first()
            where = (SLOTS.c.member_id == found.member, SLOTS.c.id == slot_id)
            slot = (await connection.execute(select(SLOTS).where(*where))).first()
            await connection.execute(update(PASSKEYS).where(PASSKEYS.c.id == found.id).values(count=count))
        key = wraps.opened_by_passkey(slot_of(slot), output) if slot is not None else None
        if member is None or key is None:
            raise Refused(_UNKNOWN)
        return member_of(member), key

    async def remove(self, me: Opened, id_: str) -> None:
        """Let a passkey open nothing any more."""
        own = (PASSKEYS.c.member_id == me.member.id, PASSKEYS.c.id == id_)
        slot = (SLOTS.c.member_id == me.member.id, SLOTS.c.id == wraps.passkey_slot(id_))
        await self._database.run(delete(PASSKEYS).where(*own), delete(SLOTS).where(*slot))


def _passkey(row: Any) -> Passkey:
    values = row._mapping
    made_on = instant(values["made_on"]).date()
    return Passkey(values["id"], values["member_id"], bytes(values["public"]), values["count"], made_on)
