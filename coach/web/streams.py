"""Opens the events of a turn in a dependency, so that a bad request fails before the response begins.

The reader may go away at any time. Then the framework cancels the response, and the dependency closes the
conversation's generator, which keeps the turn as far as it got.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import cast

from coach.domain.asks import Taps
from coach.domain.readings import Level
from coach.domain.turns import Conversation, Event, Failed, Part, Started, titled
from coach.errors import BadInput, CoachError, places
from coach.ports import Journal
from coach.sessions.asides import Move
from coach.sessions.talk import Filled
from coach.web.parts import Parts
from coach.web.problems import UNEXPECTED
from coach.web.tally import Tally

log = logging.getLogger("coach.web")

_WORTH_SAYING = 2
"""From so many seconds on, whoever waits is told how long."""


@asynccontextmanager
async def opened(
    parts: Parts, user: str, text: str, conversation_id: str | None, person_id: str | None, taps: Taps | None = None
) -> AsyncIterator[AsyncIterator[Event]]:
    """Give the events of a turn whose first event is there already. Raises as ``Conversation.reply`` does."""
    parts.queue.check(user)
    events = parts.conversation.reply(
        user, text, parts.clock(), taps=taps, conversation_id=conversation_id, person_id=person_id
    )
    async with _told(parts, user, events) as whole:
        yield whole


@asynccontextmanager
async def held(
    parts: Parts, user: str, session_id: str, text: str, move: Move | None = None, filled: Filled | None = None
) -> AsyncIterator[AsyncIterator[Event]]:
    """Give the events of a session's turn whose first event is there already. Raises CoachErrors."""
    parts.queue.check(user)
    events = parts.sessions.reply(user, session_id, text, parts.clock(), move, filled)
    async with _told(parts, user, events) as whole:
        yield whole


@asynccontextmanager
async def _told(parts: Parts, user: str, events: AsyncIterator[Event]) -> AsyncIterator[AsyncIterator[Event]]:
    first, tally = await anext(events), parts.tally
    tally.event(first)
    rest = events if parts.level is Level.PLANS else _in_turn(parts, user, events)
    try:
        async with aclosing(cast("AsyncGenerator[Event]", events)), aclosing(_whole(first, rest, tally)) as whole:
            yield whole
    finally:
        if isinstance(first, Started):
            tally.over(first.turn_id)


async def _in_turn(parts: Parts, user: str, events: AsyncIterator[Event]) -> AsyncGenerator[Event]:
    """Yield the events once there is a core for them. The words are kept by then, so that waiting loses nothing.

    A language model's turn does not come here: it waits for others most of the time, and its calls have a queue.
    """
    seconds = parts.queue.seconds(user)
    if seconds >= _WORTH_SAYING:
        yield Part("notice", parts.texts.render("busy.fixed", seconds=seconds))
    async with parts.queue.place(user):
        async for event in events:
            yield event


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


async def make_room(journal: Journal, user: str, turn_id: str, text: str) -> str:
    """Erase a turn and return its conversation, whose title follows the first words unless the user gave another.

    Raises NotFound, and BadInput when it is not the last turn.
    """
    turn = await journal.turn(user, turn_id)
    turns = await journal.turns(user, turn.conversation_id)
    if turns[-1].id != turn_id:
        raise BadInput("Only what you said last can be said anew. Write what has changed instead.")
    await journal.forget_turn(user, turn_id)
    conversation = await journal.conversation(user, turn.conversation_id)
    if len(turns) == 1 and conversation.title == titled(turn.said):
        await journal.change(user, Conversation, conversation.id, lambda it: replace(it, title=titled(text)))
    return turn.conversation_id
