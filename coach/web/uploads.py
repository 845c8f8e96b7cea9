"""Takes files of other programs into the journal: read, previewed, and taken whole or not at all.

A file waits under a name nobody can guess, for an hour at most: in memory, and where there are several servers also
sealed in the user's journal, so that any of them goes on with it. Nothing of it is taken before the user says so, and
then all of it in one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from coach.domain.echoes import Echo
from coach.domain.intakes import Incoming, Intake
from coach.domain.moments import Landed
from coach.errors import CoachError, NotFound
from coach.foreign.found import Found, meet
from coach.foreign.process import PATIENCE, read
from coach.ports import Journal

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=1)
MOST = 4
_PATIENCE = 1.5
"""Seconds a page waits before it shows how far things are."""

_AT_ONCE = 2
"""So many files are read side by side, each in a process of its own."""

ABOUT = "about-"
"""Before an id of the journal: what is told of that person, as something that can be left."""

_KEPT = 200
"""The status of an answer that is there."""

_TROUBLE = "Something went wrong in the coach. Nothing of this file was taken."


class State(StrEnum):
    """How far a file is."""

    READING = "reading"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"


_UNDER_WAY = {State.READING, State.WRITING}


@dataclass(slots=True)
class Taking:
    """One file.

    ``left``: ids that the user does not want. ``answers``: who somebody of the file is, by their id. ``landed``: how
    moments landed whose file does not say. ``intake``: what the journal gained. ``unsaid``: how
    many people were left out because nobody said who they are. ``problem``: why nothing was taken.
    """

    at: datetime
    state: State = State.READING
    done: int = 0
    total: int = 0
    found: Found | None = None
    left: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)
    landed: Landed | None = None
    intake: Intake | None = None
    unsaid: int = 0
    problem: str | None = None
    since: str | None = None


class Takings:
    """The files of one server that wait, each for its user and for nobody else.

    ``journal``: where they are kept for other servers as well; None: there are no others.
    """

    def __init__(self, journal: Journal | None = None) -> None:
        self._all: dict[tuple[str, str], Taking] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._journal = journal
        self._reading = asyncio.Semaphore(_AT_ONCE)

    async def get(self, user: str, token: str, now: datetime) -> Taking:
        """Return a user's file. Raises NotFound once it is gone, and for another user's."""
        self._tidy(now)
        taking = self._all.get((user, token))
        if self._journal is not None and (taking is None or taking.state not in _UNDER_WAY):
            taking = await self._kept(self._journal, user, token, now)
        if taking is None:
            raise NotFound("This file no longer waits here. Choose it again.")
        return taking

    async def keep(self, user: str, token: str, taking: Taking) -> None:
        """Let other servers find a file as it is now."""
        if self._journal is not None:
            said = _FORM.dump_json(taking).decode()
            await self._journal.keep_answer(user, _key(token), Echo("", taking.at, _KEPT, body=said))

    @staticmethod
    async def _kept(journal: Journal, user: str, token: str, now: datetime) -> Taking | None:
        echo = await journal.answered(user, _key(token), Echo("", now))
        if echo is None:  # nothing was there, and now something is
            await journal.forget_answer(user, _key(token))
        if echo is None or not echo.body:
            return None
        taking = _FORM.validate_json(echo.body)
        lasts = timedelta(seconds=2 * PATIENCE) if taking.state is State.READING else KEPT_FOR
        return taking if now - taking.at <= lasts else None

    async def drop(self, user: str, token: str) -> None:
        """Forget a file that is not wanted."""
        self._leave((user, token))
        if self._journal is not None:
            await self._journal.forget_answer(user, _key(token))

    def forget(self, user: str) -> None:
        """Forget every file of a user."""
        for key in [key for key in self._all if key[0] == user]:
            self._leave(key)

    async def begin(
        self, user: str, raw: bytes, now: datetime, since: str, seen: datetime | None = None, call: str = ""
    ) -> str:
        """Start reading a file; return its name once it is read, or after a moment's patience.

        ``since``: the generation of the user's journal when it was chosen. ``seen``: what happened before was offered
        then, and is not ticked. ``call``: what the user is called.
        """
        self._tidy(now)
        theirs = [key for key in self._all if key[0] == user]
        for oldest in sorted(theirs, key=lambda it: self._all[it].at)[: max(0, len(theirs) - MOST + 1)]:
            await self.drop(*oldest)
        token, taking = secrets.token_urlsafe(16), Taking(now, since=since)
        self._all[user, token] = taking
        if self._journal is not None:
            await self._journal.answered(user, _key(token), Echo("", now))
            await self.keep(user, token, taking)

        def progress(done: int, total: int) -> None:
            taking.done, taking.total = done, total

        async def work() -> None:
            async with self._reading:
                taking.found = await read(raw, now, progress, call=call)
            before = {it.id for it in taking.found.moments if seen is not None and it.happened_at < seen}
            taking.left = before | taking.found.doubtful
            taking.state = State.READY

        await self._patiently(user, token, taking, work())
        return token

    async def take(self, user: str, token: str, taking: Taking, journal: Journal) -> None:
        """Start writing a file that is ready into the journal; again does nothing."""
        found = taking.found
        if taking.state is not State.READY or found is None:
            return
        taking.state = State.WRITING
        self._all[user, token] = taking
        await self.keep(user, token, taking)

        async def work() -> None:
            meeting = meet(_wanted(found, taking.left), await journal.people(user), taking.landed, taking.answers)
            facts = tuple(each for each in meeting.facts if f"{ABOUT}{each.id}" not in taking.left)
            taking.total = len(meeting.people) + len(meeting.moments)
            taking.unsaid = sum(not each.answer for each in meeting.asked)
            incoming = Incoming(secrets.token_hex(16), taking.at, found.source, meeting.people, meeting.moments, facts)
            taking.intake = await journal.take_in(user, incoming, taking.since)
            taking.found, taking.state = None, State.DONE

        await self._patiently(user, token, taking, work())

    def _tidy(self, now: datetime) -> None:
        for key in [key for key, it in self._all.items() if now - it.at > KEPT_FOR]:
            self._leave(key)

    def _leave(self, key: tuple[str, str]) -> None:
        """Forget a file, and stop reading it."""
        taking, task = self._all.pop(key, None), self._tasks.pop(key, None)
        if taking is not None and taking.state is State.READING and task is not None:
            task.cancel()

    async def _patiently(self, user: str, token: str, taking: Taking, work: Coroutine[Any, Any, None]) -> None:
        """Run work in a task of its own and wait a little for it; the page says what went wrong."""

        async def guarded() -> None:
            try:
                await work
            except CoachError as error:
                taking.state, taking.problem, taking.found = State.FAILED, str(error), None
            except Exception as error:
                log.error("a file was not taken: %s", type(error).__name__)
                taking.state, taking.problem, taking.found = State.FAILED, _TROUBLE, None
            with suppress(CoachError):  # everything may be erased by now
                await self.keep(user, token, taking)

        task = self._tasks[user, token] = asyncio.create_task(guarded())
        await asyncio.wait({task}, timeout=_PATIENCE)


_FORM = TypeAdapter(Taking)


def _key(token: str) -> str:
    return f"a file that waits: {token}"


def _wanted(found: Found, left: set[str]) -> Found:
    """Return what is wanted of a file; the moments of somebody who is not wanted stay out with them."""
    people = tuple(each for each in found.people if each.id not in left)
    ids = {each.id for each in people}
    moments = tuple(it for it in found.moments if it.id not in left and it.person_id in ids)
    if found.of_talks:
        met = {it.person_id for it in moments}
        people = tuple(each for each in people if each.id in met)
    return replace(found, people=people, moments=moments)
