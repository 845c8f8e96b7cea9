"""Whether the file of a SQLite database is still the one that was opened.

A file that was deleted or exchanged goes on being written to without an error, and all of it is lost. Knows one path.
"""

from __future__ import annotations

import os
from pathlib import Path

from coach.errors import StorageTrouble


class Presence:
    """The file as it was when it was first looked at."""

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
