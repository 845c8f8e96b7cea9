"""A backup a day, one from the page, and the copy before a migration."""

from __future__ import annotations

import base64
import json
import os
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from blank import lay
from coach.errors import StorageTrouble
from coach.journal import SqlJournal
from coach.journal.backups.envelope import look
from coach.journal.backups.restore import restore
from coach.journal.backups.rotation import UNSEALED, Backups, kept
from coach.journal.database import Database
from coach.journal.migrations import HEAD, bring_up
from coach.settings import Settings
from sample_journal import JOURNALS, person

WORDS = "a hinge of four words"
OWN = {"Origin": "http://127.0.0.1:8000", "Accept": "text/html"}
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is worth a second's work only where somebody may try others."""
    monkeypatch.setattr("coach.journal.backups.envelope.MEMORY_KIB", 64)


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Of a journal with somebody in it, and a passphrase in a file."""
    lay(tmp_path / "data")
    (tmp_path / "words").write_text(WORDS + "\n")
    made = Settings(
        data=tmp_path / "data", backups=str(tmp_path / "days"), backup_passphrase_file=str(tmp_path / "words")
    )
    journal = await SqlJournal.open(made.journal_url, made.data)
    await journal.add_person("me", person())
    await journal.close()
    return made


def test_seven_days_and_four_weeks_stay() -> None:
    days = [date(2026, 11, 30) - timedelta(days=back) for back in range(60)]
    stay = sorted(kept(days), reverse=True)
    assert [str(day)[5:] for day in stay] == [
        "11-30", "11-29", "11-28", "11-27", "11-26", "11-25", "11-24", "11-22", "11-15",
    ]  # fmt: skip
    assert kept(stay) == set(stay)


async def test_there_is_one_a_day_and_old_ones_go(settings: Settings, tmp_path: Path) -> None:
    now = [MONDAY]
    backups = Backups(settings, lambda: now[0])
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "mine.backup").touch()
    for back in range(1, 40):
        (tmp_path / "days" / f"coach-{date(2026, 11, 30) - timedelta(days=back)}.backup").touch()
    await backups.daily()
    assert (backups.trouble, backups.newest()) == (None, date(2026, 11, 30))
    assert len(list((tmp_path / "days").iterdir())) == 9 + 1
    first = (tmp_path / "days" / "coach-2026-11-30.backup").stat()
    now[0] += timedelta(hours=1)
    await backups.daily()
    assert (tmp_path / "days" / "coach-2026-11-30.backup").stat() == first
    now[0] += timedelta(days=1)
    await backups.daily()
    assert backups.newest() == date(2026, 12, 1)
    back = await restore(settings, tmp_path / "days" / "coach-2026-12-01.backup", WORDS, now[0])
    assert back.rows["people"] == 1


async def test_nothing_is_made_of_a_journal_that_nobody_has_used(settings: Settings, tmp_path: Path) -> None:
    journal = await SqlJournal.open(settings.journal_url, settings.data)
    await journal.forget("me")
    backups = Backups(settings, lambda: MONDAY)
    await backups.daily()
    assert (backups.trouble, backups.newest()) == (None, None)
    await journal.add_person("me", person())
    await backups.daily()
    assert backups.newest() == date(2026, 11, 30)
    await journal.close()


async def test_without_a_passphrase_it_says_so(settings: Settings, tmp_path: Path) -> None:
    backups = Backups(replace(settings, backup_passphrase_file=""), lambda: MONDAY)
    await backups.daily()
    assert backups.trouble == UNSEALED
    assert not (tmp_path / "days").exists()
    backups = Backups(replace(settings, backup_passphrase_file=str(tmp_path / "none")), lambda: MONDAY)
    await backups.daily()
    assert "cannot be read from" in str(backups.trouble)


async def test_where_no_folder_can_be_it_says_so(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "days").write_text("a file")
    backups = Backups(settings, lambda: MONDAY)
    await backups.daily()
    assert "There is no folder" in str(backups.trouble)


# ---- from the page


def stamp(client: TestClient) -> str:
    page = client.get("/privacy").text
    found = re.search(r'action="/privacy/backup".*?name="page" value="([^"]+)"', page, re.DOTALL)
    assert found
    return found[1]


def test_a_backup_is_made_from_the_page(client: TestClient, tmp_path: Path) -> None:
    client.post("/api/people", json={"name": "Tom"})
    typed = {"passphrase": WORDS, "again": WORDS, "page": stamp(client)}
    answer = client.post("/privacy/backup", data=typed, headers=OWN)
    assert answer.status_code == 200, answer.text
    assert re.fullmatch(r'attachment; filename="coach-[\d-]{10}\.backup"', answer.headers["content-disposition"])
    (tmp_path / "one.backup").write_bytes(answer.content)
    look(tmp_path / "one.backup").unseal(WORDS, tmp_path / "inside")
    assert [path.name for path in tmp_path.rglob(".*")] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"again": "another passphrase"}, "not the same"),
        ({"passphrase": "short", "again": "short"}, "at least 12 characters"),
        ({"page": "made up"}, "older page"),
    ],
)
def test_what_is_wrong_with_a_passphrase_is_said(client: TestClient, change: dict[str, str], told: str) -> None:
    client.post("/api/people", json={"name": "Tom"})
    typed = {"passphrase": WORDS, "again": WORDS, "page": stamp(client), **change}
    answer = client.post("/privacy/backup", data=typed, headers=OWN)
    assert (answer.status_code, told in answer.text) == (400, True)


# ---- before a migration


async def old_journal(data: Path, revision: str, rows: bool = True) -> None:
    """A journal of an older version, as tests/journals keeps it."""
    old = json.loads((JOURNALS / f"{revision}.json").read_text())
    database = Database(f"sqlite:///{data}/journal.db")
    await bring_up(database, revision)
    await database.close()
    with closing(sqlite3.connect(data / "journal.db")) as opened:
        for table, each in [(table, row) for table, found in old["rows"].items() for row in found] if rows else []:
            values = {n: base64.b64decode(v) if n in ("payload", "outcome") and v else v for n, v in each.items()}
            marks = ", ".join("?" * len(values))
            opened.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))
        opened.commit()
    (data / "key").write_text(json.dumps(old["key file"]))


async def test_the_copy_before_a_migration_goes_with_what_is_erased(tmp_path: Path) -> None:
    await old_journal(tmp_path, "0003")
    journal = await SqlJournal.open(f"sqlite:///{tmp_path}/journal.db", tmp_path)
    copy = tmp_path / "before-migration" / "journal-0003.db"
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
        assert opened.execute("SELECT count(*) FROM moments").fetchone()[0] > 0
    assert os.stat(copy).st_mode & 0o777 == 0o600
    await journal.forget_person("me", "tom")
    assert os.listdir(tmp_path / "before-migration") == []
    await journal.close()


@pytest.mark.parametrize("revision", ["0003", HEAD])
async def test_nothing_is_copied_where_nobody_kept_anything_or_nothing_changes(tmp_path: Path, revision: str) -> None:
    await old_journal(tmp_path, revision, rows=False)
    journal = await SqlJournal.open(f"sqlite:///{tmp_path}/journal.db", tmp_path)
    await journal.close()
    assert not [each for _, _, files in os.walk(tmp_path / "before-migration") for each in files]


async def test_without_room_for_the_copy_nothing_is_migrated(tmp_path: Path) -> None:
    await old_journal(tmp_path, "0003")
    (tmp_path / "before-migration").write_text("in the way")
    with pytest.raises(StorageTrouble, match=r"no copy of it could be made .*Nothing was changed"):
        await SqlJournal.open(f"sqlite:///{tmp_path}/journal.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as opened:
        assert opened.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
    os.unlink(tmp_path / "before-migration")
