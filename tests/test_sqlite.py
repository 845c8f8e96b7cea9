"""The private names of aiosqlite that our connections to SQLite are built on are there, and no others are used."""

from __future__ import annotations

import ast
import asyncio
import inspect
import sqlite3
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread, current_thread
from types import MethodType

import aiosqlite
import pytest

from coach.journal import sqlite

PRIVATE = {"_thread": Thread, "_conn": sqlite3.Connection, "_execute": MethodType}
"""What aiosqlite's ``Connection`` keeps to itself and ``coach.journal.sqlite`` uses all the same, and of what kind."""


@pytest.mark.parametrize("name", sorted(PRIVATE))
async def test_aiosqlite_still_has_the_private_names_that_we_use(name: str) -> None:
    async with aiosqlite.connect(":memory:") as connection:
        assert isinstance(getattr(connection, name, None), PRIVATE[name]), (
            f"aiosqlite {version('aiosqlite')} has renamed or changed Connection.{name}, which coach/journal/sqlite.py "
            "is built on. Keep the version before it, or change connect() and Connection.visit() there."
        )


async def test_work_runs_in_the_connections_own_thread(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()  # a file that is not there is not made
    connection = await sqlite.connect(tmp_path / "a.db", 1.0)
    try:
        assert await connection.visit(lambda plain: plain.execute("SELECT 7").fetchone()) == (7,)
        assert await connection.visit(lambda _: current_thread()) is not current_thread()
    finally:
        await connection.close()


async def test_a_transaction_begins_with_its_first_statement_and_one_without_any_is_not_ended(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    connection = await sqlite.connect(tmp_path / "a.db", 1.0)
    try:
        connection.begins = "BEGIN IMMEDIATE"
        await connection.commit()
        await connection.cursor().execute("CREATE TABLE letters (id)")
        assert not connection.in_transaction
        connection.begins = "BEGIN IMMEDIATE"
        await connection.cursor().execute("INSERT INTO letters VALUES (1)")
        assert connection.in_transaction
        await connection.rollback()
        assert not connection.in_transaction
        assert await (await connection.cursor().execute("SELECT * FROM letters")).fetchall() == []
    finally:
        await connection.close()


async def test_what_is_broken_off_before_its_result_came_is_undone_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    connection = await sqlite.connect(tmp_path / "a.db", 1.0)
    held = Event()
    try:
        waiting = asyncio.create_task(connection.visit(lambda _: held.wait()))
        await asyncio.sleep(0)
        connection.begins = "BEGIN IMMEDIATE"
        begun = asyncio.create_task(connection.cursor().execute("CREATE TABLE letters (id)"))
        await asyncio.sleep(0)
        begun.cancel()
        undone = asyncio.create_task(connection.rollback())
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(waiting, undone)
        assert not connection.in_transaction
        assert await (await connection.cursor().execute("SELECT * FROM sqlite_master")).fetchall() == []
    finally:
        await connection.close()


def test_no_other_private_name_is_used() -> None:
    tree = ast.parse(inspect.getsource(sqlite))
    own = {"_visit", "_end", "_connection", "_rows"}
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
    }
    assert used - own == set(PRIVATE)
