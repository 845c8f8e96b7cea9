"""Statements compiled once a process. A program opens one database, the tests some thousand, and each compiled its own.

SQLAlchemy keeps what it compiles with the engine, and tells dialects apart by who they are. Here one keeper serves
every engine, and dialects of one kind are the same: all of a process speak to the same SQLite and the same PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

_COMPILED: Any = LRUCache(2_000)


def compile_once() -> None:
    """Let all engines of this process share what any of them has compiled."""
    there: Any = Engine
    there._compiled_cache = property(lambda _: _COMPILED, lambda _, own: None)
    for kind in (PGDialect_asyncpg, SQLiteDialect_aiosqlite):
        dialect: Any = kind
        dialect.__eq__ = lambda self, other: type(self) is type(other)
        dialect.__hash__ = lambda self: hash(type(self))
