"""The schema and its history, on both databases."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text

from coach.domain.asks import Happened, Taps
from coach.errors import BadInput, StorageTrouble
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.migrations import HEAD, config, current, migrate
from coach.journal.schema import Base
from coach.knowledge.library import Library
from coach.members.columns import METADATA
from sample_journal import JOURNALS, laid_down, telling
from talks import USER, talking

REVISIONS = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
OLD = telling(REVISIONS)


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_every_revision_has_an_old_journal() -> None:
    assert [path.stem for path in sorted(JOURNALS.glob("*.json"))] == sorted(REVISIONS)


async def test_the_revisions_make_the_tables_as_declared(empty_url: str) -> None:
    await migrate(empty_url)
    database = Database(empty_url)
    async with database.reading() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, {"compare_type": True}),
                [Base.metadata, METADATA],  # type: ignore[arg-type]
            )
        )
    await database.close()
    assert difference == []


@pytest.mark.parametrize("revision", OLD)
async def test_an_old_journal_is_brought_up_with_all_that_is_in_it(
    empty_url: str, tmp_path: Path, revision: str
) -> None:
    """tests/journals/<revision>.json: the key file, the rows as that revision stored them, and what they say."""
    old = await laid_down(revision, empty_url, tmp_path)
    journal = await SqlJournal.open(empty_url, tmp_path)
    assert not any((await journal.states()).values())
    assert grown(await journal.export("me"), today(old["export"])) == today(old["export"])
    await journal.close()


@pytest.mark.parametrize("revision", OLD)
async def test_an_old_export_is_taken_back_with_all_that_is_in_it(
    database_url: str, tmp_path: Path, revision: str
) -> None:
    old = json.loads((JOURNALS / f"{revision}.json").read_text())["export"]
    journal = await SqlJournal.open(database_url, tmp_path)
    await journal.import_("me", old)
    assert grown(await journal.export("me"), today(old)) == today(old)
    await journal.close()


async def test_an_old_conversation_goes_on_from_its_plan(library: Library, tmp_path: Path) -> None:
    old = json.loads((JOURNALS / "0001.json").read_text())["export"]
    async with talking(tmp_path, library) as talk:
        await talk.journal.import_(USER, old)
        talk.id = "c1"
        pressed = Taps(step_id="s2", happened=Happened.WENT_WELL)
        answer = await talk.say("", taps=pressed, check=False)  # the sample's citation stands in no card
        assert answer.order == ["Started", "Read", "Planned", "Piece", "Sources", "Finished"]
        assert answer.plan.headline == old["plans"][0]["headline"]
        assert "s2" in {outcome.step_id for outcome in await talk.journal.outcomes(USER, "plan1")}
        assert "Asked" in (await talk.say("Tom has not answered my second mail either.", check=False)).order


LET_GO = {"severity", "people", "signals", "guesses", "asked", "goal", "tried", "also"}
"""Guesses a reading once held; the words they were made from are the turn's."""


def today(export: dict[str, Any]) -> dict[str, Any]:
    """The export as it is kept now: no guesses, a moment told "a day ago" on that day, an intention as what is done."""
    export = json.loads(json.dumps(export))
    for turn in export["turns"]:
        reading = turn["reading"]
        if not reading.keys() > LET_GO:
            continue
        assert reading["moments"] == [
            {"what": "went quiet", "start": 26, "end": 40, "by": "them", "landed": "indifferent", "person": "Tom",
             "channel": "meeting", "days_ago": 1, "pattern": True}
        ]  # fmt: skip
        for name in LET_GO:
            del reading[name]
        reading["moments"] = [
            {"what": "went quiet", "by": "them", "landed": "indifferent", "person": "Tom", "channel": "meeting",
             "day": "2024-05-05"}
        ]  # fmt: skip
    for intention in (it for session in export.get("sessions", []) for it in session["intentions"]):
        intention["words"] = intention["action"]
    return export


GONE = ("action", "early", "kept", "minutes", "notice", "strays")
"""What a session had to know while it was led another way."""


def grown(new: Any, old: Any) -> Any:
    """The export as far as the old one went: lists and fields that came since are left out."""
    if isinstance(old, dict):
        return {name: grown(new.get(name, value) if name in GONE else new[name], value) for name, value in old.items()}
    if isinstance(old, list) and len(old) == len(new):
        return [grown(one, other) for one, other in zip(new, old, strict=True)]
    return new


async def test_many_programs_may_start_at_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate(empty_url) for _ in range(5)))
    database = Database(empty_url)
    async with database.reading() as connection:
        assert await current(connection) == HEAD
    await database.close()


async def test_a_newer_journal_is_left_alone(empty_url: str, tmp_path: Path) -> None:
    journal = await SqlJournal.open(empty_url, tmp_path)
    database = Database(empty_url)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageTrouble, match="newer version of the coach"):
        await SqlJournal.open(empty_url, tmp_path)
    assert "Restart" in ((await journal.states())["database"] or "")
    async with database.reading() as connection:
        assert await current(connection) == "9999"
    await database.close()
    await journal.close()


async def test_a_migration_that_fails_leaves_nothing_half_done(empty_url: str, tmp_path: Path) -> None:
    """Somebody else's table ``drafts`` is in the way of the last table but one."""
    database = Database(empty_url)
    database.prepare()
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE drafts (theirs INTEGER)"))
    with pytest.raises(StorageTrouble, match="a database of its own"):
        await SqlJournal.open(empty_url, tmp_path)
    async with database.reading() as connection:
        found = MetaData()
        await connection.run_sync(found.reflect)
    assert list(found.tables) == ["drafts"]
    await database.close()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(StorageTrouble, match="not a journal") as caught:
        await SqlJournal.open(f"sqlite:///{path}", tmp_path)
    assert str(path) in str(caught.value)
    assert "Dear" not in str(caught.value)


async def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageTrouble, match=r"data/journal\.db cannot be opened"):
        await SqlJournal.open(f"sqlite:///{tmp_path}/data/journal.db", tmp_path)


async def test_the_database_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    await migrate(f"sqlite:///{tmp_path}/data/journal.db")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "journal.db").stat().st_mode & 0o777 == 0o600


async def test_sqlite_runs_as_it_should(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.reading() as connection:
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
        }
    await database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "temp_store": 2}


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/coach", "sqlite://", "sqlite:///:memory:", "http://x"]
)
async def test_a_url_that_cannot_serve_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="COACH_DATABASE_URL must look like"):
        await SqlJournal.open(url, tmp_path)


async def test_no_server_and_no_database_are_told_apart(postgres_server: str, tmp_path: Path) -> None:
    with pytest.raises(StorageTrouble, match=r"There is no database at 127\.0\.0\.1/nowhere"):
        await SqlJournal.open(f"{postgres_server}/nowhere", tmp_path)
    with pytest.raises(StorageTrouble, match=r"127\.0\.0\.1/coach cannot be reached") as caught:
        await SqlJournal.open("postgres://coach:secret@127.0.0.1:1/coach", tmp_path)
    assert "secret" not in str(caught.value)


def test_opening_a_current_journal_does_not_load_alembic(sqlite_url: str, tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from coach.journal import SqlJournal\n"
        f"asyncio.run(SqlJournal.open({sqlite_url!r}, Path({str(tmp_path)!r})))\n"
        "print([name for name in ('alembic', 'asyncpg', 'mako') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_old_journals_hold_no_plain_words() -> None:
    for path in JOURNALS.glob("*.json"):
        rows = json.dumps(json.loads(path.read_text())["rows"])
        assert "Ashdown" not in rows
        assert "quiet" not in rows


def test_our_sqlite_knows_upserts() -> None:
    assert sqlite3.sqlite_version_info >= (3, 24)
