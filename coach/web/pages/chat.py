"""The chat page, and a turn for it: streamed as pieces of the page, or, without script, whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, Response

from coach.domain.asks import Taps
from coach.domain.turns import Event, Started
from coach.web import routers
from coach.web.api import turns as api
from coach.web.api.chat import NAMES
from coach.web.api.fields import Id, Note, Text
from coach.web.pages.forms import Form, Posted
from coach.web.pages.lines import page_words
from coach.web.pages.pieces import Pieces
from coach.web.pages.taps import pressed
from coach.web.pages.turns import shown
from coach.web.parts import In, User
from coach.web.renderer import back_to, page, part_or_back
from coach.web.streams import make_room, opened

router = routers.of_pages()

_RECENT = 5
_STARTERS = 3


class Said(Form):
    """The composer; with ``replaces``, the last turn is said again."""

    text: Text
    person_id: Id | None = None
    conversation_id: Id | None = None
    replaces: Id | None = None


class OpinionForm(Form):
    """Whether a reply was of use, and why."""

    useful: Literal["yes", "no"]
    reason: Note | None = None


@router.get("/")
async def home(
    request: Request,
    parts: In,
    user: User,
    person: str | None = None,
    example: str | None = None,
    begin: Annotated[int, Query(ge=0, le=_STARTERS)] = 0,
) -> HTMLResponse:
    """An empty page to write on, with what was talked about lately; ``begin`` is a starter to go on from."""
    about = await parts.journal.person(user, person) if person else None
    recent = list(reversed(await parts.journal.conversations(user)))[:_RECENT]
    mine = await parts.journal.preferences(user)
    return _page(request, about=about, recent=recent, example=bool(example), begin=begin, mine=mine)


@router.get("/conversations/{conversation_id}")
async def conversation(conversation_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """One conversation, to go on with."""
    found = await parts.journal.conversation(user, conversation_id)
    people = await parts.journal.people(user)
    turns = await shown(parts, user, await parts.journal.turns(user, conversation_id), people)
    names = sorted({each.name for each in people})
    return _page(request, conversation=found, turns=turns, names=names, **page_words(parts.knowledge.catalogue))


def _page(request: Request, **values: Any) -> HTMLResponse:
    empty = {"conversation": None, "turns": (), "names": (), "about": None, "recent": (), "example": False, "begin": 0}
    return page(request, "chat.html", "chat", 200, **{**empty, "mine": None, **values})


@router.post("/turns/{turn_id}/opinion")
async def opinion(turn_id: str, form: Posted[OpinionForm], request: Request, parts: In, user: User) -> Response:
    """Keep what the user thought of a reply."""
    turn = await parts.journal.turn(user, turn_id)
    given = await api.note(parts, user, turn_id, form.useful == "yes", form.reason)
    there = f"/conversations/{turn.conversation_id}#turn-{turn_id}"
    return part_or_back(request, "_opinion.html", there, turn_id=turn_id, opinion=given)


async def _turn(said: Posted[Said], parts: In, user: User) -> AsyncIterator[AsyncIterator[Event]]:
    conversation_id = said.conversation_id
    if said.replaces is not None:
        conversation_id = await make_room(parts.journal, user, said.replaces, said.text)
    async with opened(parts, user, said.text, conversation_id, said.person_id) as events:
        yield events


async def _taps(request: Request, parts: In, user: User) -> AsyncIterator[tuple[Taps, AsyncIterator[Event]]]:
    taps, conversation_id = await pressed(await request.form(), parts, user)
    async with opened(parts, user, "", conversation_id, None, taps) as events:
        yield taps, events


Events = Annotated[AsyncIterator[Event], Depends(_turn)]
Tapped = Annotated[tuple[Taps, AsyncIterator[Event]], Depends(_taps)]


@router.post("/chat")
async def whole(events: Events) -> Response:
    """A turn without script: said to the end, then the conversation is shown."""
    return await _to_the_end(events)


@router.post("/tap")
async def tapped(taps: Tapped) -> Response:
    """Taps without script: answered to the end, then the conversation is shown."""
    return await _to_the_end(taps[1])


async def _to_the_end(events: AsyncIterator[Event]) -> Response:
    address = "/"
    async for event in events:
        if isinstance(event, Started):
            address = f"/conversations/{event.conversation_id}#turn-{event.turn_id}"
    return back_to(address)


@router.post("/chat/stream", response_class=EventSourceResponse)
async def stream(user: User, events: Events, parts: In) -> AsyncIterator[ServerSentEvent]:
    """The events of POST /api/chat, with the card, the plan and what can be done as pieces of the page."""
    pieces = Pieces(parts, user)
    async for event in events:
        yield ServerSentEvent(event=NAMES[type(event)], data=await pieces.of(event))


@router.post("/tap/stream", response_class=EventSourceResponse)
async def tap_stream(user: User, taps: Tapped, parts: In) -> AsyncIterator[ServerSentEvent]:
    """The same for taps."""
    pieces = Pieces(parts, user, taps[0])
    async for event in taps[1]:
        yield ServerSentEvent(event=NAMES[type(event)], data=await pieces.of(event))
