"""The chat page, and a turn for it: streamed as pieces of the page, or, without script, whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Form as FromForm
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, Response

from coach.domain.plans import RepairPlan
from coach.domain.turns import Event, Finished, Planned, Read, Sources, Started
from coach.web.api.chat import NAMES, shape
from coach.web.api.fields import Id, Text
from coach.web.pages.forms import Form
from coach.web.pages.rendering import back_to, fragment, page
from coach.web.pages.turns import proposals, shown
from coach.web.parts import In, Parts, User
from coach.web.streams import opened

router = APIRouter()

_RECENT = 5


class Said(Form):
    """The composer."""

    text: Text
    person_id: Id | None = None
    conversation_id: Id | None = None


@router.get("/")
async def home(
    request: Request,
    parts: In,
    user: User,
    person: Annotated[str | None, Query()] = None,
    example: Annotated[str | None, Query()] = None,
) -> HTMLResponse:
    """An empty page to write on, with what was talked about lately."""
    about = await parts.journal.person(user, person) if person else None
    recent = list(reversed(await parts.journal.conversations(user)))[:_RECENT]
    return page(
        request,
        "chat.html",
        "chat",
        conversation=None,
        turns=(),
        about=about,
        recent=recent,
        example=bool(example),
        names=(),
    )


@router.get("/conversations/{conversation_id}")
async def conversation(conversation_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """One conversation, to go on with."""
    found = await parts.journal.conversation(user, conversation_id)
    people = await parts.journal.people(user)
    turns = [
        await shown(parts.journal, user, each, people) for each in await parts.journal.turns(user, conversation_id)
    ]
    names = sorted({each.name for each in people})
    return page(
        request, "chat.html", "chat", conversation=found, turns=turns, about=None, recent=(), example=False, names=names
    )


async def _turn(said: Annotated[Said, FromForm()], parts: In, user: User) -> AsyncIterator[AsyncIterator[Event]]:
    async with opened(parts, user, said.text, said.conversation_id, said.person_id) as events:
        yield events


Events = Annotated[AsyncIterator[Event], Depends(_turn)]


@router.post("/chat")
async def whole(events: Events) -> Response:
    """A turn without script: said to the end, then the conversation is shown."""
    address = "/"
    async for event in events:
        if isinstance(event, Started):
            address = f"/conversations/{event.conversation_id}#turn-{event.turn_id}"
    return back_to(address)


@router.post("/chat/stream", response_class=EventSourceResponse)
async def stream(events: Events, parts: In) -> AsyncIterator[ServerSentEvent]:
    """The events of POST /api/chat, with reading, plan and sources as pieces of the page."""
    turn_id, planned = "", False
    async for event in events:
        if isinstance(event, Started):
            turn_id = event.turn_id
        planned = planned or isinstance(event, Planned)
        if isinstance(event, Sources) and planned:
            continue  # the card shows them
        yield ServerSentEvent(event=NAMES[type(event)], data=_piece(event, turn_id, parts))


def _piece(event: Event, turn_id: str, parts: Parts) -> dict[str, Any]:
    match event:
        case Read(reading):
            made = proposals(turn_id, reading, parts.clock())
            return {"html": fragment("_proposals.html", proposals=made, names=())}
        case Planned(plan):
            return {"html": fragment("_plan.html", plan=plan, turn_id=turn_id, alone=False)}
        case Sources(citations):
            return {"html": fragment("_sources.html", citations=citations)}
        case Finished(plan=RepairPlan() as plan):
            data = shape(event)
            data["plan"] = {"html": fragment("_plan.html", plan=plan, turn_id=turn_id, alone=False)}
            return data
        case _:
            return shape(event)
