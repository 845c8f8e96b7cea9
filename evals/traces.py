"""What a data folder still tells: every sealed row opened, every file as it lies there. Knows SQLite and the key."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from coach.journal.keys import Cipher, KeyFile

USER = "me"
_SEALED = (("payload", ""), ("outcome", ".outcome"))


def opened(folder: Path) -> str:
    """Return the words of every row of the user; empty where they have no key, and so no row."""
    key = KeyFile(folder / "key").read(USER)
    if key is None:
        return ""
    return "\n".join(_rows(folder / "journal.db", Cipher(USER, key)))


def _rows(path: Path, cipher: Cipher) -> Iterator[str]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            for column, place in _SEALED:
                if {"user_id", "id", column} <= columns:
                    query = f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - our own names
                    for id_, sealed in database.execute(query):
                        yield cipher.open(f"{table}{place}", id_, sealed).decode()


def plain(folders: Collection[Path], words: Collection[str]) -> set[str]:
    """Return the words that stand in any file of some folders, readable as they are."""
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes().lower()
                found |= {word for word in words if word.encode() in data}
    return found
