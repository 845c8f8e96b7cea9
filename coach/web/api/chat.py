"""POST /api/chat: one turn as a stream of events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field, TypeAdapter
from pydantic_core import to_jsonable_python

from coach.domain.accounts import Account
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.domain.turns import (
    Asked,
    Doubted,
    Event,
    Failed,
    Finished,
    Part,
    Piece,
    Planned,
    Read,
    Sources,
    Started,
    Struck,
)
from coach.web import routers
from coach.web.api.documents import STREAM, TEXT, WRITE, documented
from coach.web.api.fields import Body, Id, Text, example
from coach.web.api.tapped import TapsGiven, doubt_shown, shown
from coach.web.parts import In, User
from coach.web.streams import make_room, opened

router = routers.of_api("Chat")

NAMES: dict[type[Event], str] = {
    Started: "started",
    Read: "reading",
    Asked: "ask",
    Doubted: "doubt",
    Planned: "plan",
    Piece: "piece",
    Part: "part",
    Struck: "part",
    Sources: "sources",
    Finished: "finished",
    Failed: "failed",
}
"""The name each event has in a stream."""

_PLAN = TypeAdapter(RepairPlan)
_ACCOUNT = TypeAdapter(Account)


class Said(Body, json_schema_extra=example({"text": TEXT})):
    """What the user says."""

    text: Text | None = Field(None, description="What happened, in the user's words.")
    taps: TapsGiven | None = Field(None, description="What was pressed on a card or under a plan.")
    person_id: Id | None = None
    conversation_id: Id | None = None
    replaces: Id | None = Field(None, description="The last turn of a conversation, which this one is said instead of.")


async def _turn(said: Said, parts: In, user: User) -> AsyncIterator[AsyncIterator[Event]]:
    conversation_id = said.conversation_id
    if said.replaces is not None:
        conversation_id = await make_room(parts.journal, user, said.replaces, said.text or "")
    taps = said.taps.taps() if said.taps else None
    async with opened(parts, user, said.text or "", conversation_id, said.person_id, taps) as events:
        yield events


@router.post(
    "/chat",
    response_class=EventSourceResponse,
    summary="Say something and hear the coach",
    responses=documented(200, STREAM, 404, *WRITE, media="text/event-stream"),
)
async def chat(events: Annotated[AsyncIterator[Event], Depends(_turn)]) -> AsyncIterator[ServerSentEvent]:
    """Stream one turn: `started`, `reading`, then `ask` and `plan` where there is one, `piece` …, `sources`, `finished`
    or `failed`. At least one of `text` and `taps` is given. Where harm is possible and not certain, `doubt` comes
    instead of card and plan: one question, each option with the taps that answer it.

    Whatever goes wrong after the first event is told by `failed`. Closing the connection ends the turn; what was
    said until then is kept. Moments in `reading` are proposals: `POST /api/moments` keeps one.
    """
    async for event in events:
        yield ServerSentEvent(event=NAMES[type(event)], data=shape(event))


def shape(event: Event) -> dict[str, Any]:
    """Return an event's data as the contract gives it."""
    match event:
        case Planned(plan):
            data: dict[str, Any] = _PLAN.dump_python(plan, mode="json")
            return data
        case Asked(ask):
            return shown(ask)
        case Doubted(doubt):
            return doubt_shown(doubt)
        case Read(reading, person_id):
            return {**_reading(reading), "person_id": person_id}
        case Finished():
            return _finished(event)
        case Part(name, value):
            return {"name": name, "value": to_jsonable_python(value)}
        case Struck(text, instead):
            return {"name": "struck", "value": {"text": text, "instead": instead}}
        case _:
            return asdict(event)


def _reading(reading: Reading) -> dict[str, Any]:
    account = _ACCOUNT.dump_python(reading.account, mode="json") if reading.account else None
    return {
        "kind": reading.kind,
        "route": reading.route,
        "toward": reading.toward,
        "account": account,
        "people": account["parties"] if account else [],
        "moments": [asdict(each) for each in reading.moments],
        "orders": list(reading.orders),
        "level": reading.level,
        **({"unclear": True} if reading.unclear else {}),
    }


def _finished(event: Finished) -> dict[str, Any]:
    """The three fields of the contract, and whatever a language model has added."""
    data: dict[str, Any] = {"turn_id": event.turn_id, "language_model": event.language_model, "ms": event.ms}
    if event.plan is not None:
        data["plan"] = _PLAN.dump_python(event.plan, mode="json")
    if event.reading is not None:
        data["reading"] = _reading(event.reading)
    if event.replaced:
        data["replaced"] = [asdict(each) for each in event.replaced]
    if event.notice:
        data["notice"] = event.notice
    return data
