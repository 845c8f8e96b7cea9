"""What a server is made of, and how a route gets hold of it. Knows the ports; builds nothing itself.

They are put together in ``coach.app``.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, Request

from coach.caller import ALONE
from coach.connection import Connection
from coach.domain.drafts import Purpose, Warning
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding
from coach.domain.readings import Level
from coach.errors import NotFound, Refused
from coach.messages.reviewer import Reviewer
from coach.ports import Journal, Knowledge, LanguageModels, Mask, Texts
from coach.queue import Queue
from coach.sessions.exchange import Sessions
from coach.settings import Settings
from coach.turn import Conversation
from coach.web.backups import Backups
from coach.web.tally import Tally
from coach.web.undo import Undo

if TYPE_CHECKING:
    from coach.members import Members

T = TypeVar("T")

USER = ALONE
"""The one user of a coach without members."""

MEMBER = "coach.member"
"""Where a request's scope has what its token came to (``coach.domain.members``), a locked session's as well."""

ASKING = "coach.user"
"""Where the entrance notes, in a request's scope, whose journal it is about."""


async def _nothing_to_close() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the web asks.

    ``lint`` (text, purpose) and ``findings`` (person, their moments, now) are pure. ``texts`` are the
    sentences the coach says. ``ready`` returns each part by name with None when it is ready, else the sentence that
    says what is wrong. ``connection`` is the one to a language model, None where there can be none; ``reviewer`` reads
    messages by it. ``members`` is None for one user; ``masks`` gives
    a user's made-up names. ``queue`` holds the turns that wait for a core. ``tally`` counts,
    ``undo`` holds what was just erased, ``backups`` makes them. ``close`` is awaited when the server stops.
    """

    settings: Settings
    journal: Journal
    knowledge: Knowledge
    conversation: Conversation
    sessions: Sessions
    lint: Callable[[str, Purpose], Sequence[Warning]]
    findings: Callable[[Person, Sequence[Moment], datetime], Sequence[Finding]]
    texts: Texts
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    ready: Callable[[], Awaitable[Mapping[str, str | None]]]
    connection: Connection | None = None
    reviewer: Reviewer | None = None
    members: Members | None = None
    masks: Callable[[str], Awaitable[Mask]] | None = None
    backups: Backups | None = None
    queue: Queue = field(default_factory=lambda: Queue(os.cpu_count() or 1))
    tally: Tally = field(default_factory=Tally)
    undo: Undo = field(default_factory=Undo)
    close: Callable[[], Awaitable[None]] = _nothing_to_close

    @property
    def note(self) -> str | None:
        """A quiet notice for every page: what is missing at this moment."""
        return self.knowledge.note

    @property
    def language_model(self) -> str:
        """The name of the connected language model, or "none"."""
        return self.connection.name if self.connection is not None else "none"

    @property
    def language_models(self) -> LanguageModels | None:
        """What gives the connected language model, None where there is none."""
        return self.connection if self.language_model != "none" else None

    @property
    def level(self) -> Level:
        """What the connected language model may do. Without one, the coach asks."""
        return self.connection.level if self.connection is not None else Level.ASKS

    def connected(self) -> Connection:
        """Return the connection to a language model. Raises NotFound where there can be none."""
        if self.connection is None:
            raise NotFound("No language model can be connected here.")
        return self.connection

    async def departed(self, user: str) -> None:
        """Let go of what could still be taken back, and of the language model chosen: everything of a user is gone."""
        self.undo.forget(user)
        if self.connection is not None:
            await self.connection.forgotten()


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def if_there(wanted: Awaitable[T]) -> T | None:
    """Return what is asked of a journal, None where it is not there: erased, or not yet kept."""
    try:
        return await wanted
    except NotFound:
        return None


def asking(request: Request) -> str:
    """Return whose journal a request is about. Raises Refused where nobody said."""
    user: str | None = request.scope.get(ASKING)
    if user is None:  # a route that is open to all asked for somebody's journal
        raise Refused("The coach does not know whose journal this is about.")
    return user


In = Annotated[Parts, Depends(_parts)]
"""The parts, in a route's arguments."""

User = Annotated[str, Depends(asking)]
"""Whose journal a request is about, as the keeper said (``coach.web.keeper``)."""


def _gone(parts: In, user: User, erased: str = "", back: bool = False) -> dict[str, Any]:
    return {"token": erased, "possible": parts.undo.there(user, erased, parts.clock()), "returned": back}


Gone = Annotated[dict[str, Any], Depends(_gone)]
"""What a list tells of something that was erased from it just now and can come back, in a route's arguments."""
