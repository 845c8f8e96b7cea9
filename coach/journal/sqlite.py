"""Connections to SQLite: how a file is opened, and statements that take one visit to the connection's thread.

Left to itself the driver visits that thread four times for a statement: to make a cursor, run it, fetch, and close. A
visit costs a tenth of a millisecond, more while something else computes, and a turn takes some twenty statements;
results here are small enough to be fetched at once. A transaction begins in the visit of its first statement, and what
is not open is not ended. Knows no table.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote

import aiosqlite

logging.getLogger("aiosqlite").setLevel(logging.INFO)  # below that it logs every statement with its values

R = TypeVar("R")
Came = tuple[Any, int, int | None, Sequence[Any]]
"""Of a statement: the description of its rows, how many it touched, the last row's number, and its rows."""

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -1000",  # kB a connection, half the usual: the system has the file's pages at hand as well
    "PRAGMA temp_store = MEMORY",  # no temporary file keeps what VACUUM moves about
)


async def connect(path: Path, busy_seconds: float) -> Connection:
    """Open a file. A lock of another program's is waited for so long. Raises sqlite3.Error."""
    # isolation_level: transactions are begun by ``database``, not by the driver. mode: a file that is gone is not made.
    uri = f"file:{quote(str(path))}?mode=rw"
    opened = partial(sqlite3.connect, uri, uri=True, timeout=busy_seconds, isolation_level=None)
    connection = Connection(opened, iter_chunk_size=1)
    connection._thread.daemon = True  # a program that ends does not wait for it
    await connection
    try:
        await connection.visit(_set_up, busy_seconds)
    except BaseException:
        await connection.close()
        raise
    return connection


class Connection(aiosqlite.Connection):
    """A connection as SQLAlchemy's dialect for aiosqlite takes it."""

    begins: str | None = None
    """What is run ahead of the next statement, to begin a transaction."""
    away = False
    """Whether work was given to the thread and no result of it has come: broken off, it may yet begin something."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """Return a cursor; nothing is done in the thread yet."""
        return Cursor(self)

    async def visit(self, work: Callable[..., R], *given: Any) -> R:
        """Do something with the plain connection, in its thread."""
        self.away = True
        found: R = await self._execute(work, self._conn, *given)  # type: ignore[no-untyped-call]
        self.away = False
        return found

    async def commit(self) -> None:
        """Keep what was done since a transaction began."""
        await self._end(super().commit)

    async def rollback(self) -> None:
        """Undo what was done since a transaction began; asked for at each return to the pool, mostly for nothing."""
        await self._end(super().rollback)

    async def _end(self, how: Callable[[], Awaitable[None]]) -> None:
        self.begins = None
        if self.away or self.in_transaction:
            await how()
            self.away = False


class Cursor:
    """A statement and what came of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Run a statement and fetch its rows."""
        return await self._visit(False, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        """Run a statement once for each of the parameters."""
        return await self._visit(True, sql, parameters)

    async def _visit(self, many: bool, sql: str, parameters: Iterable[Any]) -> Self:
        begins, self._connection.begins = self._connection.begins, None
        came = await self._connection.visit(_run, begins, many, sql, parameters)
        self.description, self.rowcount, self.lastrowid, self._rows = came
        return self

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open any more."""


def _run(connection: sqlite3.Connection, begins: str | None, many: bool, sql: str, parameters: Iterable[Any]) -> Came:
    cursor = connection.cursor()
    try:
        if begins:
            cursor.execute(begins)
        (cursor.executemany if many else cursor.execute)(sql, parameters)  # type: ignore[arg-type]
        rows = cursor.fetchall() if cursor.description else ()
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()


def _set_up(connection: sqlite3.Connection, busy_seconds: float) -> None:
    _to_write_ahead_log(connection, busy_seconds)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _to_write_ahead_log(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """SQLite waits for others everywhere but in this change of a new file; so wait here."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
