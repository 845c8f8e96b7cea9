"""Reads a file of another program in a process of its own, so that no file can stop the coach or make it large.

Knows pipes, lines of JSON and patience; what stands in a file is known to the readers alone. What comes back is checked
like anything from outside. Costs nothing until the first file comes.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from coach.errors import BadInput
from coach.foreign.found import Found
from coach.foreign.worker import TOO_BIG

PATIENCE = 120.0
"""Seconds that a file may take, waiting for a core included."""

_LONGEST_LINE = 64 * 1024 * 1024
_MODULE = "coach.foreign.worker"
_SLOW = (
    "This file takes too long to read, so nothing of it was taken. Export fewer people at a time, and take each part."
)
_BROKEN = "This file cannot be read. Nothing of it was taken."


async def read(
    raw: bytes,
    now: datetime,
    progress: Callable[[int, int], None],
    patience: float = PATIENCE,
    command: tuple[str, ...] = (sys.executable, "-m", _MODULE),
    *,
    call: str = "",
) -> Found:
    """Return what a file holds. Raises BadInput for what is no such file, is too big, or takes too long.

    The process ends with this function, also where that is cancelled. ``command`` starts it. ``call``: what the user
    is called.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        limit=_LONGEST_LINE,
    )
    head = json.dumps({"now": now.isoformat(), "call": call}).encode()
    feeding = asyncio.create_task(_feed(process, head + b"\n" + raw))
    try:
        async with asyncio.timeout(patience):
            told = await _last(process, progress)
    except (TimeoutError, ValueError):  # a line that is too long is a ValueError
        raise BadInput(_SLOW) from None
    finally:
        feeding.cancel()
        with suppress(ProcessLookupError):
            process.kill()
        with suppress(asyncio.CancelledError):
            await feeding
        await process.wait()
    return _found(told, process.returncode)


async def _feed(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended early, and says why
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _last(process: asyncio.subprocess.Process, progress: Callable[[int, int], None]) -> Mapping[str, object]:
    """Return the last thing that was said; report how far it is until then. Raises ValueError."""
    assert process.stdout is not None
    told: Mapping[str, object] = {}
    while line := await process.stdout.readline():
        told = json.loads(line)
        if "done" in told and "total" in told:
            progress(int(str(told["done"])), int(str(told["total"])))
    await process.wait()
    return told


def _found(told: Mapping[str, object], ended: int | None) -> Found:
    if "problem" in told:
        raise BadInput(str(told["problem"]))
    if "found" not in told:
        stopped = ended is not None and -ended in {getattr(signal, "SIGXCPU", 0), getattr(signal, "SIGKILL", 0)}
        raise BadInput(_SLOW if stopped and ended else TOO_BIG if ended else _BROKEN)
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Found).validate_python(told["found"])
    except ValidationError:
        raise BadInput(_BROKEN) from None


def _environment() -> dict[str, str]:
    """Return what the process needs to find this package, and nothing of the coach's settings or keys."""
    package = str(Path(__file__).parents[2])
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH", "TZ") if name in os.environ}
    paths = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**kept, "PYTHONPATH": os.pathsep.join(paths)}
