"""What the server writes to its log: types of errors and places in the code, and no word that anyone wrote.

Libraries put the values they were given into their errors and warnings, and values are what people write. So nothing
that Python would print by itself is printed: errors with a log line, errors nobody waited for, warnings. Knows logging;
no route and no setting.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Mapping
from typing import Any, TextIO

from coach.errors import places

log = logging.getLogger(__name__)


class Discreet(logging.Formatter):
    """Formats an error as its type and where it came from; its message may quote what people wrote."""

    def formatException(self, ei: Any) -> str:
        """Return type and places, innermost last."""
        return places(ei[1])


def open_log() -> None:
    """Let warnings and errors of the whole process go to stderr, without a word of what they are about."""
    handler = logging.StreamHandler()
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
