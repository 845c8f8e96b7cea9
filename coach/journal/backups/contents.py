"""The files inside a backup: a ZIP with a list of their hashes. Knows folders and hashes, and no passphrase."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from coach.errors import BadInput

LIST = "list.json"
JOURNAL, KEY, SETTINGS = "journal.db", "key", "settings.env"
OWN = ("packs", "sessions", "exams.json", "pepper")
"""What is the user's own in the data folder, besides journal and key; the index is made from the cards."""

_AT_ONCE = 1 << 20
_NAMES = frozenset((JOURNAL, KEY, SETTINGS, *OWN))


def own_files(data: Path) -> Iterable[tuple[str, Path]]:
    """Yield names and files of the user's own; what a copy that was cut short left behind is none of it."""
    for name in OWN:
        there = data / name
        for path in sorted(there.rglob("*")) if there.is_dir() else [there]:
            name = path.relative_to(data).as_posix()
            if path.is_file() and not path.is_symlink() and "/." not in name:
                yield name, path


def pack(out: Any, files: Iterable[tuple[str, Path | bytes]]) -> None:
    """Write files (a path, or the bytes themselves) and their list to something that can be written to."""
    told: dict[str, dict[str, object]] = {}
    with zipfile.ZipFile(out, "w") as zipped:
        for name, source in files:
            digest, size = hashlib.sha256(), 0
            with zipped.open(name, "w", force_zip64=True) as member:
                for some in _pieces(source):
                    member.write(some)
                    digest.update(some)
                    size += len(some)
            told[name] = {"size": size, "sha256": digest.hexdigest()}
        zipped.writestr(LIST, json.dumps(told, indent=1))


def unpack(file: Path, to: Path) -> list[str]:
    """Write the files of a ZIP into a new folder, each checked; return their names. Raises BadInput."""
    try:
        with zipfile.ZipFile(file) as zipped:
            told: Mapping[str, Mapping[str, Any]] = json.loads(zipped.read(LIST))
            if set(zipped.namelist()) != {LIST, *told} or JOURNAL not in told:
                raise BadInput("The list inside the backup does not fit its files. Take another backup.")
            for name, each in told.items():
                _extract(zipped, name, each, to)
            return list(told)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, RuntimeError):
        raise BadInput("What is inside the backup cannot be read. Take another backup.") from None


def _extract(zipped: zipfile.ZipFile, name: str, told: Mapping[str, Any], to: Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in _NAMES or "\\" in name or ":" in name:
        raise BadInput("The backup holds files that are none of the coach's. Take another backup.")
    goal = to / path
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with (
        zipped.open(name) as member,
        os.fdopen(os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
    ):
        while some := member.read(_AT_ONCE):
            digest.update(some)
            out.write(some)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != told["sha256"]:
        raise BadInput(f"The file {name} inside the backup is not as it was written. Take another backup.")


def _pieces(source: Path | bytes) -> Iterable[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while some := file.read(_AT_ONCE):
            yield some
