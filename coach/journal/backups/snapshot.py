"""The database as one SQLite file, taken while others write to it, and put back. Knows both databases, and no payload.

SQLite: its own backup, in one step, which sees one state and keeps nobody from writing. PostgreSQL: all rows in one
REPEATABLE READ transaction, laid into a SQLite file of the same revision. Why not pg_dump: it has to be installed, and
as new as the server; its output fits only PostgreSQL. This way a backup of one can be restored into the other.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from anyio import to_thread
from sqlalchemy import Connection, MetaData, Table, delete, insert, inspect, select, text

from coach.errors import StorageTrouble
from coach.journal.database import Database
from coach.journal.migrations import bring_up, current
from coach.journal.trouble import translated

_ROWS = 500
_REVISIONS = "alembic_version"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


async def take(database: Database, to: Path) -> str | None:
    """Copy the database into a new SQLite file; return its revision, None for an empty one. Raises StorageTrouble."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if database.path is not None:
        with translated(database.where):
            await to_thread.run_sync(_copy, database.path, to)
        return revision(to)
    async with database.reading() as rows:
        if (found := await current(rows)) is None:
            return None
        await _lay(to, found)
        with translated(str(to)), closing(_single(to)) as target:
            for table in await rows.run_sync(_tables):
                stream = await rows.stream(select(table))
                async for some in stream.partitions(_ROWS):
                    target.executemany(_insert(table), [tuple(row) for row in some])
            target.commit()
    return found


async def put(copy: Path, database: Database) -> None:
    """Replace every row of a database by those of a copy, in one transaction. The copy is brought up to HEAD first."""
    await _lay(copy)
    await bring_up(database)
    with translated(database.where), closing(sqlite3.connect(copy)) as rows:
        async with database.writing() as target:
            tables = await target.run_sync(_tables)
            for table in reversed(tables):
                await target.execute(delete(table))
            for table in tables:
                found = rows.execute(f"SELECT * FROM {table.name}")  # noqa: S608  a name of ours
                names = [column[0] for column in found.description]
                while some := found.fetchmany(_ROWS):
                    await target.execute(insert(table), [dict(zip(names, row, strict=True)) for row in some])


def revision(copy: Path) -> str | None:
    """Return the revision of a copy, None for an empty one. Raises StorageTrouble for what is no database."""
    with translated(str(copy)), closing(sqlite3.connect(copy)) as opened:
        there = opened.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (_REVISIONS,)).fetchone()[0]
        found = opened.execute(f"SELECT version_num FROM {_REVISIONS}").fetchone() if there else None  # noqa: S608
    return str(found[0]) if found else None


def check(copy: Path) -> None:
    """Raise StorageTrouble unless SQLite finds a copy whole."""
    with translated(str(copy)), closing(sqlite3.connect(copy)) as opened:
        said = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise StorageTrouble(f"The copy of the journal in {copy.parent} is damaged.")


async def others(database: Database) -> int:
    """Return how many other connections there are to a PostgreSQL database."""
    return int(await database.value(text(_OTHERS)) or 0)


async def used(database: Database) -> bool:
    """Whether anybody has kept anything in a database."""
    async with database.reading() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).has_table("users"))
        return there and await connection.scalar(text("SELECT 1 FROM users LIMIT 1")) is not None


async def _lay(copy: Path, *to: str) -> None:
    """Bring a copy up to a revision (default: HEAD)."""
    made = Database(f"sqlite:///{copy}")
    try:
        await bring_up(made, *to)
    finally:
        await made.close()


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _REVISIONS]


def _insert(table: Table) -> str:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608


def _copy(path: Path, to: Path) -> None:
    source = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=10)
    with closing(source), closing(_single(to)) as target:
        source.backup(target)
    _single(to).close()


def _single(copy: Path) -> sqlite3.Connection:
    """Open a copy as one file, without a write-ahead log beside it."""
    opened = sqlite3.connect(copy)
    opened.execute("PRAGMA journal_mode = DELETE")
    return opened
