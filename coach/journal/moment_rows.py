"""The journal's methods about moments: looked for and listed.

A search opens every moment in its span, and makes a noun only of those it gives back: making one takes ten times as
long as opening it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func

from coach.domain.moments import Moment
from coach.domain.people import Contact
from coach.domain.searches import Found, Search
from coach.journal.desk import Desk
from coach.journal.payloads import from_json
from coach.journal.schema import MomentRow
from coach.journal.transaction import MOMENTS, Transaction, of
from coach.journal.users import usable

_PAUSE_EVERY = 500
"""After so many moments others have their turn."""

_WHAT, _END = b'"what":"', b'","landed":'
"""What happened stands between these in a payload; a quotation mark within it is escaped."""


class Moments(Desk):
    """The part of a journal that reads moments."""

    async def moment(self, user: str, moment_id: str) -> Moment:
        return await self._read(user, lambda it: it.find(MOMENTS, moment_id))

    async def moments(self, user: str, person_id: str | None = None, last: int | None = None) -> Sequence[Moment]:
        return await self._read(user, lambda it: it.all(MOMENTS, *of(MomentRow.person_id, person_id), last=last))

    async def search_moments(self, user: str, search: Search, limit: int) -> Found:
        return await self._read(user, lambda it: found(it, search, limit))

    async def contacts(self, user: str, person_id: str | None = None) -> Mapping[str, Contact]:
        return await self._read(user, lambda it: _contacts(it, person_id))

    async def recent_moments(self, user: str, limit: int) -> Sequence[Moment]:
        return await self._read(user, lambda it: it.all(MOMENTS, last=max(0, limit)))

    async def moments_since(
        self, user: str, since: datetime, person_ids: Collection[str] | None = None
    ) -> Sequence[Moment]:
        where: list[ColumnElement[bool]] = [MomentRow.happened_at >= since]
        if person_ids is not None:
            where.append(MomentRow.person_id.in_([id_ for id_ in person_ids if usable(id_)]))
        return await self._read(user, lambda it: it.all(MOMENTS, *where))


async def found(transaction: Transaction, search: Search, limit: int) -> Found:
    """Return what fits a search."""
    if transaction.cipher is None or (search.person_id is not None and not usable(search.person_id)):
        return Found((), 0)
    if not search.words and not _sealed(search):
        return await _listed(transaction, search, limit)
    query = transaction.picked(MomentRow, [MomentRow.id, MomentRow.person_id, MomentRow.payload], *_plain(search))
    rows = await transaction.connection.execute(query.order_by(MomentRow.happened_at.desc(), MomentRow.id.desc()))
    marks = [f'"{name}":"{value}"'.encode() for name, value in _sealed(search)]
    quick = _quick(search)
    kept: list[Moment] = []
    n = 0
    for place, (id_, person, payload) in enumerate(rows.all(), 1):
        if place % _PAUSE_EVERY == 0:
            await asyncio.sleep(0)
        opened = transaction.cipher.open(MomentRow.__tablename__, id_, payload)
        if quick and quick not in opened.lower() and opened.isascii():
            continue
        if all(mark in opened for mark in marks) and _says(search, opened, person):
            n += 1
            if len(kept) < limit:
                kept.append(from_json(Moment, opened))
    return Found(kept, n)


async def _listed(transaction: Transaction, search: Search, limit: int) -> Found:
    """Return what the database itself can find; only what is given back is opened."""
    where = _plain(search)
    newest = await transaction.all(MOMENTS, *where, last=limit)
    return Found(newest[::-1], await transaction.count(MomentRow, *where))


def _plain(search: Search) -> list[ColumnElement[bool]]:
    """What the database itself can tell."""
    where: list[ColumnElement[bool]] = list(of(MomentRow.person_id, search.person_id))
    if search.since is not None:
        where.append(MomentRow.happened_at >= search.since)
    if search.until is not None:
        where.append(MomentRow.happened_at < search.until)
    return where


def _sealed(search: Search) -> list[tuple[str, str]]:
    given = (("channel", search.channel), ("landed", search.landed))
    return [(name, value.value) for name, value in given if value is not None]


def _quick(search: Search) -> bytes:
    """Return what stands in every moment that fits, if the moment is plain ASCII; nothing where that cannot be told."""
    told = (word.text for word in search.words if not word.people and word.text.isascii() and word.text.isprintable())
    return max((it for it in told if not {'"', "\\"} & set(it)), key=len, default="").encode()


def _says(search: Search, opened: bytes, person_id: str) -> bool:
    if not search.words:
        return True
    what = _what(opened)
    return all(person_id in word.people or word.text in what for word in search.words)


def _what(opened: bytes) -> str:
    begins, ends = opened.find(_WHAT), opened.rfind(_END)
    inside = opened[begins + len(_WHAT) : ends]
    said = json.loads(b'"' + inside + b'"') if b"\\" in inside else inside.decode()
    return str(said).casefold()


async def _contacts(transaction: Transaction, person_id: str | None = None) -> dict[str, Contact]:
    """Return person id → contact, of everyone with a moment or of one person."""
    at, whose = MomentRow.happened_at, MomentRow.person_id
    query = transaction.picked(MomentRow, [whose, func.count(), func.max(at), func.min(at)], *of(whose, person_id))
    rows = await transaction.connection.execute(query.group_by(whose))
    return {person: Contact(n, last, first) for person, n, last, first in rows}
