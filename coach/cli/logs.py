"""What the server writes to its log: types of errors and places in the code, and no word that anyone wrote.

Libraries put the values they were given into their errors and warnings, and values are what people write. So nothing
that Python would print by itself is printed: errors with a log line, errors nobody waited for, warnings. A flood of one
kind of line is cut. There is no log but stderr: whoever starts the coach keeps it. Knows logging; no route, no setting.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from coach.errors import places

log = logging.getLogger(__name__)

_A_MINUTE, _MINUTE, _KINDS = 10, 60.0, 1_000


class Discreet(logging.Formatter):
    """Formats an error as its type and where it came from; its message may quote what people wrote."""

    def formatException(self, ei: Any) -> str:
        """Return type and places, innermost last."""
        return places(ei[1])


class Sparing(logging.Filter):
    """Lets so many lines of one kind through a minute, then none; the next says how many were left out.

    A kind is a place in the code, so that a flood of one does not hide the first of another.
    """

    def __init__(self, most: int = _A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most, self._clock = most, clock
        self._seen: dict[tuple[str, int, object], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is written."""
        kind, now = (record.pathname, record.lineno, record.msg), self._clock()
        since, times = self._seen.get(kind, (now, 0))
        if now - since >= _MINUTE:
            left_out, since, times = times - self._most, now, 0
            if left_out > 0:
                record.msg = f"{record.msg} (and {left_out} more like it before)"
        if len(self._seen) > _KINDS:
            self._seen.clear()
        self._seen[kind] = since, times + 1
        return times < self._most


def open_log() -> None:
    """Let warnings and errors of the whole process go to stderr, without a word of what they are about."""
    handler = logging.StreamHandler()
    handler.addFilter(Sparing())
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    warnings.showwarning = _warned
    sys.unraisablehook = lambda told: _failed("while tidying up", told.exc_value)
    threading.excepthook = lambda told: _failed("in a thread", told.exc_value)


def unawaited(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Log what an event loop tells of an error nobody waited for; its own words show the task with its error."""
    del loop
    _failed("in a task", context.get("exception"))


def _failed(where: str, error: BaseException | None) -> None:
    log.error("unexpected, %s: %s", where, "no error was given" if error is None else places(error))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del message, file, line
    log.warning("%s at %s:%d", category.__name__, filename, lineno)
