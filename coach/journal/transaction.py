"""One user's open transaction: find, list, add, change and keep nouns, sealed.

A ``Shelf`` says where a noun is kept and which of its fields the database may see. Every statement here names the
user. Knows nothing of single nouns beyond the shelves, and does not commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, false, func, insert, select, update

from coach.domain.commitments import Commitment
from coach.domain.drafts import Draft
from coach.domain.intakes import Intake
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.preferences import Preferences
from coach.domain.sent import Sent
from coach.domain.sessions import Session
from coach.domain.turns import Conversation, Turn
from coach.errors import BadInput, NotFound
from coach.journal.database import Database, chunks
from coach.journal.keys import Cipher
from coach.journal.payloads import from_json, in_utc, to_json
from coach.journal.schema import (
    CommitmentRow,
    ConversationRow,
    DraftRow,
    IntakeRow,
    MomentRow,
    PersonRow,
    PlanRow,
    PreferencesRow,
    SealedRow,
    SentRow,
    SessionRow,
    TurnRow,
)
from coach.journal.trouble import MET, Passed
from coach.journal.users import usable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

_PAUSE_EVERY = 500
"""So many payloads are opened or sealed before other tasks get their turn."""


@dataclass(frozen=True)
class Shelf(Generic[T]):
    """Where a noun is kept. ``word`` is for sentences; ``time`` is the column that orders it, oldest first.

    ``needs``: the shelves its foreign keys point to, by column. ``more`` gives what the database sees
    of it beside the fields of these names.
    """

    word: str
    noun: type[T]
    row: type[SealedRow]
    time: str
    needs: Mapping[str, Shelf[Any]] = field(default_factory=dict)
    more: Callable[[T], dict[str, Any]] = lambda _: {}

    @property
    def table(self) -> Table:
        """The table."""
        return self.row.__table__

    def plain(self, thing: T) -> dict[str, Any]:
        """Return the fields of a thing that the database sees."""
        return {name: getattr(thing, name) for name in (self.time, *self.needs)} | self.more(thing)


PEOPLE = Shelf("person", Person, PersonRow, "created_at")
_THEIRS = {"person_id": PEOPLE}
CONVERSATIONS = Shelf("conversation", Conversation, ConversationRow, "created_at", _THEIRS)
TURNS = Shelf(
    "turn", Turn, TurnRow, "at", {"conversation_id": CONVERSATIONS},
    lambda it: {"person_id": it.plan.person_id if it.plan else None},
)  # fmt: skip
MOMENTS = Shelf("moment", Moment, MomentRow, "happened_at", {**_THEIRS, "turn_id": TURNS})
PLANS = Shelf("plan", RepairPlan, PlanRow, "created_at", _THEIRS)
DRAFTS = Shelf("draft", Draft, DraftRow, "created_at", {**_THEIRS, "plan_id": PLANS})
COMMITMENTS = Shelf(
    "commitment", Commitment, CommitmentRow, "taken_at", {"plan_id": PLANS},
    lambda it: {"due": datetime.combine(it.due, time(), UTC) if it.open else None},
)  # fmt: skip
PREFERENCES = Shelf("preference", Preferences, PreferencesRow, "changed_at")
SESSIONS = Shelf("session", Session, SessionRow, "started_at", _THEIRS)
INTAKES = Shelf("intake", Intake, IntakeRow, "at")
SENT = Shelf("call", Sent, SentRow, "at", {"turn_id": TURNS})

SHELVES: dict[str, Shelf[Any]] = {
    "people": PEOPLE,
    "conversations": CONVERSATIONS,
    "turns": TURNS,
    "moments": MOMENTS,
    "plans": PLANS,
    "drafts": DRAFTS,
    "sent": SENT,
    "commitments": COMMITMENTS,
    "preferences": PREFERENCES,
    "sessions": SESSIONS,
}
"""The lists of an export and where each is kept, in an order in which everything comes after what it belongs to."""

SHELF: dict[type[Any], Shelf[Any]] = {shelf.noun: shelf for shelf in SHELVES.values()}
"""Where each noun is kept."""


class Transaction:
    """What one user sees and does in one transaction. ``cipher`` None: they have no journal, so nothing is found."""

    def __init__(self, database: Database, connection: AsyncConnection, user: str, cipher: Cipher | None) -> None:
        self.database = database
        self.connection = connection
        self.user = user
        self.cipher = cipher
        self._read: dict[tuple[str, str], int] = {}

    async def find(self, shelf: Shelf[T], id_: str, *, change: bool = False) -> T:
        """Return one thing; ``change``: nobody else changes it until this transaction ends. Raises NotFound."""
        row = shelf.row
        if self.cipher is None or not usable(id_):
            missing(shelf.word)
        query = _one(shelf.table, "payload", "revision")
        if change and not self.database.sqlite:
            query = query.with_for_update()
        found = (await self.connection.execute(query, {"user": self.user, "id": id_})).one_or_none()
        if found is None:
            missing(shelf.word)
        self._read[row.__tablename__, id_] = found.revision
        return from_json(shelf.noun, self.cipher.open(row.__tablename__, id_, found.payload))

    async def secret(self, purpose: str) -> bytes:
        """Return the user's own 32 bytes for a purpose. Raises NotFound when they have no journal."""
        return self.cipher.secret(purpose) if self.cipher is not None else missing("journal")

    async def all(self, shelf: Shelf[T], *where: ColumnElement[bool], last: int | None = None) -> list[T]:
        """Return the things that fit, oldest first; with ``last``, only that many of the newest."""
        if self.cipher is None:
            return []
        row, time = shelf.row, shelf.table.c[shelf.time]
        query = select(row.id, row.payload, row.revision).where(row.user_id == self.user, *where)
        if last is None:
            rows = (await self.connection.execute(query.order_by(time, row.id))).all()
        else:
            newest = query.order_by(time.desc(), row.id.desc()).limit(last)
            rows = (await self.connection.execute(newest)).all()[::-1]
        things = []
        for n, (id_, payload, revision) in enumerate(rows, 1):
            self._read[row.__tablename__, id_] = revision
            things.append(from_json(shelf.noun, self.cipher.open(row.__tablename__, id_, payload)))
            if n % _PAUSE_EVERY == 0:
                await asyncio.sleep(0)
        return things

    def picked(self, row: type[Any], columns: Sequence[Any], *where: ColumnElement[bool]) -> Select[Any]:
        """Return the query for columns of this user's rows that fit."""
        return select(*columns).where(row.user_id == self.user, *where)

    async def count(self, row: type[Any], *where: ColumnElement[bool]) -> int:
        """Return how many rows fit."""
        query = self.picked(row, [func.count()], *where).select_from(row)
        return int(await self.connection.scalar(query) or 0)

    async def ids(self, row: type[Any], *where: ColumnElement[bool]) -> set[str]:
        """Return the ids of the rows that fit."""
        return set((await self.connection.scalars(self.picked(row, [row.id], *where))).all())

    async def has(self, shelf: Shelf[Any], id_: str) -> bool:
        """Whether this user has it."""
        found = usable(id_) and await self.connection.scalar(_one(shelf.table, "id"), {"user": self.user, "id": id_})
        return bool(found)

    async def add(self, shelf: Shelf[T], thing: T) -> None:
        """Insert. Raises BadInput when the id is taken, NotFound when something it belongs to is not there."""
        values = await self._values(shelf, thing)
        result = await self.connection.execute(self.database.upsert(shelf.table), values)
        if result.rowcount == 0:
            raise BadInput(f"There is a {shelf.word} with this id already.")

    async def begin(self, shelf: Shelf[T], thing: T) -> None:
        """Insert what must not be there. Raises Passed when it is."""
        result = await self.connection.execute(self.database.upsert(shelf.table), await self._values(shelf, thing))
        if result.rowcount == 0:
            raise Passed(MET)

    async def change(self, shelf: Shelf[T], thing: T) -> None:
        """Replace. Raises NotFound, and Passed when it was changed since it was read in this transaction."""
        await self._replace(shelf, await self._values(shelf, thing))

    async def keep(self, shelf: Shelf[T], thing: T) -> None:
        """Insert, or replace the one with the same id. Raises Passed as ``change`` does."""
        values = await self._values(shelf, thing)
        if (shelf.row.__tablename__, values["id"]) in self._read:
            await self._replace(shelf, values)
            return
        columns = [name for name in values if name not in ("user_id", "id")]
        await self.connection.execute(self.database.upsert(shelf.table, *columns), values)

    async def _replace(self, shelf: Shelf[Any], values: dict[str, Any]) -> None:
        row, place = shelf.row, (shelf.row.__tablename__, values["id"])
        seen = self._read.get(place)
        here = [row.user_id == self.user, row.id == values["id"]]
        here += [] if seen is None else [row.revision == seen]
        new = values | {"revision": row.revision + 1}
        result = await self.connection.execute(update(row).where(*here).values(new))
        if result.rowcount == 0:
            if seen is None:
                missing(shelf.word)
            raise Passed(MET)
        if seen is not None:
            self._read[place] = seen + 1

    async def pour(self, shelf: Shelf[T], things: Sequence[T]) -> None:
        """Insert many whose ids and belongings are known to be right."""
        for start in range(0, len(things), _PAUSE_EVERY):
            rows = [self.sealed(shelf, thing) for thing in things[start : start + _PAUSE_EVERY]]
            await self.connection.execute(insert(shelf.table), rows)

    async def erase(self, row: type[Any], ids: Collection[str]) -> None:
        """Erase rows by their ids; those that are not there are passed over."""
        for some in chunks(ids):
            ours: ColumnElement[bool] = row.user_id == self.user
            await self.connection.execute(delete(row).where(ours, row.id.in_(some)))

    async def remove(self, shelf: Shelf[Any], id_: str) -> None:
        """Erase one thing. Raises NotFound."""
        if not await self.has(shelf, id_):
            missing(shelf.word)
        await self.erase(shelf.row, {id_})

    def sealed(self, shelf: Shelf[T], thing: T) -> dict[str, Any]:
        """Return the row of a thing. Raises BadInput when it cannot be kept as it is."""
        thing = in_utc(thing)
        id_: str = thing.id  # type: ignore[attr-defined]
        if not usable(id_):
            raise BadInput(f"The id of a {shelf.word} is empty, too long, or holds a broken character.")
        if self.cipher is None:
            missing(shelf.word)
        payload = self.cipher.seal(shelf.row.__tablename__, id_, to_json(thing))
        return {"user_id": self.user, "id": id_, "payload": payload, **shelf.plain(thing)}

    async def _values(self, shelf: Shelf[T], thing: T) -> dict[str, Any]:
        plain = shelf.plain(thing)
        for column, other in shelf.needs.items():
            if plain[column] is not None and not await self.has(other, plain[column]):
                missing(other.word)
        return self.sealed(shelf, thing)


@cache
def _one(table: Table, *columns: str) -> Select[Any]:
    """Return the query for columns of the row with an id; made once, for it is asked again and again."""
    return select(*(table.c[column] for column in columns)).where(
        table.c.user_id == bindparam("user"), table.c.id == bindparam("id")
    )


def of(column: Any, id_: str | None) -> list[ColumnElement[bool]]:
    """Return the condition that a column holds an id (None: no condition); an id no row can have fits nothing."""
    if id_ is None:
        return []
    return [column == id_] if usable(id_) else [false()]


def missing(word: str) -> NoReturn:
    """Raise NotFound for a thing called ``word``."""
    raise NotFound(f"There is no such {word} in this journal.")
