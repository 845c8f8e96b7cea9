"""Files that several programs use: locks, new ones written whole, names that survive a power cut.

Where a system or a file system knows no locks, everybody is let in.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def lock(number: int, *, alone: bool) -> bool:
    """Lock an open file, together with others or alone; return False when that cannot be had now."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(number, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def alone(file: Path, seconds: float) -> Iterator[None]:
    """Have a file to lock alone while the block runs, after waiting so long for others at most."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield  # what cannot be written says so itself
        return
    try:
        until = time.monotonic() + seconds
        while not lock(number, alone=True) and time.monotonic() < until:
            time.sleep(0.05)
        yield
    finally:
        os.close(number)


def sync(folder: Path) -> None:
    """Let the names in a folder survive a power cut."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def first(file: Path, data: bytes) -> None:
    """Write a new file whole, for its owner alone; of two programs that do so at once, the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        written(file, data, _named)


def written(file: Path, data: bytes, named: Callable[[str, Path], None] = os.replace) -> None:
    """Write a file whole or not at all, for its owner alone. ``named`` gives the half one its name."""
    number, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(number, "wb") as half:
            half.write(data)
            half.flush()
            os.fsync(half.fileno())
        named(name, file)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)


def _named(half: str, file: Path) -> None:
    try:
        os.link(half, file)  # fails where there is one already
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if not file.exists():
            os.replace(half, file)
