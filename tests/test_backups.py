"""A backup while the coach runs, and the way back: whole or not at all, and said plainly."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import coach.journal.backups.restore as restoring
from blank import lay
from coach.cli import app
from coach.cli.workbench import Doors
from coach.errors import BadInput, Refused, StorageTrouble
from coach.journal import SqlJournal
from coach.journal.backups.backup import Made, make
from coach.journal.backups.contents import unpack
from coach.journal.backups.envelope import Sealer, look
from coach.journal.backups.folder import using
from coach.journal.backups.restore import TO_DO, finish, restore
from coach.settings import Settings
from sample_journal import NOW, moment, person

WORDS = "a hinge of four words"
SAID = "I named tom in the meeting"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is worth a second's work only where somebody may try others."""
    monkeypatch.setattr("coach.journal.backups.envelope.MEMORY_KIB", 64)


def settings_of(folder: Path, url: str) -> Settings:
    """Settings of a data folder; a database in SQLite lies in it."""
    return Settings(data=folder, database_url="" if url.startswith("sqlite") else url)


async def filled(settings: Settings, people: int = 1, words: int = 0) -> SqlJournal:
    """A journal with people, a moment of each, a pack of the user's own, and an exam's results."""
    settings.data.mkdir(parents=True, exist_ok=True)
    if not settings.database_url:
        lay(settings.data)
    journal = await SqlJournal.open(settings.journal_url, settings.data)
    for at in range(people):
        await journal.add_person("me", person(f"p{at}", f"Tom Ashdown {at} {'x' * words}"))
        await journal.add_moment("me", moment(f"m{at}", f"p{at}"))
    (settings.data / "packs" / "ours").mkdir(parents=True, exist_ok=True)
    (settings.data / "packs" / "ours" / "a-card.md").write_text("a card of ours")
    (settings.data / "exams.json").write_text("{}")
    return journal


async def kept(settings: Settings) -> Any:
    """What a start on these settings finds: the export."""
    await finish(settings)
    journal = await SqlJournal.open(settings.journal_url, settings.data)
    try:
        return await journal.export("me")
    finally:
        await journal.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_of(tmp_path / "data", database_url)


@pytest.fixture
def lone(tmp_path: Path) -> Settings:
    """Settings whose journal is in SQLite."""
    return Settings(data=tmp_path / "data")


def mirror(folder: Path) -> dict[str, bytes]:
    """Every file in a folder but the lock's."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "in-use"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


async def test_what_was_backed_up_while_it_ran_is_there_after_the_folder_is_lost(
    lone: Settings, tmp_path: Path
) -> None:
    settings = lone
    running = await filled(settings, people=3)
    with using(settings.data):
        made = await make(settings, tmp_path / "one.backup", WORDS, NOW)
    before = await running.export("me")
    await running.forget("me")
    await running.close()
    for path in settings.data.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    back = await restore(settings, made.file, WORDS, NOW)
    assert (back.rows["people"], back.rows["moments"], back.made_at) == (3, 3, NOW.isoformat())
    assert await kept(settings) == before
    assert (settings.data / "packs" / "ours" / "a-card.md").read_text() == "a card of ours"
    assert (settings.data / "exams.json").read_text() == "{}"


async def test_what_was_there_before_is_kept_aside(settings: Settings, tmp_path: Path) -> None:
    journal = await filled(settings)
    made = await make(settings, tmp_path / "one.backup", WORDS, NOW)
    await journal.add_person("me", person("late", "Maya Late"))
    await journal.close()
    key = (settings.data / "key").read_bytes()
    back = await restore(settings, made.file, WORDS, NOW)
    assert [each["id"] for each in (await kept(settings))["people"]] == ["p0"]
    assert back.aside == settings.data / "before-restore-2024-05-06-093015"
    assert (back.aside / "key").read_bytes() == key
    aside = Settings(data=back.aside)
    assert [each["id"] for each in (await kept(aside))["people"]] == ["late", "p0"]


async def test_a_backup_of_one_kind_of_database_goes_into_the_other(tmp_path: Path, postgres_server: str) -> None:
    import uuid

    from postgres import _run, in_thread

    name = f"coach_{uuid.uuid4().hex}"
    in_thread(_run(postgres_server, "postgres", f"CREATE DATABASE {name}"))
    here = Settings(data=tmp_path / "here")
    there = Settings(data=tmp_path / "there", database_url=f"{postgres_server}/{name}")
    again = Settings(data=tmp_path / "again")
    journal = await filled(here, people=3)
    before = await journal.export("me")
    await journal.close()
    await restore(there, (await make(here, tmp_path / "one", WORDS, NOW)).file, WORDS, NOW)
    assert await kept(there) == before
    await restore(again, (await make(there, tmp_path / "two", WORDS, NOW)).file, WORDS, NOW)
    assert await kept(again) == before
    in_thread(_run(postgres_server, "postgres", f"DROP DATABASE {name} WITH (FORCE)"))


async def test_a_backup_taken_among_writes_has_one_state(settings: Settings, tmp_path: Path) -> None:
    journal = await filled(settings, people=5)

    async def write() -> None:
        for at in range(15):
            await journal.add_person("me", person(f"new{at}"))
            await journal.add_moment("me", moment(f"newer{at}", f"new{at}"))

    writing = asyncio.create_task(write())
    made = [await make(settings, tmp_path / f"{at}.backup", WORDS, NOW) for at in range(2)]
    await writing
    await journal.close()
    for each in made:
        assert 5 <= each.rows["moments"] <= each.rows["people"] <= each.rows["moments"] + 1


async def test_with_members_there_is_a_pepper_instead_of_a_key(lone: Settings, tmp_path: Path) -> None:
    await (await filled(lone)).close()
    with closing(sqlite3.connect(lone.data / "journal.db")) as opened:
        columns = [row[1] for row in opened.execute("PRAGMA table_info(members)")]
        opened.execute(
            f"INSERT INTO members VALUES ({', '.join('?' * len(columns))})", ["me", *"0" * (len(columns) - 1)]
        )
        opened.commit()
    (lone.data / "key").unlink()
    (lone.data / "pepper").write_text("a pepper")
    made = await make(lone, tmp_path / "one.backup", WORDS, NOW)
    (lone.data / "pepper").unlink()
    await restore(lone, made.file, WORDS, NOW)
    assert (lone.data / "pepper").read_text() == "a pepper"


async def test_it_is_for_its_owner_and_holds_no_words_nor_names(lone: Settings, tmp_path: Path) -> None:
    journal = await filled(replace(lone, llm_api_key="sk-secret"))
    made = await make(replace(lone, llm_api_key="sk-secret", port=8123), tmp_path / "one.backup", WORDS, NOW)
    await journal.close()
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    sealed = made.file.read_bytes()
    assert not any(
        word in sealed for word in (b"Ashdown", b"a card of ours", b"SQLite format", b"moments", b"sk-secret")
    )
    look(made.file).unseal(WORDS, tmp_path / "inside")
    assert {*unpack(tmp_path / "inside", tmp_path / "out")} >= {"journal.db", "key", "settings.env"}
    told = (tmp_path / "out" / "settings.env").read_text()
    assert "COACH_PORT=8123" in told
    assert "COACH_LLM_API_KEY was set" in told
    assert "sk-secret" not in told
    assert sorted(path.name for path in lone.data.iterdir() if path.name.startswith(".")) == []


# ---- what is refused, and leaves everything as it was


@pytest.fixture
async def one(lone: Settings, tmp_path: Path) -> Made:
    journal = await filled(lone)
    made = await make(lone, tmp_path / "one.backup", WORDS, NOW)
    await journal.add_person("me", person("late", "Maya Late"))
    await journal.close()
    return made


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda data: data[: len(data) // 2], "damaged or cut short"),
        (lambda data: data[:-1], "damaged or cut short"),
        (lambda data: data[:40], "damaged or cut short"),
        (lambda data: data[:1000] + bytes([data[1000] ^ 1]) + data[1001:], "damaged or cut short"),
        (lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:], "damaged or cut short"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "damaged or cut short"),
        (lambda data: data.replace(b"coach backup 1", b"coach backup 2", 1), "newer version"),
        (lambda data: b"", "not a backup of the coach"),
        (lambda data: b"PK" + data, "not a backup of the coach"),
    ],
)
async def test_a_damaged_file_changes_nothing(lone: Settings, one: Made, harm: Any, told: str) -> None:
    one.file.write_bytes(harm(one.file.read_bytes()))
    before = mirror(lone.data)
    with pytest.raises(BadInput, match=told):
        await restore(lone, one.file, WORDS, NOW)
    assert mirror(lone.data) == before


async def test_another_passphrase_changes_nothing(lone: Settings, one: Made) -> None:
    before = mirror(lone.data)
    with pytest.raises(BadInput, match="This passphrase does not open"):
        await restore(lone, one.file, WORDS + "!", NOW)
    assert mirror(lone.data) == before


def forged(one: Made, tmp_path: Path, change: Any, **told: Any) -> Path:
    """A backup sealed anew after its files were changed."""
    look(one.file).unseal(WORDS, tmp_path / "inside")
    unpack(tmp_path / "inside", tmp_path / "out")
    change(tmp_path / "out")
    from coach.journal.backups.contents import pack

    file = tmp_path / "forged.backup"
    with file.open("wb") as out:
        sealer = Sealer(out, WORDS, {**look(one.file).told, **told})
        found = [path for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()]
        pack(sealer, [(path.relative_to(tmp_path / "out").as_posix(), path) for path in found])
        sealer.close()
    return file


def other_key(out: Path) -> None:
    keys = json.loads((out / "key").read_text())
    keys["keys"]["me"] = "A" * 43 + "="
    (out / "key").write_text(json.dumps(keys))


def torn(out: Path) -> None:
    with closing(sqlite3.connect(out / "journal.db")) as opened:
        opened.execute("UPDATE people SET payload = zeroblob(80)")
        opened.commit()


def scribbled(out: Path) -> None:
    (out / "journal.db").write_bytes((out / "journal.db").read_bytes()[:8192] + os.urandom(8192))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (other_key, "not the one this journal was written with"),
        (lambda out: (out / "key").unlink(), "key file is gone"),
        (lambda out: (out / "key").write_text("{}"), "key file is damaged"),
        (torn, "sealed by a newer version|damaged or changed"),
        (scribbled, "damaged|not a journal"),
        (lambda out: (out / "passwd").write_text("x"), "none of the coach's"),
        (lambda out: (out / "journal.db").unlink(), "does not fit its files"),
    ],
)
async def test_what_does_not_open_inside_changes_nothing(
    lone: Settings, one: Made, tmp_path: Path, change: Any, told: str
) -> None:
    file = forged(one, tmp_path, change)
    before = mirror(lone.data)
    with pytest.raises((BadInput, StorageTrouble), match=told):
        await restore(lone, file, WORDS, NOW)
    assert mirror(lone.data) == before


async def test_a_newer_journal_is_refused(lone: Settings, one: Made, tmp_path: Path) -> None:
    before = mirror(lone.data)
    with pytest.raises(BadInput, match=r"newer version of the coach .*Update the coach"):
        await restore(lone, forged(one, tmp_path, lambda _: None, revision="9999"), WORDS, NOW)
    assert mirror(lone.data) == before


async def test_while_others_use_the_database_nothing_is_restored(
    tmp_path: Path, database_url: str, one: Made, lone: Settings
) -> None:
    if database_url.startswith("sqlite"):
        return
    theirs = settings_of(tmp_path / "theirs", database_url)
    journal = await filled(theirs, people=2)
    with pytest.raises(Refused, match=r"other connections to .* are open, so nothing was changed"):
        await restore(theirs, one.file, WORDS, NOW)
    assert len(await journal.people("me")) == 2
    await journal.close()


async def test_while_a_coach_runs_nothing_is_restored(lone: Settings, one: Made) -> None:
    before = mirror(lone.data)
    with using(lone.data), pytest.raises(Refused, match=rf"process {os.getpid()}; kill {os.getpid()} stops it"):
        await restore(lone, one.file, WORDS, NOW)
    assert mirror(lone.data) == before


async def test_without_room_nothing_is_restored(lone: Settings, one: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    before = mirror(lone.data)
    with pytest.raises(BadInput, match="Free some space"):
        await restore(lone, one.file, WORDS, NOW)
    assert mirror(lone.data) == before


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as a full disk would not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1000, 100_000, 400_000])
async def test_a_full_disk_leaves_no_half_backup(lone: Settings, tmp_path: Path, size: int) -> None:
    journal = await filled(lone, people=10, words=40_000)
    await journal.close()
    (target := tmp_path / "backups").mkdir()
    with at_most(size), pytest.raises(StorageTrouble, match="No backup was made"):
        await make(lone, target / "one.backup", WORDS, NOW)
    assert list(target.iterdir()) == []
    assert len((await kept(lone))["people"]) == 10
    assert [path.name for path in lone.data.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("size", [1000, 100_000, 400_000])
async def test_a_disk_that_fills_up_during_a_restore_changes_nothing(lone: Settings, tmp_path: Path, size: int) -> None:
    journal = await filled(lone, people=10, words=40_000)
    made = await make(lone, tmp_path / "one.backup", WORDS, NOW)
    await journal.close()
    before = mirror(lone.data)
    with at_most(size), pytest.raises(StorageTrouble, match=r"could not be restored .*nothing was changed"):
        await restore(lone, made.file, WORDS, NOW)
    assert mirror(lone.data) == before


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("at", [0, 6, 7, 10, 11, 13, 17, 22, 23])
async def test_killed_at_any_step_it_is_the_old_or_the_new(
    lone: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    settings = lone
    journal = await filled(settings)
    made = await make(settings, tmp_path / "one.backup", WORDS, NOW)
    new = await journal.export("me")
    await journal.add_person("me", person("late", "Maya Late"))
    old = await journal.export("me")
    await journal.close()
    steps = iter(range(100))
    real = {name: getattr(os, name) for name in ("rename", "replace", "unlink", "fsync")}

    def dying(name: str) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            if next(steps) == at:
                raise Killed
            return real[name](*given, **named)

        return step

    with monkeypatch.context() as patched:
        for name in real:
            patched.setattr(restoring.os, name, dying(name))
        try:
            await restore(settings, made.file, WORDS, NOW)
        except Killed:
            began = (settings.data / TO_DO).exists() or at > 21  # the last two steps come after it
        else:
            raise AssertionError("there are fewer steps")
    found = await kept(settings)
    assert found == (new if began else old)
    assert not (settings.data / TO_DO).exists()


# ---- the commands


def typed(settings: Settings, *words: str, terminal: str | None = None) -> Any:
    async def never(*given: Any) -> Any:
        raise AssertionError

    doors = Doors(lambda: settings, never, lambda: terminal is not None)
    return CliRunner().invoke(app, list(words), obj=doors, input=terminal)


def test_the_commands_make_a_backup_and_put_it_back(lone: Settings, tmp_path: Path) -> None:
    async def fill() -> None:
        await (await filled(lone, people=2)).close()

    asyncio.run(fill())
    file = str(tmp_path / "one.backup")
    said = typed(lone, "backup", file, terminal=f"{WORDS}\n{WORDS}\n")
    assert said.exit_code == 0, said.output
    assert "verified: 2 people, 2 moments" in said.stdout
    shutil.rmtree(lone.data)
    (tmp_path / "words").write_text(WORDS + "\n")
    said = typed(lone, "restore", file, "--passphrase-file", str(tmp_path / "words"))
    assert said.exit_code == 0, said.output
    assert "Restored from 2" in said.stdout
    assert len(asyncio.run(kept(lone))["people"]) == 2


@pytest.mark.parametrize(
    ("words", "more", "terminal", "told"),
    [
        (["backup", "one.backup"], {}, None, "Give --passphrase-file FILE"),
        (["backup", "one.backup"], {"backup_passphrase": "short"}, None, "at least 12 characters"),
        (["backup", "one.backup"], {"backup_passphrase_file": "none"}, None, "cannot be read from none"),
        (["backup", "one.backup"], {"backup_passphrase": WORDS}, None, "There is no journal"),
        (["backup", "no/one.backup"], {"backup_passphrase": WORDS}, None, "There is no folder no"),
        (["restore", "one.backup"], {"backup_passphrase": WORDS}, None, "cannot be read (No such file"),
    ],
)
def test_what_is_missing_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    more: dict[str, str],
    terminal: str | None,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    said = typed(Settings(data=tmp_path / "data", **more), *words, terminal=terminal)
    assert (said.exit_code, told in " ".join(said.stderr.split())) == (2, True), said.output
    assert not (tmp_path / "one.backup").exists()
