"""Lets this process log and warn all it can, as ``coach serve`` would, and collects every word of it.

What is written to stdout and stderr by anybody, libraries in C included, is collected too. And every address of the
internet that is looked up or connected to by Python is noted.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from coach.cli.logs import open_log


@dataclass
class Heard:
    """What was written until now, and where something was connected or looked up."""

    capfd: pytest.CaptureFixture[str]
    log: io.StringIO = field(default_factory=io.StringIO)
    said: str = ""
    reached: set[tuple[str, int]] = field(default_factory=set)

    def all(self) -> str:
        """Return everything that was written."""
        self.said += "".join(self.capfd.readouterr())
        lines = self.log.getvalue().splitlines()
        return "\n".join(line for line in lines if not _OURS.search(line)) + self.said


_OURS = re.compile(r"HTTP Request: \w+ http://127\.0\.0\.1:8000/")
"""What the client of a test logs of its own requests; nobody listens there."""

_HEARD: list[Heard] = []


def _noted(event: str, given: tuple[Any, ...]) -> None:
    """Note where a socket goes. An audit hook stays for good, so it does nothing while nobody listens."""
    if not _HEARD or not event.startswith("socket."):
        return
    if event == "socket.getaddrinfo":
        host, port = given[0], given[1]
        text = host.decode() if isinstance(host, bytes) else str(host)
        _HEARD[-1].reached.add((text, int(port or 0) if str(port or 0).isdecimal() else 0))
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"} and isinstance(given[-1], tuple):
        _HEARD[-1].reached.add((str(given[-1][0]), int(given[-1][1])))


sys.addaudithook(_noted)


@contextmanager
def loud(capfd: pytest.CaptureFixture[str]) -> Iterator[Heard]:
    """Collect everything while the block runs; afterwards logging is as it was."""
    root = logging.getLogger()
    kept = (root.level, root.handlers[:], sys.unraisablehook, threading.excepthook, sys.stderr)
    levels = {name: it.level for name, it in logging.root.manager.loggerDict.items() if isinstance(it, logging.Logger)}
    heard = Heard(capfd)
    with warnings.catch_warnings():
        sys.stderr = heard.log
        open_log()
        sys.stderr = kept[4]
        warnings.simplefilter("always")
        root.setLevel(logging.DEBUG)
        for name in ("openai", "httpx", "httpx2"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        _HEARD.append(heard)
        try:
            yield heard
        finally:
            _HEARD.pop()
            heard.all()
            root.setLevel(kept[0])
            root.handlers[:] = kept[1]
            sys.unraisablehook, threading.excepthook = kept[2:4]
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
