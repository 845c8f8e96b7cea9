"""``python -m coach.foreign.worker``: reads one file in a process that may take so much time and memory, and no more.

Takes a line of JSON (``now``, ``call``) and then the file's bytes on stdin; tells how far it is and what it found as
lines of JSON on stdout, and nothing on stderr. Keeps nothing, opens no file and no socket. ``process`` talks to it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import BinaryIO

from coach.errors import CoachError

SECONDS = 60
"""Of the processor; a file of 12 MB with 50,000 cards takes less."""

MEMORY = 1_000_000_000
"""Bytes of addresses; an empty Python has some 100 MB of them."""

TOO_BIG = "This file needs more memory than the coach gives to one. Export fewer people at a time, and take each part."
_NICENESS = 10


def limit(seconds: int = SECONDS, memory: int = MEMORY) -> None:
    """Limit this process, where the system can: time, memory, no file written, no core, behind all others."""
    try:
        import resource
    except ImportError:
        return  # Windows: the reader's patience is the only limit
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        soft, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most if soft == resource.RLIM_INFINITY else min(most, soft), hard))
    os.nice(_NICENESS)


def work(given: BinaryIO, out: BinaryIO) -> None:
    """Read the file on ``given`` and tell on ``out`` what is in it, or why not."""

    def tell(**said: object) -> None:
        out.write(json.dumps(said, default=_spelled).encode() + b"\n")
        out.flush()

    try:
        from coach.foreign import read

        head = json.loads(given.readline())
        now, call = datetime.fromisoformat(head["now"]), head.get("call", "")
        found = read(given.read(), now, lambda done, total: tell(done=done, total=total), call)
        tell(found=asdict(found))
    except MemoryError:
        tell(problem=TOO_BIG)
    except CoachError as error:
        tell(problem=TOO_BIG if isinstance(error.__context__, MemoryError) else str(error))


def _spelled(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return sorted(value) if isinstance(value, frozenset | set) else list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    limit()
    work(sys.stdin.buffer, sys.stdout.buffer)
