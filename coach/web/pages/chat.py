"""The chat page, and a turn for it: streamed as pieces of the page, or, without script, whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi import Form as FromForm
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, Response

from coach.domain.plans import RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Reading
from coach.domain.turns import Event, Finished, Planned, Read, Sources, Started
from coach.web import routers
from coach.web.api import turns as api
from coach.web.api.chat import NAMES, shape
from coach.web.api.fields import Id, Note, Text
from coach.web.pages.forms import Form
from coach.web.pages.turns import message_of, proposals, shown
from coach.web.parts import In, Parts, User
from coach.web.renderer import back_to, fragment, page, wants_part
from coach.web.retries import make_room
from coach.web.streams import opened

router = routers.of_pages()

_RECENT = 5
_STARTERS = 3


class Said(Form):
    """The composer; with ``replaces``, the last turn said anew."""

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
    person: Annotated[str | None, Query()] = None,
    example: Annotated[str | None, Query()] = None,
    begin: Annotated[int, Query(ge=0, le=_STARTERS)] = 0,
) -> HTMLResponse:
    """An empty page to write on, with what was talked about lately; ``begin`` is a starter to go on from."""
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
        begin=begin,
        names=(),
    )


@router.get("/conversations/{conversation_id}")
async def conversation(conversation_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """One conversation, to go on with."""
    found = await parts.journal.conversation(user, conversation_id)
    people = await parts.journal.people(user)
    turns = await shown(parts, user, await parts.journal.turns(user, conversation_id), people)
    names = sorted({each.name for each in people})
    values: dict[str, Any] = {"about": None, "recent": (), "example": False, "begin": 0, "names": names}
    return page(request, "chat.html", "chat", conversation=found, turns=turns, **values)


@router.post("/turns/{turn_id}/opinion")
async def opinion(
    turn_id: str, form: Annotated[OpinionForm, FromForm()], request: Request, parts: In, user: User
) -> Response:
    """Keep what the user thought of a reply."""
    turn = await parts.journal.turn(user, turn_id)
    given = await api.note(parts, user, turn, form.useful == "yes", form.reason)
    if wants_part(request):
        return HTMLResponse(fragment("_opinion.html", turn_id=turn_id, opinion=given))
    return back_to(f"/conversations/{turn.conversation_id}#turn-{turn_id}")


async def _turn(said: Annotated[Said, FromForm()], parts: In, user: User) -> AsyncIterator[AsyncIterator[Event]]:
    conversation_id = said.conversation_id
    if said.replaces is not None:
        conversation_id = await make_room(parts.journal, user, said.replaces, said.text)
    async with opened(parts, user, said.text, conversation_id, said.person_id) as events:
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
    """The events of POST /api/chat, with reading, plan, sources and what can be done as pieces of the page."""
    pieces = _Pieces(parts)
    async for event in events:
        yield ServerSentEvent(event=NAMES[type(event)], data=await pieces.of(event))


class _Pieces:
    """One turn's events as pieces of the page."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._started = Started("", "")
        self._reading: Reading | None = None
        self._plan: RepairPlan | None = None
        self._continued = False

    async def of(self, event: Event) -> dict[str, Any]:
        """Return what the page gets for an event."""
        match event:
            case Started():
                self._started = event
            case Read(reading):
                self._reading = reading
                return self._read(reading)
            case Planned(plan, continued):
                self._plan, self._continued = plan, continued
                return {"html": self._card(plan)}
            case Sources(citations):
                return await self._sources(citations)
            case Finished():
                return self._finished(event)
        return shape(event)

    def _read(self, reading: Reading) -> dict[str, Any]:
        made = proposals(self._started.turn_id, reading, self._parts.clock())
        known = {"reading": reading, "turn_id": self._started.turn_id, "conversation_id": self._started.conversation_id}
        return {
            "html": fragment("_proposals.html", proposals=made, names=()),
            "read": fragment("_reading.html", **known),
        }

    def _card(self, plan: RepairPlan) -> str:
        if self._continued:
            return fragment("_continued.html", plan=plan)
        return fragment("_plan.html", plan=plan, turn_id=self._started.turn_id, alone=False)

    async def _sources(self, citations: tuple[Citation, ...]) -> dict[str, Any]:
        """The card shows a plan's sources itself; what comes now is the message that goes with it."""
        if self._plan is None:
            return {"html": fragment("_sources.html", citations=citations)}
        message = None if self._continued else await message_of(self._parts, self._plan, self._reading)
        values = {"plan": self._plan, "message": message, "turn_id": self._started.turn_id}
        return {"html": "", "message": fragment("_message.html", **values)}

    def _finished(self, event: Finished) -> dict[str, Any]:
        data = shape(event)
        if event.plan is not None:
            data["plan"] = {"html": self._card(event.plan)}
        if event.reading is not None:
            data["read"] = self._read(event.reading)["read"]
        data["tools"] = fragment(
            "_tools.html", turn_id=event.turn_id, opinion=None, has_reply=True, replaced=event.replaced
        )
        return data
