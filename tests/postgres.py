"""Fixtures: fresh databases with a current schema, in SQLite and in a PostgreSQL cluster of our own.

The cluster lives in a temporary folder (in memory if there is room, as all of the tests' folders), listens on loopback
only, and is started once a session, when a test first asks for it. Where the binaries are missing its tests are skipped
with that reason; with COACH_CI=1 they fail instead.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import uuid
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from coach.journal.migrations import migrate
from evals.clusters import binaries, cluster
from evals.partitions import partition

_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB", "max_connections=50")


def in_thread(work: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine to its end, away from the loop a test may have."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running cluster, without a database: ``postgresql://coach@127.0.0.1:port``."""
    if binaries() is None:
        reason = "PostgreSQL's initdb and postgres are not installed"
        if os.environ.get("COACH_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    memory = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with cluster(_SETTINGS, Path(memory) if memory else None) as running:
        yield running.url.rpartition("/")[0]


@pytest.fixture(scope="session")
def _postgres_current(postgres_server: str) -> str:
    """The URL of the one database with a current schema that tests share, one after another."""

    async def make() -> None:
        await _run(postgres_server, "postgres", "CREATE DATABASE current")
        await migrate(f"{postgres_server}/current")
        if many := int(os.environ.get("PARTITIONS", "0")):  # ``make soak DRILL=partitions``
            await partition(f"{postgres_server}/current", many)

    in_thread(make())
    return f"{postgres_server}/current"


@pytest.fixture(scope="session")
def _sqlite_current(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "journal.db"
    in_thread(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh database with nothing in it, for tests that change tables; on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/journal.db"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"coach_{uuid.uuid4().hex}"
    in_thread(_run(server, "postgres", f"CREATE DATABASE {name}"))
    yield f"{server}/{name}"
    in_thread(_run(server, "postgres", f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with a current schema and no rows; the test runs on each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_current"), tmp_path / "journal.db")
        return f"sqlite:///{tmp_path}/journal.db"
    url: str = request.getfixturevalue("_postgres_current")
    server, name = url.rsplit("/", 1)
    # Whatever a user or a member has goes with them.
    emptied = ("users", "members", "invites", "tries", "audit", "numbers", "handouts")
    in_thread(_run(server, name, "; ".join(f"DELETE FROM {table}" for table in emptied)))
    return url


@pytest.fixture
def sqlite_url(_sqlite_current: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with a current schema."""
    shutil.copy(_sqlite_current, tmp_path / "journal.db")
    return f"sqlite:///{tmp_path}/journal.db"


async def _run(server: str, database: str, statement: str) -> None:
    connection = await asyncpg.connect(f"{server}/{database}")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
