"""A backup a day in a folder, made while the coach runs; seven days and four weeks are kept. Knows names and days."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from anyio import to_thread

from coach.errors import BadInput, CoachError
from coach.journal.backups import snapshot
from coach.journal.backups.backup import last, make
from coach.journal.database import Database
from coach.settings import Settings

log = logging.getLogger(__name__)

DAYS, WEEKS = 7, 4
_NAME = re.compile(r"coach-(\d{4}-\d\d-\d\d)\.backup")

UNSEALED = (
    "COACH_BACKUPS names a folder, but no passphrase to seal backups with, so none is made. Write one into a file that "
    "only you can read and name it: COACH_BACKUP_PASSPHRASE_FILE."
)


class Backups:
    """The backups of one coach. ``trouble``: why the last one that was due could not be made, in a sentence."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings, self._clock = settings, clock
        self.folder = Path(settings.backups).expanduser() if settings.backups else None
        self.trouble: str | None = None

    def newest(self) -> date | None:
        """Return the day of the newest backup in the folder, None when there is none."""
        return max(_days(self.folder), default=None) if self.folder else None

    def last(self) -> date | None:
        """Return the day of the newest backup that was made of this folder, here or anywhere else."""
        return max(filter(None, (self.newest(), last(self._settings.data))), default=None)

    def lacking(self) -> str | None:
        """Return what keeps a backup a day from being sealed, in a sentence; None when nothing does."""
        try:
            return UNSEALED if configured(self._settings) is None else None
        except CoachError as error:
            return str(error)

    async def make(self, file: Path, passphrase: str) -> None:
        """Make a backup whenever it is asked for. Raises BadInput, StorageTrouble."""
        await make(self._settings, file, passphrase, self._clock())

    async def daily(self) -> None:
        """Make today's backup unless it is there, and let old ones go. What goes wrong is ``trouble``, and logged."""
        if self.folder is None:
            return
        self.trouble = self.lacking()
        try:
            if passphrase := None if self.trouble else configured(self._settings):
                await self._today(self.folder, passphrase)
        except CoachError as error:
            self.trouble = str(error)
        if self.trouble:
            log.warning("no backup of today: %s", self.trouble)

    async def _today(self, folder: Path, passphrase: str) -> None:
        now = self._clock()
        day = now.astimezone().date()
        if await to_thread.run_sync(self.newest) == day or not await self._used():
            return
        with contextlib.suppress(OSError):
            await to_thread.run_sync(lambda: folder.mkdir(parents=True, exist_ok=True, mode=0o700))
        await make(self._settings, folder / f"coach-{day}.backup", passphrase, now, replace=True)
        await to_thread.run_sync(_thin_out, folder)

    async def _used(self) -> bool:
        """Whether there is anything to back up: a new coach's first hour would make the day's an empty one."""
        database = Database(self._settings.journal_url)
        try:
            return await snapshot.used(database)
        finally:
            await database.close()


def kept(days: Iterable[date]) -> set[date]:
    """Return which days' backups stay: the newest seven, and the newest of each of the newest four weeks."""
    newest = sorted(set(days), reverse=True)
    weeks: dict[tuple[int, int], date] = {}
    for day in newest:
        weeks.setdefault(day.isocalendar()[:2], day)
    return {*newest[:DAYS], *list(weeks.values())[:WEEKS]}


def _thin_out(folder: Path) -> None:
    days = _days(folder)
    for day in set(days) - kept(days):
        with contextlib.suppress(OSError):
            (folder / f"coach-{day}.backup").unlink()


def _days(folder: Path) -> list[date]:
    """Return the days of the backups there; whatever else lies in the folder is none of ours."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if match := _NAME.fullmatch(path.name):
                with contextlib.suppress(ValueError):
                    found.append(date.fromisoformat(match[1]))
    return found


def configured(settings: Settings) -> str | None:
    """Return the passphrase of the settings, None when there is none. Raises BadInput for a file without one."""
    if settings.backup_passphrase:
        return settings.backup_passphrase
    return in_file(Path(settings.backup_passphrase_file).expanduser()) if settings.backup_passphrase_file else None


def in_file(file: Path) -> str:
    """Return the passphrase a file holds, without the blanks around it. Raises BadInput."""
    try:
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"The passphrase cannot be read from {file}. Name a file that holds it, and is yours.") from None
    if not found:
        raise BadInput(f"{file} is empty. Write the passphrase into it.")
    return found
