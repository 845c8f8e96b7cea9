"""Whoever a test calls as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from coach.caller import Caller, current, enter


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Let what happens in the block, and what is started from it, be somebody's."""
    before = current()
    enter(caller)
    try:
        yield
    finally:
        enter(before)
