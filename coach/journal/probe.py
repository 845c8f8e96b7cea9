"""Whether the journal can be used now: the database takes a write, the key is there and fits. Opens nobody's rows."""

from __future__ import annotations

from collections.abc import Mapping

from coach.errors import CoachError
from coach.journal.database import Database
from coach.journal.migrations import check
from coach.journal.users import Users


async def states(database: Database, users: Users) -> Mapping[str, str | None]:
    """Return what is wrong with ``database`` and ``key`` in a sentence each, None where nothing is."""
    try:
        async with database.reading() as connection:
            await check(connection)
        await database.touch()
    except CoachError as error:
        return {"database": str(error), "key": None}
    try:
        async with database.reading() as connection:
            await users.check(connection)
    except CoachError as error:
        return {"database": None, "key": str(error)}
    return {"database": None, "key": None}
