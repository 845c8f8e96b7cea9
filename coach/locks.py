"""Locks on files, between programs. Where a system or a file system knows none, everybody is let in."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
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
