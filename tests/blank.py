"""An empty journal in SQLite, opened in a moment: the schema is made once a process and copied.

What migrations do is the matter of test_migrations.py; tests that only need a journal open one here.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from coach.journal import SqlJournal
from coach.journal.migrations import migrate
from postgres import in_thread


@cache
def _current() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        in_thread(migrate(f"sqlite:///{path}"))
        return path.read_bytes()


async def blank_journal(folder: Path) -> SqlJournal:
    """Open ``folder/journal.db`` with its key beside it; what is there already stays."""
    return await SqlJournal.open(f"sqlite:///{lay(folder)}", folder)


def lay(folder: Path) -> Path:
    """Lay an empty journal into a data folder, for the coach to open; return its file."""
    path = folder / "journal.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_bytes(_current())
    return path
