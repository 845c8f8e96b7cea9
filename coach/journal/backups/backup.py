"""Making a backup: the database copied, sealed with the key and the user's own files, verified, then given its name.

Nothing under the name of the backup is ever half a file. Knows settings and files; the clock is the caller's.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from anyio import to_thread

from coach.errors import BadInput, StorageTrouble
from coach.files import sync
from coach.journal.backups import snapshot
from coach.journal.backups.contents import JOURNAL, KEY, SETTINGS, own_files, pack, unpack
from coach.journal.backups.envelope import Envelope, Sealer, check, look
from coach.journal.backups.folder import workplace
from coach.journal.database import Database
from coach.journal.keys import Cipher, fingerprint, keys_in
from coach.settings import Settings, variable

ABOUT = "A backup of the coach, sealed by a passphrase. 'coach restore FILE' puts it back."
LAST = "last-backup"
"""The file in the data folder with the time of the last backup."""

_SECRET = ("_key", "_password", "_passphrase")
_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Made:
    """A backup as it was verified: its file, its size in bytes, and how many rows of which table it holds."""

    file: Path
    size: int
    rows: dict[str, int]


async def make(settings: Settings, file: Path, passphrase: str, now: datetime, *, replace: bool = False) -> Made:
    """Write a backup to a file for its owner alone. Raises BadInput, and StorageTrouble, when there is no backup then.

    ``replace``: a file of that name is replaced, once the new one is verified.
    """
    check(passphrase)
    database = Database(settings.journal_url)
    _can_be(file, replace, database)
    part = file.with_name(f".{file.name}.part-{os.getpid()}")
    try:
        with _told(file), workplace(settings.data) as work:
            revision, key = await _copied(database, settings.data, work / JOURNAL)
            told = {"about": ABOUT, "made_at": now.isoformat(), "revision": revision, "program": _program()}
            await to_thread.run_sync(_write, part, passphrase, told, work / JOURNAL, key, settings)
            rows = await to_thread.run_sync(verify, part, passphrase, work)
            made = await to_thread.run_sync(_named, part, file, rows)
        await to_thread.run_sync(_note, settings.data, now)
        return made
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)
        await database.close()


def last(data: Path) -> date | None:
    """Return the day of the last backup that was made of a data folder, None when it tells of none."""
    with contextlib.suppress(OSError, ValueError):
        return datetime.fromisoformat((data / LAST).read_text(encoding="utf-8").strip()).astimezone().date()
    return None


def _note(data: Path, now: datetime) -> None:
    with contextlib.suppress(OSError):
        (data / LAST).write_text(now.isoformat() + "\n", encoding="utf-8")


def verify(file: Path, passphrase: str, work: Path) -> dict[str, int]:
    """Open a backup as a restore would, in a folder for it; return rows by table. Raises BadInput, StorageTrouble."""
    return opened(look(file), passphrase, work / "opened")


def opened(envelope: Envelope, passphrase: str, to: Path) -> dict[str, int]:
    """Unseal, unpack and check a backup in a new folder; return rows by table. Raises BadInput, StorageTrouble."""
    inside = to.with_name("inside")
    envelope.unseal(passphrase, inside)
    to.mkdir(mode=0o700)
    names = unpack(inside, to)
    inside.unlink()
    snapshot.check(to / JOURNAL)
    if snapshot.revision(to / JOURNAL) != envelope.told["revision"]:
        raise BadInput(f"{envelope.file} is not what it says it is. Take another backup.")
    return openable(to / JOURNAL, (to / KEY).read_bytes() if KEY in names else b"")


def openable(journal: Path, key: bytes) -> dict[str, int]:
    """Return rows by table of a copy once a row of each table and user was opened. Raises StorageTrouble."""
    try:
        keys = keys_in(key) if key else {}
    except ValueError:
        raise StorageTrouble("The key file is damaged, so nothing of the journal could be opened with it.") from None
    rows: dict[str, int] = {}
    with closing(sqlite3.connect(journal)) as opened:
        users = dict(opened.execute("SELECT id, key_id FROM users"))
        members = _members(opened)
        for user, key_id in users.items():
            if user in members:
                continue  # what opens theirs is sealed in their own rows
            if user not in keys or fingerprint(keys[user]) != key_id:
                raise StorageTrouble(
                    "The key file is gone, or is not the one this journal was written with: nothing can be read "
                    "until the right one is back."
                )
        for (table,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = {row[1] for row in opened.execute(f"PRAGMA table_info({table})")}
            if not {"user_id", "id", "payload"} <= columns:
                continue
            rows[table] = opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for user in keys.keys() & users.keys() - members:
                query = f"SELECT id, payload FROM {table} WHERE user_id = ? LIMIT 1"  # noqa: S608
                for row_id, payload in opened.execute(query, (user,)):
                    Cipher(user, keys[user]).open(table, row_id, payload)
    return rows


def _can_be(file: Path, replace: bool, database: Database) -> None:
    """Raise BadInput when no backup can be made there."""
    if file.exists() and not replace:
        raise BadInput(f"{file} is there already. Name a new file.")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"There is no folder {file.parent}. Make it, or name a file in another one.")
    if database.path is not None and not database.path.exists():
        raise BadInput(f"There is no journal at {database.where} yet, so there is nothing to back up.")


def _named(part: Path, file: Path, rows: dict[str, int]) -> Made:
    os.replace(part, file)
    sync(file.absolute().parent)
    return Made(file, file.stat().st_size, rows)


def _members(opened: sqlite3.Connection) -> set[str]:
    there = opened.execute("SELECT count(*) FROM sqlite_master WHERE name = 'members'").fetchone()[0]
    return {row[0] for row in opened.execute("SELECT id FROM members")} if there else set()


async def _copied(database: Database, data: Path, to: Path) -> tuple[str, bytes]:
    """Copy the database, then read the key: the key of whoever is in the copy is in the file unless they were erased.

    Then it is done again.
    """
    for left in reversed(range(_AGAIN)):
        revision = await snapshot.take(database, to)
        if revision is None:
            raise BadInput(f"The journal {database.where} is empty, so there is nothing to back up.")
        try:
            key = await to_thread.run_sync(_key_file, data / KEY)
            await to_thread.run_sync(openable, to, key)
            return revision, key
        except StorageTrouble:
            if not left:
                raise
            os.unlink(to)
    raise AssertionError


def _key_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""  # there is none before the first thing is kept


def _write(
    part: Path, passphrase: str, told: Mapping[str, object], journal: Path, key: bytes, settings: Settings
) -> None:
    """Write a sealed file for its owner alone, and have it on the disk."""
    files: list[tuple[str, Path | bytes]] = [(JOURNAL, journal), (SETTINGS, _settings(settings).encode())]
    files += [(KEY, key)] if key else []
    if settings.pepper.parent != settings.data and settings.pepper.is_file():
        files.append(("pepper", settings.pepper))
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        sealer = Sealer(out, passphrase, told)
        pack(sealer, [*files, *own_files(settings.data)])
        sealer.close()
        out.flush()
        os.fsync(out.fileno())


def _settings(settings: Settings) -> str:
    """Return what was set, one variable a line; passwords and keys by their names alone."""
    lines = []
    for each in fields(settings):
        value, name = getattr(settings, each.name), variable(each.name)
        if value == each.default or each.name == "data":
            continue
        secret = each.name.endswith(_SECRET) or (each.name == "database_url" and "@" in value)
        lines.append(f"# {name} was set" if secret else f"{name}={int(value) if value is True else value}")
    return "\n".join(lines) + "\n"


def _program() -> str:
    try:
        return version("work-relationship-coach")
    except PackageNotFoundError:
        return ""


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say of a disk that failed what is so: there is no backup, and the journal is as it was."""
    try:
        yield
    except StorageTrouble as error:
        raise StorageTrouble(f"No backup was made. {error}") from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        why = "there is not enough room for it" if full else (error.strerror or type(error).__name__)
        raise StorageTrouble(
            f"No backup was made at {file}: {why}. It takes about the journal's size there, and twice that in the data "
            "folder meanwhile. The journal is as it was."
        ) from error
