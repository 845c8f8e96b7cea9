"""Backups and restores that go wrong: full disks, cut and flipped files, kills at any moment, a folder that is lost.

Everything is done by the commands, in processes of their own. ``half``: drills after which the journal was neither the
one before nor the one of the backup; ``half_files``: files under a backup's name that do not open; ``lost``: what was
acknowledged before a backup began and is not in it; ``killed_midway``: kills that came before the end; ``unsaid``:
failures without a plain sentence, or with a traceback.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from evals.bars import Bar
from evals.served import bearer, running

BARS: Mapping[str, Bar] = {
    "drills": Bar(20, True),
    "half": Bar(0, False),
    "half_files": Bar(0, False),
    "lost": Bar(0, False),
    "unsaid": Bar(0, False),
}
WORDS = "a hinge of four words"
LOADED, KILLS, FLIPS = 3, 10, 6
_FILL = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from coach.domain.people import Person
from coach.journal import SqlJournal

async def main():
    journal = await SqlJournal.open(f"sqlite:///{sys.argv[1]}/journal.db", Path(sys.argv[1]))
    for n in range(int(sys.argv[2]), int(sys.argv[3])):
        await journal.add_person("me", Person(f"p{n}", f"Tom {n} {'x' * 60_000}", datetime.now(UTC)))
    await journal.close()

asyncio.run(main())
"""


_TELL = """
import asyncio, json, sys
from pathlib import Path
from coach.journal import SqlJournal
from coach.journal.backups.restore import finish
from coach.settings import Settings

async def main():
    settings = Settings(data=Path(sys.argv[1]))
    await finish(settings)
    journal = await SqlJournal.open(settings.journal_url, settings.data)
    print(json.dumps(sorted(each.name.split(" x")[0] for each in await journal.people("me"))))
    await journal.close()

asyncio.run(main())
"""


@dataclass
class Drills:
    """The drills so far, on data folders under one folder."""

    folder: Path
    figures: dict[str, float] = field(default_factory=lambda: dict.fromkeys((*BARS, "killed_midway"), 0))

    def coach(self, data: Path, *words: str, **how: object) -> subprocess.Popen[str]:
        """Start a command."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
        given |= {"COACH_DATA": str(data), "COACH_BACKUP_PASSPHRASE": WORDS} | how.pop("more", {})  # type: ignore[operator]
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "coach", *words]
        return subprocess.Popen(command, env=given, stdout=pipe, stderr=pipe, text=True, **how)  # type: ignore[call-overload,no-any-return]

    def fails(self, data: Path, *words: str, **how: object) -> bool:
        """Run a command; return whether it failed, and count it when it did not say why in a sentence."""
        process = self.coach(data, *words, **how)
        _, err = process.communicate(timeout=300)
        if process.returncode:
            self.figures["unsaid"] += process.returncode != 2 or "Traceback" in err or not err.strip().endswith(".")
        return bool(process.returncode)

    def people(self, data: Path) -> set[str] | None:
        """Return the names that are there after what a start does first, None when it fails."""
        told = subprocess.run([sys.executable, "-c", _TELL, str(data)], capture_output=True, text=True, check=False)
        return set(json.loads(told.stdout)) if told.returncode == 0 else None

    def fill(self, data: Path, begin: int, end: int) -> None:
        """Add people numbered so to a journal."""
        data.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-c", _FILL, str(data), str(begin), str(end)], check=True)

    def whole(self, file: Path) -> bool:
        """Whether a backup can be restored into an empty folder."""
        shutil.rmtree(self.folder / "empty", ignore_errors=True)
        return not self.fails(self.folder / "empty", "restore", str(file))


def measure(folder: Path) -> dict[str, float]:
    """Do all drills."""
    it, data, file = Drills(folder), folder / "data", folder / "one.backup"
    for n in range(LOADED):
        _under_load(it, folder / f"loaded-{n}")
    it.fill(data, 0, 20)
    old = it.people(data)
    assert not it.fails(data, "backup", str(file))
    for size in (10_000, 300_000, 900_000, 1_300_000):
        _full(it, data, old, size)
    it.fill(data, 20, 25)
    new = it.people(data)
    assert old != new
    for size in (10_000, 300_000, 900_000, 1_300_000):
        it.fails(data, "restore", str(file), preexec_fn=_limit(size))
        _same(it, data, new)
    _damaged(it, data, file, new)
    for n in range(KILLS):
        _killed_backup(it, data, new, n)
    for n in range(KILLS):
        _killed_restore(it, data, file, new, old, n)
    return it.figures


def _same(it: Drills, data: Path, wanted: object) -> None:
    it.figures["drills"] += 1
    it.figures["half"] += it.people(data) != wanted


def _under_load(it: Drills, data: Path) -> None:
    """Back up while people are added, kill the server, lose the folder, restore: who was kept before is there."""
    kept: list[str] = []
    file = data.with_suffix(".backup")
    with running(data) as (process, url), httpx.Client(base_url=url, headers=bearer(data), timeout=60) as client:
        done = threading.Event()

        def write() -> None:
            while not done.is_set():
                name = f"Tom {len(kept)}"
                if client.post("/api/people", json={"name": name}).status_code == 201:
                    kept.append(name)

        writing = threading.Thread(target=write)
        writing.start()
        time.sleep(2)
        before = list(kept)
        assert not it.fails(data, "backup", str(file))
        done.set()
        writing.join()
        process.kill()
        process.wait()
    shutil.rmtree(data)
    it.fails(data, "restore", str(file))
    it.figures["drills"] += 1
    it.figures["lost"] += len(set(before) - (it.people(data) or set())) + (not before)


def _full(it: Drills, data: Path, old: object, size: int) -> None:
    target = it.folder / f"full-{size}.backup"
    failed = it.fails(data, "backup", str(target), preexec_fn=_limit(size))
    it.figures["half_files"] += target.exists() and failed
    _same(it, data, old)


def _damaged(it: Drills, data: Path, file: Path, wanted: object) -> None:
    raw, bad, chance = file.read_bytes(), it.folder / "bad.backup", random.Random(7)
    flips = [chance.randrange(len(raw)) for _ in range(FLIPS)]
    harmed = [raw[: len(raw) // 2], raw[:-1], raw[:100], *(_flipped(raw, at) for at in flips)]
    for each in harmed:
        bad.write_bytes(each)
        it.figures["unsaid"] += not it.fails(data, "restore", str(bad))
        _same(it, data, wanted)
    more = {"COACH_BACKUP_PASSPHRASE": "another passphrase"}
    it.figures["unsaid"] += not it.fails(data, "restore", str(file), more=more)
    _same(it, data, wanted)


def _killed_backup(it: Drills, data: Path, wanted: object, n: int) -> None:
    target = it.folder / f"killed-{n}.backup"
    it.figures["killed_midway"] += _kill(it.coach(data, "backup", str(target)), data, n)
    it.figures["half_files"] += target.exists() and not it.whole(target)
    _same(it, data, wanted)


def _killed_restore(it: Drills, data: Path, file: Path, new: object, old: object, n: int) -> None:
    copy = it.folder / f"restored-{n}"
    shutil.copytree(data, copy)
    it.figures["killed_midway"] += _kill(it.coach(copy, "restore", str(file)), copy, n)
    found = it.people(copy)
    it.figures["drills"] += 1
    it.figures["half"] += found not in (new, old) or (copy / "restore.json").exists()
    shutil.rmtree(copy)


def _kill(process: subprocess.Popen[str], data: Path, n: int) -> bool:
    """Kill a command some time after it began to work in the data folder; return whether it had not ended."""
    while process.poll() is None and not any(data.glob(".work-*")):
        time.sleep(0.002)
    time.sleep(0.03 * n * n)
    midway = process.poll() is None
    process.kill()
    process.communicate()
    return midway


def _flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def _limit(size: int) -> Callable[[], None]:
    """Let no file grow beyond a size: what a full disk does, at a place that can be chosen."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
