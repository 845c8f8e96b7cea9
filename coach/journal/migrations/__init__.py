"""The schema of the journal and its history. Runs Alembic, and imports it only when there is something to do.

A new revision: write ``versions/<number>_<what>.py``, set ``HEAD`` to its id, and add a journal of the revision before
it to tests/journals. Payloads are not opened here: a noun gains fields with defaults instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from coach.errors import StorageTrouble
from coach.journal.database import Database

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import AsyncConnection

HEAD = "0012"
"""The revision this program works with."""

REVISIONS = frozenset(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
"""Every revision this program can bring up to HEAD."""

_LOCK = 7_263_981
"""PostgreSQL advisory lock: one program migrates at a time. Any number, always the same."""


async def migrate(url: str) -> None:
    """Bring the schema of the database at a URL up to HEAD. Raises BadInput for the URL, StorageTrouble else."""
    database = Database(url)
    try:
        await bring_up(database)
    finally:
        await database.close()


async def bring_up(database: Database, revision: str = HEAD) -> None:
    """Bring the schema up to a revision, in one transaction; a glance is enough when it is there already."""
    database.prepare()
    async with database.reading() as connection:
        if await current(connection) == revision:
            return
    async with database.writing() as connection:
        if not database.sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if await current(connection) != revision:  # another program may have been first
            await connection.run_sync(_upgrade, revision)


async def check(connection: AsyncConnection) -> None:
    """Raise StorageTrouble unless the schema is current."""
    if await current(connection) != HEAD:
        raise StorageTrouble("The journal's tables are not those of this version. Restart the coach to bring them up.")


async def current(connection: AsyncConnection) -> str | None:
    """Return the revision of the database, None for an empty one."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        return None
    revision: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def config() -> Config:
    """Return Alembic's configuration of these revisions."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.util import CommandError

    settings = config()
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, revision)
    except CommandError as error:
        raise StorageTrouble(
            "The journal was written by a newer version of the coach. Update the coach; the journal was not touched."
        ) from error
