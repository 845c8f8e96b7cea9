"""Who is using a data folder, and folders in it for work that may be cut short. Knows locks, and no journal."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from coach.errors import Refused
from coach.files import lock

IN_USE = "in-use"
"""The file that is locked while a program uses the folder; it holds the number of the last one's process."""

_WORK = ".work-"


@contextlib.contextmanager
def using(folder: Path) -> Iterator[None]:
    """Use a folder together with others. Raises Refused while somebody has it alone.

    Where no lock can be had (the folder cannot be written, the system has none) it is used without: what cannot be
    written says so itself.
    """
    with contextlib.ExitStack() as stack:
        number = _opened(folder, stack)
        if number is not None:
            if not lock(number, alone=False):
                raise Refused(f"A backup is being restored into {folder}. Start the coach when that is done.")
            with contextlib.suppress(OSError):
                os.ftruncate(number, 0)
                os.pwrite(number, json.dumps({"process": os.getpid()}).encode(), 0)
        yield


@contextlib.contextmanager
def alone(folder: Path, seconds: float = 0.0) -> Iterator[None]:
    """Use a folder alone, waiting so long for others. Raises Refused, saying how they are stopped."""
    with contextlib.ExitStack() as stack:
        number = _opened(folder, stack)
        until = time.monotonic() + seconds
        while number is not None and not lock(number, alone=True):
            if time.monotonic() >= until:
                raise Refused(_in_use(folder, number))
            time.sleep(0.05)
        yield


@contextlib.contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Give a new folder in a folder, for the owner alone, and leave nothing of it; what others left is cleared away."""
    clear(folder)
    place = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        if sys.platform != "win32":
            number = os.open(place, os.O_RDONLY)
            stack.callback(os.close, number)
            lock(number, alone=True)
        yield place


def clear(folder: Path) -> None:
    """Remove what programs that were killed left of their work in a folder."""
    if sys.platform == "win32":
        return
    for place in folder.glob(_WORK + "*"):
        with contextlib.suppress(OSError):
            number = os.open(place, os.O_RDONLY)
            try:
                if lock(number, alone=True):
                    shutil.rmtree(place, ignore_errors=True)
            finally:
                os.close(number)


def _opened(folder: Path, stack: contextlib.ExitStack) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        number = os.open(folder / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    stack.callback(os.close, number)
    return number


def _in_use(folder: Path, number: int) -> str:
    named = ""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        process = int(json.loads(os.pread(number, 200, 0))["process"])
        os.kill(process, 0)
        named = f" (process {process}; kill {process} stops it)"
    return (
        f"A coach is running on {folder}{named}, so nothing was changed. Stop it (Ctrl-C where it runs, or by the "
        "command that stops its service), then try again."
    )
