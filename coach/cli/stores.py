"""What is kept on this machine, looked at for ``doctor``: folder, disk, door, key, journal, backups, index.

Knows where each part keeps its files. Says what is so and the command that mends it; where a folder cannot be written
or a disk is full, that is said, and never that something is to be moved away.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from coach.door import FILE
from coach.errors import CoachError
from coach.settings import Settings

_LEAST_FREE_MB = 200
_STALE_DAYS = 2


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and the command that mends it when something is wrong."""

    name: str
    says: str
    mend: str | None = None


def data(settings: Settings) -> Iterable[Check]:
    """Whether the data folder is there, the user's own, and closed to others."""
    folder = settings.data
    if not folder.exists():
        above = next(parent for parent in folder.absolute().parents if parent.exists())
        if not os.access(above, os.W_OK):
            yield Check("data folder", f"{folder} cannot be made", f"sudo chown $USER {above}")
        else:
            yield Check("data folder", f"{folder} will be made at the first start")
    elif not folder.is_dir():
        yield Check("data folder", f"{folder} is no folder", f"mv {folder} {folder}.old")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Check("data folder", f"{folder} cannot be written", f"sudo chown -R $USER {folder} && chmod 700 {folder}")
    elif opening := _open_to_others(folder, "700"):
        yield Check("data folder", f"others on this machine can look into {folder}", opening)
    else:
        yield Check("data folder", str(folder))


def room(settings: Settings) -> Iterable[Check]:
    """Whether the disk has room."""
    there = next(place for place in (settings.data.absolute(), *settings.data.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free // 2**20
    if free < _LEAST_FREE_MB:
        yield Check("disk", f"{free} MB free", f"free some space on the disk of {there}")
    else:
        yield Check("disk", f"{free} MB free")


def door(settings: Settings) -> Iterable[Check]:
    """Whether the token that opens the coach is closed to others."""
    file = settings.data / FILE
    if settings.open_loopback:
        yield Check("door", "open: whoever has an account on this machine can read the journal while the coach runs")
    elif not file.exists():
        yield Check("door", "no token yet; made at the first start")
    elif opening := _open_to_others(file, "600"):
        yield Check("door", f"others on this machine can read {file}", f"{opening} && coach link --new")
    else:
        yield Check("door", f"{file}, readable by you alone")


def key(settings: Settings) -> Iterable[Check]:
    """Whether the key file is there and closed to others. Whether it fits is the journal's check."""
    file = settings.data / "key"
    if settings.members:
        yield Check("key", "each member has their own, in their own rows")
    elif not file.exists() and _used(settings):
        yield Check(
            "key",
            f"{file} is gone: nothing in the journal can be read until it is back, and nothing was changed",
            f"put it back as {file}, or: coach restore YOUR_BACKUP",
        )
    elif not file.exists():
        yield Check("key", "none yet; made with the first thing you keep")
    elif opening := _open_to_others(file, "600"):
        yield Check("key", f"others on this machine can read {file}", opening)
    else:
        yield Check("key", f"{file}, readable by you alone")


def database(settings: Settings) -> Iterable[Check]:
    """Whether the journal takes a write, is whole, has the tables of this version, and fits its key."""
    if not settings.database_url:
        file = settings.data / "journal.db"
        if not file.exists():
            yield Check("journal", "none yet; made at the first start")
            return
        if opening := _open_to_others(file, "600"):
            yield Check("journal", f"others on this machine can read {file}", opening)
        if wrong := _unwritable(file) or _damaged(file):
            yield wrong
            return
    if trouble := next(filter(None, asyncio.run(_journal(settings)).values()), None):
        mend = "coach index" if "tables" in trouble else "do what it says, then coach doctor"
        yield Check("journal", trouble, mend)
        return
    yield Check("journal", "takes a write; its tables are current and its key fits")


async def _journal(settings: Settings) -> Mapping[str, str | None]:
    from coach.journal import SqlJournal
    from coach.journal.database import Database
    from coach.journal.keys import CallersKey, KeyFile

    try:
        keys = CallersKey() if settings.members else KeyFile(settings.data / "key")
        journal = SqlJournal(Database(settings.journal_url), keys)
    except CoachError as error:
        return {"database": str(error)}
    try:
        return await journal.states()
    finally:
        await journal.close()


def backups(settings: Settings) -> Iterable[Check]:
    """How old the newest backup is, and what to do when there is none."""
    from coach.journal.backups.rotation import Backups

    made = Backups(settings, lambda: datetime.now(UTC))
    newest, one = made.last(), "coach backup FILE makes one"
    days = (date.today() - newest).days if newest else None
    said = f"the newest is of {newest} ({'today' if days == 0 else f'{days} days old'})" if newest else "there is none"
    if made.folder is None:
        yield Check("backup", f"{said}; {one}, COACH_BACKUPS=FOLDER makes one a day")
    elif (trouble := made.lacking()) is not None:
        yield Check("backup", f"{said}; {trouble}", "docs/backup.md says how to name a passphrase")
    elif days is not None and days > _STALE_DAYS:
        yield Check("backup", f"{said}, though one a day is wanted in {made.folder}", f"{one} and says what is wrong")
    else:
        yield Check("backup", f"{said}; one a day is made in {made.folder} while the coach runs")
    for aside in sorted(settings.data.glob("before-restore-*")):
        yield Check("backup", f"what was here before a restore is in {aside}; delete it when you need it no more")


def index(settings: Settings) -> Iterable[Check]:
    """Whether the index can be read, and a server for it answers. A stale one is no fault: the next start renews it."""
    from coach.knowledge.index import Index

    folder = settings.index_folder
    if settings.chroma_url:
        try:
            count = Index(folder, settings.chroma_url).reach()
        except CoachError as error:
            yield Check("index", str(error), "start the Chroma server, or unset COACH_CHROMA_URL")
        else:
            yield Check("index", f"the Chroma server {settings.chroma_url} answers, and holds {count} collections")
    elif not folder.exists():
        yield Check("index", "none yet; made at the first start")
    elif not os.access(folder, os.W_OK):
        yield Check("index", f"{folder} cannot be written", f"sudo chown -R $USER {folder}")
    elif damage := next(filter(None, (_damage(file) for file in folder.rglob("chroma.sqlite3"))), None):
        yield Check("index", f"damaged ({damage})", "coach index")
    else:
        yield Check("index", str(folder))


def _used(settings: Settings) -> bool:
    """Whether somebody has kept something in the journal, as far as a look at a file tells."""
    file = settings.data / "journal.db"
    if settings.database_url or not file.exists():
        return False
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=2)) as opened:
            return bool(opened.execute("SELECT count(*) FROM users").fetchone()[0])
    except sqlite3.Error:
        return False


def _unwritable(file: Path) -> Check | None:
    if os.access(file.parent, os.W_OK) and os.access(file, os.W_OK):
        return None
    says = f"{file} cannot be written, so nothing is kept; what is in it was not touched"
    return Check("journal", says, f"make its disk writable again, or: sudo chown -R $USER {file.parent}")


def _damaged(file: Path) -> Check | None:
    """Return what is wrong with the file of the journal. What is to be moved away is so only when there is room."""
    damage = _damage(file)
    if damage is None:
        return None
    if shutil.disk_usage(file.parent).free < 2**20:
        return Check("journal", f"{file} cannot be read while its disk is full", "free some space, then coach doctor")
    mend = f"coach restore YOUR_BACKUP; without one: mv {file} {file}.damaged && coach import YOUR_EXPORT.json"
    return Check("journal", f"{file} is damaged ({damage})", mend)


def _open_to_others(path: Path, mode: str) -> str | None:
    """Return the command that closes a path to others, None when it is closed."""
    return f"chmod {mode} {path}" if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077 else None


def _damage(file: Path) -> str | None:
    """Return what SQLite says is wrong with a file, without writing to it; None when it is whole or in use."""
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=2)
        try:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return None if "locked" in str(error) else "it cannot be opened"
    except sqlite3.DatabaseError:
        return "not a database"
    return None if said == "ok" else "its pages do not fit together"
