"""Opens the events of a turn in a dependency, so that a bad request fails before the response begins.

The reader may go away at any time. Then the framework cancels the response, and the dependency closes the
conversation's generator, which keeps the turn as far as it got.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import cast

from coach.domain.asks import Taps
from coach.domain.turns import Event, Failed, Started
from coach.errors import CoachError, places
from coach.sessions.asides import Move
from coach.sessions.view import Filled
from coach.web.parts import Parts
from coach.web.problems import UNEXPECTED
from coach.web.tally import Tally

log = logging.getLogger("coach.web")


@asynccontextmanager
async def opened(
    parts: Parts, user: str, text: str, conversation_id: str | None, person_id: str | None, taps: Taps | None = None
) -> AsyncIterator[AsyncIterator[Event]]:
    """Give the events of a turn whose first event is there already. Raises the CoachErrors of ``Coach.reply``."""
    events = parts.conversation.reply(
        user, text, parts.clock(), taps=taps, conversation_id=conversation_id, person_id=person_id
    )
    async with _told(parts.tally, events) as whole:
        yield whole


@asynccontextmanager
async def held(
    parts: Parts, user: str, session_id: str, text: str, move: Move | None = None, filled: Filled | None = None
) -> AsyncIterator[AsyncIterator[Event]]:
    """Give the events of a session's turn whose first event is there already. Raises CoachErrors."""
    events = parts.sessions.reply(user, session_id, text, parts.clock(), move, filled)
    async with _told(parts.tally, events) as whole:
        yield whole


@asynccontextmanager
async def _told(tally: Tally, events: AsyncIterator[Event]) -> AsyncIterator[AsyncIterator[Event]]:
    first = await anext(events)
    tally.event(first)
    try:
        async with (
            aclosing(cast("AsyncGenerator[Event]", events)),
            aclosing(_whole(first, events, tally)) as whole,
        ):
            yield whole
    finally:
        if isinstance(first, Started):
            tally.over(first.turn_id)


async def _whole(first: Event, rest: AsyncIterator[Event], tally: Tally) -> AsyncGenerator[Event]:
    """Yield all events; a failure nobody foresaw becomes a Failed event, since the status was sent long ago."""
    yield first
    try:
        async for event in rest:
            tally.event(event)
            yield event
    except CoachError as error:
        yield Failed(str(error))
    except Exception as error:
        log.error("unexpected in a turn: %s", places(error))
        yield Failed(UNEXPECTED)
