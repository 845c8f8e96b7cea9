"""The engine: how SQLite and PostgreSQL are opened, transacted with and scrubbed.

SQLite runs with WAL, synchronous=FULL (a commit survives a power cut), foreign keys, and secure_delete (what is
erased is overwritten). A transaction that will write says so at its beginning (BEGIN IMMEDIATE), so that it never
fails halfway for a lock. Knows nothing of users, keys, or what is in the tables.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Executable, Insert, Table, TableClause, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from coach.errors import BadInput, StorageTrouble
from coach.journal.sqlite import connect
from coach.journal.trouble import translated
from coach.omissions import without

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

BUSY_SECONDS = 10.0
"""How long a write to SQLite waits for another program's write."""


_AT_ONCE = 500
"""So many ids go into one statement, well below every database's limit."""


class Presence:
    """A SQLite file as it was when it was first looked at.

    One that was deleted or exchanged goes on being written to without an error, and all of it is lost.
    """

    def __init__(self, path: Path) -> None:
        """Look at nothing yet."""
        self._path, self._log = path, f"{path}-wal"
        self._first: tuple[int, int] | None = None

    def check(self, *, written: bool = False) -> None:
        """Raise StorageTrouble unless the file is there and the same; after a write, its log as well."""
        try:
            found = os.stat(self._path)
            if written:
                os.stat(self._log)
        except OSError:
            found = None
        self._first = self._first or ((found.st_dev, found.st_ino) if found else None)
        if found is None or (found.st_dev, found.st_ino) != self._first:
            raise StorageTrouble(
                f"The journal {self._path} was deleted or exchanged while the coach was running, so nothing more is "
                "kept. Stop the coach, put the file back or restore a backup ('coach restore'), then start it again."
            )


class Database:
    """One database, opened by its URL: ``sqlite:///path`` or ``postgresql://…`` (drivers are filled in)."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS, copies: Path | None = None) -> None:
        """Prepare the engine; nothing is opened yet. Raises BadInput for a URL that cannot serve.

        ``copies``: a folder of copies of it, which go when something is erased.
        """
        parsed = _parse(url)
        self._copies = copies
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.path = Path(parsed.database or "") if self.sqlite else None
        self.where = str(self.path) if self.sqlite else f"{parsed.host or 'localhost'}/{parsed.database}"
        options: dict[str, Any] = {"pool_size": 5, "pool_pre_ping": True}
        if self.path:
            options = {"pool_size": 4, "async_creator": partial(connect, self.path, busy_seconds)}
        # hide_parameters: ids and sealed payloads have no place in a traceback either.
        self._engine: AsyncEngine = _engines()(parsed, hide_parameters=True, **options)
        self._presence = Presence(self.path) if self.path else None
        self._turnstile = asyncio.Lock() if self.sqlite else None  # SQLite has one writer: queue fairly, don't poll
        reads: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        writes: dict[str, Any] = {}
        if self.sqlite:
            event.listen(self._engine.sync_engine, "begin", _begin)
            reads, writes = {"begin": "DEFERRED"}, {"begin": "IMMEDIATE"}
        self._reads, self._writes = self._engine.execution_options(**reads), self._engine.execution_options(**writes)

    def prepare(self) -> None:
        """Make the database's file and folder, for the owner's eyes only (SQLite; else nothing)."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise StorageTrouble(
                f"The journal {self.where} cannot be opened ({error.strerror}). Check the folder: its permissions, its "
                "free space; or set COACH_DATA to another one."
            ) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database throughout."""
        with translated(self.where):
            async with self._reads.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is durable once the block ends, and undone if it raises."""
        with translated(self.where):
            async with self._turnstile or nullcontext(), self._writes.connect() as connection:
                if self._presence:
                    self._presence.check()
                async with connection.begin():
                    yield connection
                if self._presence:
                    self._presence.check(written=True)

    async def rows(self, query: Executable) -> Sequence[Any]:
        """Return every row that a query finds, in a transaction of its own."""
        async with self.reading() as connection:
            return (await connection.execute(query)).all()

    async def row(self, query: Executable) -> Any:
        """Return the first row that a query finds, None where there is none."""
        async with self.reading() as connection:
            return (await connection.execute(query)).first()

    async def value(self, query: Executable) -> Any:
        """Return the first column of the first row that a query finds, None where there is none."""
        async with self.reading() as connection:
            return await connection.scalar(query)

    async def run(self, *statements: Executable) -> int:
        """Run statements in one transaction; return how many rows the last one touched."""
        async with self.writing() as connection:
            return [(await connection.execute(each)).rowcount for each in statements][-1]

    async def touch(self) -> None:
        """Write something that means nothing, durably: a database that takes it can be written to."""
        async with self.writing() as connection:
            if self.sqlite:
                now = (await connection.exec_driver_sql("PRAGMA user_version")).scalar_one()
                await connection.exec_driver_sql(f"PRAGMA user_version = {(now + 1) % 1_000_000}")
            else:
                await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

    def upsert(self, table: TableClause, *replace: str) -> Insert:
        """INSERT, or where its key is taken: set the columns named; when none is, do nothing, whatever is taken."""
        return _upsert(self.sqlite, table, replace)

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that reads: no transaction is begun and ended around it."""
        with translated(self.where):
            async with self._engine.connect() as connection:
                if not self.sqlite:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                yield connection

    @asynccontextmanager
    async def held(self, lock: int) -> AsyncIterator[Held]:
        """Ask for an advisory lock on a connection of its own, which a process has as long as it lives."""
        with translated(self.where):
            if self.sqlite:
                yield Held(None, lock)
                return
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                yield Held(connection, lock)
                await connection.execute(text("SELECT pg_advisory_unlock_all()"))

    async def scrub(self, tables: Iterable[Table]) -> None:
        """Take erased rows out of the files, the write-ahead log included. Raises StorageTrouble if that fails.

        SQLite: every page is rewritten and the log truncated. PostgreSQL: the tables are vacuumed; its own
        write-ahead log and backups are its administrator's.
        """
        try:
            if self._copies is not None:
                await asyncio.to_thread(drop_copies, self._copies)
            with translated(self.where):
                async with self._turnstile or nullcontext(), self._engine.connect() as connection:
                    await (_scrub_sqlite(connection) if self.sqlite else _vacuum(connection, tables))
        except StorageTrouble as error:
            raise StorageTrouble(
                f"It is erased, but traces may be left in the files. Erase it again. {error}"
            ) from error

    async def settle(self) -> None:
        """Move what stands in SQLite's log to its place, unless somebody is reading."""
        if self.sqlite:
            with translated(self.where):
                async with self._turnstile or nullcontext(), self._engine.connect() as connection:
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


class Held:
    """A lock that one process of all has. Without a connection (SQLite) there is only this process."""

    def __init__(self, connection: AsyncConnection | None, lock: int) -> None:
        self._connection, self._lock, self._got = connection, lock, False

    async def mine(self) -> bool:
        """Whether this process holds it; asks for it again when it does not. Raises when the connection is lost."""
        if self._connection is None:
            return True
        asked = "SELECT 1" if self._got else f"SELECT pg_try_advisory_lock({self._lock})"
        self._got = bool(await self._connection.scalar(text(asked)))
        return self._got


def chunks(ids: Collection[str]) -> Iterator[list[str]]:
    """Yield ids, so many at a time as any database takes in one statement."""
    ordered = sorted(ids)
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))


@cache
def _engines() -> Any:
    """Return the maker of engines. Its sessions of mapped objects stay away: 6 MB that nothing here asks for."""
    with without("sqlalchemy.ext.asyncio.session", "sqlalchemy.ext.asyncio.scoping"):
        from sqlalchemy.ext.asyncio import create_async_engine
    return create_async_engine


@cache
def _upsert(sqlite: bool, table: TableClause, replace: tuple[str, ...]) -> Insert:
    insert: Any
    if sqlite:
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert
    statement = insert(table)
    new = {name: statement.excluded[name] for name in replace}
    if new:
        if "revision" in table.c:
            new["revision"] = table.c.revision + 1
        key = [column.name for column in table.primary_key]
        return cast(Insert, statement.on_conflict_do_update(index_elements=key, set_=new))
    return cast(Insert, statement.on_conflict_do_nothing())


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = "postgresql" if parsed.drivername == "postgres" else parsed.get_backend_name()
    except (SQLAlchemyError, ValueError):
        parsed, backend = None, ""
    if parsed is not None and backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed is not None and backend == "postgresql":
        query = {"ssl" if name == "sslmode" else name: value for name, value in parsed.query.items()}
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    raise BadInput("COACH_DATABASE_URL must look like sqlite:///path/to/file or postgresql://name@host/database.")


def _begin(connection: Connection) -> None:
    if how := connection.get_execution_options().get("begin"):
        opened: Any = connection.connection.driver_connection
        opened.begins = f"BEGIN {how}"


async def _scrub_sqlite(connection: AsyncConnection) -> None:
    await connection.exec_driver_sql("VACUUM")
    busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
    if busy:
        raise StorageTrouble("Another program is reading the journal; close it first.")


async def _vacuum(connection: AsyncConnection, tables: Iterable[Table]) -> None:
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    for table in tables:
        await connection.execute(text(f"VACUUM {table.name}"))


def drop_copies(folder: Path) -> None:
    """Leave nothing of the copies. Raises StorageTrouble."""
    try:
        for file in folder.glob("*journal-*"):
            with file.open("r+b") as old:
                old.write(b"\0" * os.fstat(old.fileno()).st_size)
                old.flush()
                os.fsync(old.fileno())
            file.unlink()
    except OSError as error:
        raise StorageTrouble(f"A copy of the journal in {folder} could not be removed ({error.strerror}).") from error
