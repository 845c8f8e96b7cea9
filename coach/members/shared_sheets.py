"""Sheets that one member sends to another by name: sealed to the other's public key, to be withdrawn until opened.

Share, both names and the end are part of the seal (HPKE): nobody can make it somebody else's, or say that it came from
somebody else. The sender's copy is sealed under their own key. What the receiver saves for themselves is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update

from coach.domain.members import Opened, Share
from coach.errors import BadInput, NotFound
from coach.journal.database import Database
from coach.members import wraps
from coach.members.columns import MEMBERS, SHARES
from coach.members.entry import named
from coach.members.ledger import Ledger
from coach.members.row_forms import day, instant, micros

LONGEST = 20_000
LASTS = (7, 30, 90)
"""Days for which a sheet may wait."""

_SENDER, _RECEIVER = MEMBERS.alias("sender"), MEMBERS.alias("receiver")
_GONE = "This sheet was withdrawn, has ended, or was never yours."


class Shares:
    """The sheets of one database."""

    def __init__(
        self, database: Database, ledger: Ledger, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database, self._ledger, self._clock, self._new_id = database, ledger, clock, new_id

    async def send(self, me: Opened, to: str, text: str, days: int) -> None:
        """Send a sheet to a member by login. Raises BadInput."""
        if not text.strip() or len(text) > LONGEST or days not in LASTS:
            raise BadInput(f"A sheet has some words, at most {LONGEST} characters, and one of the offered ends.")
        receiver = await self._ledger.member(login=named(to))
        if receiver is None or receiver.locked or receiver.id == me.member.id or me.key is None:
            raise BadInput("There is no other member with this login.")
        keys = await self._ledger.pair(receiver.id)
        assert keys is not None
        id_, now = self._new_id(), self._clock()
        ends_at = micros(now + timedelta(days=days))
        info = (id_, me.member.login, receiver.login, str(ends_at))
        values = {
            "id": id_, "sender_id": me.member.id, "receiver_id": receiver.id, "sent_at": day(now), "ends_at": ends_at,
            "opened_at": None, "sealed": wraps.sealed_to(keys[0], text.encode(), *info),
            "copy": wraps.sealed_copy(me.key, id_, text.encode()),
        }  # fmt: skip
        await self._database.run(insert(SHARES).values(values))

    async def all(self, me: Opened) -> Sequence[Share]:
        """Return what was sent and received and has not ended, newest first, without its words."""
        query = (
            select(SHARES, _SENDER.c.login.label("sender"), _RECEIVER.c.login.label("receiver"))
            .join(_SENDER, _SENDER.c.id == SHARES.c.sender_id)
            .join(_RECEIVER, _RECEIVER.c.id == SHARES.c.receiver_id)
            .where(or_(SHARES.c.sender_id == me.member.id, SHARES.c.receiver_id == me.member.id))
            .where(SHARES.c.ends_at > micros(self._clock()))
            .order_by(SHARES.c.sent_at.desc(), SHARES.c.id)
        )
        return [
            Share(row.id, row.sender, row.receiver, instant(row.sent_at).date(), instant(row.ends_at),
                  instant(row.opened_at).date() if row.opened_at is not None else None)
            for row in await self._database.rows(query)
        ]  # fmt: skip

    async def open(self, me: Opened, id_: str) -> Share:
        """Return a sheet with its words; one that was received counts as opened from now on. Raises NotFound."""
        found = next((each for each in await self.all(me) if each.id == id_), None)
        if found is None or me.key is None:
            raise NotFound(_GONE)
        async with self._database.writing() as connection:
            received = (SHARES.c.id == id_, SHARES.c.receiver_id == me.member.id, SHARES.c.opened_at.is_(None))
            await connection.execute(update(SHARES).where(*received).values(opened_at=day(self._clock())))
            row = (await connection.execute(select(SHARES).where(SHARES.c.id == id_))).first()
        if row is None:
            raise NotFound(_GONE)
        text = await self._text(me, me.key, found, row.sealed, row.copy)
        return replace(found, text=text)

    async def _text(self, me: Opened, key: bytes, share: Share, sealed: bytes, copy: bytes) -> str:
        if share.sender == me.member.login:
            plain = wraps.opened_copy(key, share.id, bytes(copy))
        else:
            keys = await self._ledger.pair(me.member.id)
            private = keys[1] if keys is not None else b""
            info = (share.id, share.sender, share.receiver, str(micros(share.ends_at)))
            plain = wraps.opened_from(me.member.id, key, bytes(private), bytes(sealed), *info)
        if plain is None:
            raise NotFound("This sheet was changed on its way, so it is not shown.")
        return plain.decode()

    async def withdraw(self, me: Opened, id_: str) -> None:
        """Take back a sheet that was sent and not opened, or put away one that was received. Raises BadInput."""
        theirs = (SHARES.c.receiver_id == me.member.id) | (
            (SHARES.c.sender_id == me.member.id) & SHARES.c.opened_at.is_(None)
        )
        if await self._database.run(delete(SHARES).where(SHARES.c.id == id_, theirs)) == 0:
            raise BadInput("It was opened already, so it cannot be taken back any more.")
