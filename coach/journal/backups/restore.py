"""Restoring a backup: everything is checked first, then the present is put aside and the backup takes its place.

What is to be done is written into one file, ``restore.json``, when all of it lies ready: until then nothing has
changed, and from then on it is finished, by the next start if this one is killed. Each step may be done twice. The
present journal, key and packs are moved, never deleted. Knows files and databases; the clock is the caller's.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from anyio import to_thread

from coach.errors import BadInput, CoachError, Refused, StorageTrouble
from coach.files import sync
from coach.journal.backups import snapshot
from coach.journal.backups.backup import opened
from coach.journal.backups.contents import JOURNAL, KEY, OWN, SETTINGS
from coach.journal.backups.envelope import Envelope, look
from coach.journal.backups.folder import alone, workplace
from coach.journal.database import Database
from coach.journal.migrations import HEAD, REVISIONS
from coach.settings import Settings

TO_DO = "restore.json"
_STAGED = "restore"
_ASIDE = "before-restore-"
_ROOM = 1.1
_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: when it was made, rows by table, where what was here lies, the settings it ran with."""

    made_at: str
    rows: dict[str, int]
    aside: Path | None
    settings: Path | None


async def restore(settings: Settings, file: Path, passphrase: str, now: datetime) -> Restored:
    """Put a backup in the place of what is here. Raises BadInput, Refused and StorageTrouble, and then nothing changed.

    BadInput: the file, the passphrase or the version does not fit. Refused: a coach is running here.
    """
    data = settings.data
    os.makedirs(data, exist_ok=True, mode=0o700)
    with alone(data):
        await _finish(settings)
        envelope = await to_thread.run_sync(look, file)
        _fits(envelope, data)
        database = Database(settings.journal_url)
        try:
            await _free(database)
            with _told(), workplace(data) as work:
                rows = await to_thread.run_sync(opened, envelope, passphrase, work / _STAGED)
                had = await _present(database, work / _ASIDE)
                plan = _plan(settings, database, work, now, had)
                await to_thread.run_sync(_begin, plan, database, data, work)
        finally:
            await database.close()
        await _finish(settings, first=True)
        return await to_thread.run_sync(_restored, envelope, rows, Path(plan["aside"]), data / SETTINGS)


async def finish(settings: Settings) -> None:
    """Finish a restore that was cut short, if there is one. Raises StorageTrouble, Refused."""
    if (settings.data / TO_DO).exists():
        with alone(settings.data, _WAIT_S):
            await _finish(settings)


def _restored(envelope: Envelope, rows: dict[str, int], aside: Path, kept: Path) -> Restored:
    said = kept.read_text(encoding="utf-8").strip() if kept.exists() else ""
    made_at = str(envelope.told.get("made_at", ""))
    return Restored(made_at, rows, aside if aside.exists() else None, kept if said else None)


def _fits(envelope: Envelope, data: Path) -> None:
    """Raise BadInput for a backup this program cannot read, or when there is no room."""
    revision = envelope.told.get("revision")
    if revision not in REVISIONS:
        raise BadInput(
            f"{envelope.file} was made by a newer version of the coach (its journal is {revision}, this "
            f"one knows up to {HEAD}). Update the coach, then restore. Nothing was changed."
        )
    size, free = envelope.end - envelope.begin, shutil.disk_usage(data).free
    if free < 2 * size * _ROOM:
        raise BadInput(
            f"Restoring takes {2 * size * _ROOM / 1e6:.0f} MB in {data}, where {free / 1e6:.0f} MB are free. Free some "
            "space, then try again. Nothing was changed."
        )


async def _free(database: Database) -> None:
    """Raise Refused while another program is connected to a PostgreSQL database."""
    if not database.sqlite and (count := await snapshot.others(database)):
        raise Refused(
            f"{count} other connections to {database.where} are open, so nothing was changed. Stop every coach "
            "and other program that uses this database, then try again."
        )


async def _present(database: Database, aside: Path) -> bool:
    """Copy what a PostgreSQL database holds now, for it is replaced and not moved; return whether it held anything."""
    os.mkdir(aside, 0o700)
    if database.sqlite:
        return True
    held = await snapshot.take(database, aside / JOURNAL) is not None
    if not held:
        os.unlink(aside / JOURNAL)
    return held


def _plan(settings: Settings, database: Database, work: Path, now: datetime, had: bool) -> dict[str, Any]:
    """Return what is to be moved aside and in, as pairs of paths, and the copy that goes into PostgreSQL."""
    data = settings.data.absolute()
    aside = data / f"{_ASIDE}{now:%Y-%m-%d-%H%M%S}"
    staged, journal = data / _STAGED, (database.path or data / JOURNAL).absolute()
    # A database elsewhere cannot be moved into this folder at one stroke: it stays beside where it was.
    beside = journal.with_name(f"{journal.name}.{aside.name}") if journal.parent != data else aside / JOURNAL
    out = [(data / name, aside / name) for name in (KEY, SETTINGS, *OWN)]
    into = [(staged / name, data / name) for name in (KEY, SETTINGS, *OWN) if (work / _STAGED / name).exists()]
    if database.sqlite:
        out += [(Path(f"{journal}{end}"), Path(f"{beside}{end}")) for end in ("", "-wal", "-shm")]
        into += [(Path(f"{journal}.{_STAGED}") if journal.parent != data else staged / JOURNAL, journal)]
    return {
        "aside": str(aside),
        "out": [[str(old), str(new)] for old, new in out if old.exists()],
        "in": [[str(old), str(new)] for old, new in into],
        "database": None if database.sqlite else str(staged / JOURNAL),
        "had": had,
    }


def _begin(plan: dict[str, Any], database: Database, data: Path, work: Path) -> None:
    """Lay everything ready and write down what is to be done: from then on it will be."""
    staged, aside = data / _STAGED, Path(plan["aside"])
    beside = Path(f"{database.path.absolute()}.{_STAGED}") if database.path else None
    shutil.rmtree(staged, ignore_errors=True)
    try:
        os.rename(work / _STAGED, staged)
        if beside is not None and str(beside) in {old for old, _ in plan["in"]}:
            shutil.copyfile(staged / JOURNAL, beside)
            beside.chmod(0o600)
        if plan["out"] or any((work / _ASIDE).iterdir()):
            os.rename(work / _ASIDE, aside)
        fresh = work / TO_DO
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(plan, file)
            file.flush()
            os.fsync(file.fileno())
        sync(staged)
        os.replace(fresh, data / TO_DO)
    except BaseException:
        for path in (staged, aside):
            shutil.rmtree(path, ignore_errors=True)
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise
    sync(data)


async def _finish(settings: Settings, first: bool = False) -> None:
    """Do what is written down, as far as it is not done yet. The caller has the folder alone."""
    plan = await to_thread.run_sync(_to_do, settings.data)
    if plan is not None and plan["database"]:
        await _put(settings, Path(plan["database"]), settings.data, first)
    if plan is not None:
        await to_thread.run_sync(_move, plan, settings.data)


def _to_do(data: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((data / TO_DO).read_text(encoding="utf-8"))
    except FileNotFoundError:
        shutil.rmtree(data / _STAGED, ignore_errors=True)  # of one that never came to be
        return None
    except ValueError:
        raise StorageTrouble(f"{data / TO_DO} is damaged. Remove it, then restore the backup again.") from None
    return found


def _move(plan: dict[str, Any], data: Path) -> None:
    """Move what was here aside and the backup in: renames, which take no room."""
    with _told(begun=True):
        for old, new in plan["out"]:
            if not os.path.lexists(new) and os.path.lexists(old):
                os.rename(old, new)
        for old, new in plan["in"]:
            if os.path.lexists(old):
                os.rename(old, new)
        sync(data)
        (data / TO_DO).unlink()
        shutil.rmtree(data / _STAGED, ignore_errors=True)
        sync(data)


async def _put(settings: Settings, copy: Path, data: Path, first: bool) -> None:
    """Put the rows into PostgreSQL. When it does not take them at first, nothing of the restore is done."""
    database = Database(settings.journal_url)
    try:
        await snapshot.put(copy, database)
    except CoachError as error:
        if not first or not await _answers(database):
            raise StorageTrouble(f"The restore is not finished; the next start goes on with it. {error}") from error
        os.unlink(data / TO_DO)
        shutil.rmtree(data / _STAGED, ignore_errors=True)
        raise StorageTrouble(f"The backup was not restored, and nothing was changed. {error}") from error
    finally:
        await database.close()


async def _answers(database: Database) -> bool:
    """Whether the database can be asked: then a transaction that failed was undone, and else that is not known."""
    try:
        await snapshot.others(database)
    except CoachError:
        return False
    return True


@contextlib.contextmanager
def _told(begun: bool = False) -> Iterator[None]:
    """Say of a disk that failed what is so."""
    try:
        yield
    except OSError as error:
        so = "what is missing is done at the next start" if begun else "nothing was changed"
        raise StorageTrouble(
            f"The backup could not be restored ({error.strerror or type(error).__name__}); {so}. Check the folder's "
            "permissions and free space, then try again."
        ) from error
