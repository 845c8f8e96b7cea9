"""Backups as the web sees them: one a day while the server runs, and one that is asked for on a page."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Protocol

from coach.beside import every

_HOUR = 3600.0


class Backups(Protocol):
    """``coach.journal.backups`` as far as it is needed here."""

    folder: Path | None
    """Where one a day is made; None: nowhere."""
    trouble: str | None
    """Why the last one that was due could not be made, in a sentence."""

    def newest(self) -> date | None:
        """Return the day of the newest backup in the folder."""

    async def make(self, file: Path, passphrase: str) -> None:
        """Make one now. Raises BadInput, StorageTrouble."""

    async def daily(self) -> None:
        """Make today's unless it is there. Raises nothing: what goes wrong is ``trouble``."""


def backing_up(backups: Backups | None) -> AbstractAsyncContextManager[None]:
    """See each hour whether today's backup is there, while the block runs: a machine may have slept at midnight."""
    return nullcontext() if backups is None else every(_HOUR, backups.daily)
