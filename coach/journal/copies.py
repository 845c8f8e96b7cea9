"""Copies of the journal that lie in the data folder, and their end: what is erased is erased in them, too."""

from __future__ import annotations

import os
from pathlib import Path

from coach.errors import StorageTrouble


def drop_copies(folder: Path) -> None:
    """Leave nothing of the copies. Raises StorageTrouble."""
    try:
        for file in folder.glob("*journal-*"):
            with file.open("r+b") as old:
                old.write(b"\0" * os.fstat(old.fileno()).st_size)
                old.flush()
                os.fsync(old.fileno())
            file.unlink()
    except OSError as error:
        raise StorageTrouble(f"A copy of the journal in {folder} could not be removed ({error.strerror}).") from error
