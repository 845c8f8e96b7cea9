"""A copy of the journal before its tables are changed, for when the change turns out badly. Knows files, no clock.

The copy lies in the data folder and opens with the same key. It goes with whatever is erased: nothing that was
forgotten stays in it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from anyio import to_thread

from coach.errors import StorageTrouble
from coach.journal import migrations
from coach.journal.backups import snapshot
from coach.journal.database import Database
from coach.journal.migrations import HEAD, REVISIONS, current

FOLDER = "before-migration"
_KEPT = 2


async def bring_up(database: Database, folder: Path) -> None:
    """Bring the schema up to HEAD, after copying what is there. Raises StorageTrouble."""
    await keep(database, folder)
    await migrations.bring_up(database)


async def keep(database: Database, folder: Path) -> None:
    """Copy a database whose tables are of an older version into a folder, unless nobody has kept anything in it.

    Raises StorageTrouble when there is no room for it: then nothing was changed.
    """
    if database.path is not None and not await to_thread.run_sync(database.path.exists):
        return
    async with database.reading() as connection:
        revision = await current(connection)
    if revision is None or revision == HEAD or revision not in REVISIONS:
        return
    part = folder / f".journal-{revision}-{uuid4().hex[:8]}.part"
    try:
        os.makedirs(folder, exist_ok=True, mode=0o700)
        await snapshot.take(database, part)
        await to_thread.run_sync(_name, part, folder / f"journal-{revision}.db")
    except (OSError, StorageTrouble) as error:
        with contextlib.suppress(OSError):
            os.unlink(part)
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise StorageTrouble(
            f"The journal has to be brought up to this version of the coach, and no copy of it could be made first in "
            f"{folder} ({why}). Nothing was changed. Make room there, or go on with the version before."
        ) from error


def _name(part: Path, file: Path) -> None:
    with closing(sqlite3.connect(part)) as opened:
        somebody = opened.execute("SELECT count(*) FROM users").fetchone()[0]
    if not somebody:
        part.unlink()
        return
    os.replace(part, file)
    for old in sorted(file.parent.glob("journal-*.db"), reverse=True)[_KEPT:]:
        old.unlink()
