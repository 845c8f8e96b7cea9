"""Numbers of the whole group: finished weeks, members who let themselves be counted, in fives, none under five.

A week is reckoned once, by whoever takes care, and stays as it was reckoned whoever joins, leaves or changes their mind
later; so nothing is learnt by asking again. There is no part of the group to ask about, and nothing finer is kept
anywhere. Counts rows by their days; opens nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, column, distinct, func, select, table, true, update

from coach.domain.members import Counted, Week
from coach.journal.database import Database
from coach.members.columns import MEMBERS, NUMBERS
from coach.members.row_forms import instant, micros

LEAST = 5
SHOWN = 26
"""So many weeks are given, newest first."""

_ROWS = {Counted.TALKED: ("turns", "at"), Counted.TOOK_ON: ("commitments", "taken_at"),
         Counted.SESSIONS: ("sessions", "started_at")}  # fmt: skip
"""The table and the column of a time in which a thing that is counted shows."""


class Numbers:
    """The numbers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reckon(self, now: datetime) -> None:
        """Reckon the week that ended last, unless that was done."""
        start, end = last_week(now)
        if (
            await self._database.value(select(NUMBERS.c.what).where(NUMBERS.c.week == micros(start)).limit(1))
            is not None
        ):
            return
        async with self._database.writing() as connection:
            counts = {what: await connection.scalar(_people(what, start, end)) for what in Counted}
            rows = [{"week": micros(start), "what": what, "n": in_fives(n or 0)} for what, n in counts.items()]
            await connection.execute(self._database.upsert(NUMBERS).values(rows))

    async def weeks(self) -> Sequence[Week]:
        """Return the weeks that were reckoned, newest first, half a year of them."""
        query = select(NUMBERS).order_by(NUMBERS.c.week.desc()).limit(SHOWN * len(Counted))
        rows = await self._database.rows(query)
        return [Week(_local(week), {Counted(row.what): in_fives(row.n) for row in own})
                for week, own in groupby(rows, lambda row: int(row.week))]  # fmt: skip

    async def counts(self, member: str) -> bool:
        """Whether a member may be counted."""
        return bool(await self._database.value(select(MEMBERS.c.counted).where(MEMBERS.c.id == member)))

    async def let(self, member: str, *, count: bool) -> None:
        """Let a member be counted from the next week that ends, or no more."""
        await self._database.run(update(MEMBERS).where(MEMBERS.c.id == member).values(counted=count))


def in_fives(n: int) -> int:
    """Return a number of people rounded down to fives: 0 for fewer than five."""
    return n - n % LEAST if n >= LEAST else 0


def last_week(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the week that ended last, Monday to Monday by the server's clock."""
    today = now.astimezone().date()
    monday = today - timedelta(days=today.weekday())
    return _midnight(monday - timedelta(days=7)), _midnight(monday)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


def _local(week: int) -> date:
    return instant(week).astimezone().date()


def _people(what: Counted, start: datetime, end: datetime) -> Select[int]:
    """Return the query for how many members who may be counted did something within a time."""
    if what is Counted.MEMBERS:
        return select(func.count()).select_from(MEMBERS).where(MEMBERS.c.counted.is_(true()))
    name, at = _ROWS[what]
    rows = table(name, column("user_id"), column(at))
    when: ColumnElement[int] = rows.c[at]
    found = select(func.count(distinct(rows.c.user_id))).join_from(rows, MEMBERS, MEMBERS.c.id == rows.c.user_id)
    return found.where(MEMBERS.c.counted.is_(true()), when >= micros(start), when < micros(end))
