"""Takes files of other programs into the journal: read, previewed, and taken whole or not at all.

A file waits in memory only, under a name nobody can guess, for an hour at most. Nothing of it is written before the
user takes it, and then all of it in one transaction.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import anyio.to_thread

from coach.domain.moments import Landed
from coach.errors import CoachError, NotFound
from coach.foreign import Found, read
from coach.foreign.found import Meeting, meet
from coach.ports import Journal

KEPT_FOR = timedelta(hours=1)
MOST = 4
_PATIENCE = 0.7
"""Seconds a page waits before it shows how far things are."""

_LISTS = ("conversations", "turns", "plans", "drafts", "outcomes")


class State(StrEnum):
    """How far a file is."""

    READING = "reading"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Taking:
    """One file. ``new``: how many people and moments the journal gained. ``problem``: why nothing was taken."""

    at: datetime
    state: State = State.READING
    done: int = 0
    total: int = 0
    found: Found | None = None
    new: dict[str, int] = field(default_factory=dict)
    problem: str | None = None
    task: asyncio.Task[None] | None = None


class Takings:
    """The files of one server that wait for their user."""

    def __init__(self) -> None:
        self._all: dict[str, Taking] = {}

    def get(self, token: str, now: datetime) -> Taking:
        """Return a file. Raises NotFound once it is gone."""
        self._tidy(now)
        if token not in self._all:
            raise NotFound("This file no longer waits here. Choose it again.")
        return self._all[token]

    def drop(self, token: str) -> None:
        """Forget a file that is not wanted."""
        self._all.pop(token, None)

    async def begin(self, raw: bytes, now: datetime) -> str:
        """Start reading a file; return its name once it is read, or after a moment's patience."""
        self._tidy(now)
        for oldest in sorted(self._all, key=lambda it: self._all[it].at)[: max(0, len(self._all) - MOST + 1)]:
            del self._all[oldest]
        token, taking = secrets.token_urlsafe(16), Taking(now)
        self._all[token] = taking

        def progress(done: int, total: int) -> None:
            taking.done, taking.total = done, total

        async def work() -> None:
            taking.found = await anyio.to_thread.run_sync(read, raw, now, progress)
            taking.state = State.READY

        await _patiently(taking, work())
        return token

    async def take(self, taking: Taking, journal: Journal, user: str, landed: Landed | None) -> None:
        """Start writing a file that is ready into the journal; again does nothing."""
        found = taking.found
        if taking.state is not State.READY or found is None:
            return
        taking.state = State.WRITING

        async def work() -> None:
            meeting = meet(found, await journal.people(user), landed)
            taking.total = len(meeting.people) + len(meeting.moments)
            new = await journal.import_(user, _export(meeting))
            taking.new = {name: new[name] for name in ("people", "moments")}
            taking.found, taking.state = None, State.DONE

        await _patiently(taking, work())

    def _tidy(self, now: datetime) -> None:
        for token in [token for token, it in self._all.items() if now - it.at > KEPT_FOR]:
            del self._all[token]


async def _patiently(taking: Taking, work: Coroutine[Any, Any, None]) -> None:
    """Run work in a task of its own and wait a little for it; the page says what went wrong."""

    async def guarded() -> None:
        try:
            await work
        except CoachError as error:
            taking.state, taking.problem, taking.found = State.FAILED, str(error), None

    taking.task = asyncio.create_task(guarded())
    await asyncio.wait({taking.task}, timeout=_PATIENCE)


def _export(meeting: Meeting) -> dict[str, object]:
    """Return what is new as an export of the coach, which the journal takes whole or not at all."""
    from pydantic import TypeAdapter

    lists: dict[str, object] = {name: [] for name in _LISTS}
    for name, things in (("people", meeting.people), ("moments", meeting.moments)):
        lists[name] = TypeAdapter(list[Any]).dump_python(list(things), mode="json")
    return {"format": "coach-export", "version": 1, **lists}
