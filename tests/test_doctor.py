"""What ``coach doctor`` says of stores that are gone, full, closed or dead: what is so, and nothing that destroys."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blank import lay
from coach.cli import stores
from coach.cli.doctor import addresses
from coach.cli.stores import Check
from coach.settings import Settings

WORDS = "a hinge of four words"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a journal that somebody has used."""
    file = lay(tmp_path / "data")
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("INSERT INTO users (id, key_id) VALUES ('me', 'some')")
        opened.commit()
    return Settings(data=tmp_path / "data")


def said(checks: Iterator[Check] | list[Check]) -> tuple[str, str]:
    """What was found, and how it is mended."""
    [check, *_] = list(checks)
    return check.says, check.mend or ""


def test_a_key_that_is_gone_is_wrong(settings: Settings) -> None:
    says, mend = said(stores.key(settings))
    assert "is gone: nothing in the journal can be read until it is back, and nothing was changed" in says
    assert mend.startswith(f"put it back as {settings.data / 'key'}")


def test_nothing_is_to_be_moved_from_a_folder_that_cannot_be_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.data / "journal.db").write_bytes(b"no database at all" * 300)
    monkeypatch.setattr(os, "access", lambda path, how: False)  # whoever runs the tests may be allowed anything
    says, mend = said(stores.database(settings))
    assert "cannot be written, so nothing is kept; what is in it was not touched" in says
    assert "mv " not in mend


def test_nothing_is_to_be_moved_on_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings.data / "journal.db").write_bytes(b"no database at all" * 300)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 0))
    says, mend = said(stores.database(settings))
    assert ("while its disk is full" in says, "mv " in mend) == (True, False)


def test_a_damaged_journal_is_restored_first(settings: Settings) -> None:
    (settings.data / "journal.db").write_bytes(b"no database at all" * 300)
    _, mend = said(stores.database(settings))
    assert mend.startswith("coach restore YOUR_BACKUP; without one: mv")


def test_a_database_that_is_not_there_is_asked_and_told() -> None:
    says, _ = said(stores.database(Settings(database_url="postgresql://coach:secret@127.0.0.1:1/coach")))
    assert "cannot be reached" in says
    assert "secret" not in says
    says, _ = said(stores.database(Settings(database_url="file:///etc/passwd")))
    assert "must look like" in says


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///", "nonsense"])
def test_a_dead_chroma_server_is_wrong(tmp_path: Path, url: str) -> None:
    says, mend = said(stores.index(Settings(data=tmp_path, chroma_url=url)))
    assert f"{url} does not answer as expected" in says
    assert "unset COACH_CHROMA_URL" in mend


@pytest.mark.parametrize(
    ("field", "url"),
    [
        ("chroma_url", "file:///"),
        ("embed_base_url", "localhost:11434"),
        ("llm_base_url", "http://"),
        ("chroma_url", "http://a:port"),
    ],
)
def test_nonsense_as_an_address_is_found(field: str, url: str) -> None:
    says, _ = said(addresses(Settings(**{field: url})))
    assert says.endswith(f"is {url}, which is no address of a server")
    assert list(addresses(Settings(**{field: "http://127.0.0.1:8000"}))) == []


class TestBackups:
    def test_none(self, settings: Settings) -> None:
        says, mend = said(stores.backups(settings))
        assert says == "there is none; coach backup FILE makes one, COACH_BACKUPS=FOLDER makes one a day"
        assert mend == ""

    def test_without_a_passphrase(self, settings: Settings, tmp_path: Path) -> None:
        says, mend = said(stores.backups(Settings(data=settings.data, backups=str(tmp_path))))
        assert "no passphrase to seal backups with, so none is made" in says
        assert mend

    @pytest.mark.parametrize(("days", "wrong"), [(0, False), (2, False), (3, True)])
    def test_an_old_one(self, settings: Settings, tmp_path: Path, days: int, wrong: bool) -> None:
        day = (datetime.now(UTC).astimezone() - timedelta(days=days)).date()
        (tmp_path / f"coach-{day}.backup").touch()
        says, mend = said(
            stores.backups(Settings(data=settings.data, backups=str(tmp_path), backup_passphrase="x" * 12))
        )
        assert (f"the newest is of {day}" in says, bool(mend)) == (True, wrong)

    def test_one_that_was_made_elsewhere(self, settings: Settings) -> None:
        (settings.data / "last-backup").write_text(datetime.now(UTC).isoformat())
        assert "(today); coach backup FILE" in said(stores.backups(settings))[0]
