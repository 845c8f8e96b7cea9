"""Leader coaching sessions: begun, answered turn by turn, paused and resumed, summed up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import Depends, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import StringConstraints, model_validator

from coach.domain.sessions import Session
from coach.domain.turns import Event, Finished, Started
from coach.sessions.asides import Move
from coach.sessions.talk import Filled
from coach.sessions.worksheet import Form
from coach.web import routers
from coach.web.api.chat import NAMES, shape
from coach.web.api.documents import BEGUN, READ, SESSION, STREAM, WRITE, documented
from coach.web.api.fields import Body, Id, example
from coach.web.api.session_answers import Asking, Begun, Every, KindOf, Kinds, Listed, Shown
from coach.web.parts import In, User
from coach.web.streams import held

router = routers.of_api("Sessions", "/sessions")

_SAID = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6000)]
_CLOCK = Annotated[str, StringConstraints(pattern=r"^(?:(?:[01]\d|2[0-3]):[0-5]\d)?$")]


class Chosen(StrEnum):
    """What can be chosen instead of said."""

    PAUSE = "pause"
    RESUME = "resume"
    SKIP = "skip"
    BACK = "back"
    END = "end"


class SessionAsked(Body, json_schema_extra=example({"kind": "weekly_review"})):
    """The kind of session, and whom it is about."""

    kind: Id
    person_id: Id | None = None


class Tap(Body):
    """Keep what is offered, or not; with it what was changed of it."""

    offer: Id
    do: Literal["keep", "drop"]
    words: _SAID | None = None
    due: date | None = None
    at: _CLOCK = ""
    cue: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class Answered(Body, json_schema_extra=example({"text": "Yusuf has gone quiet since the move."})):
    """What the user says, or taps."""

    text: _SAID | None = None
    tap: Tap | None = None

    @model_validator(mode="after")
    def _one(self) -> Answered:
        if (self.text is None) == (self.tap is None):
            raise ValueError("Send a text or a tap.")
        return self


@router.get("/kinds", summary="List the kinds of session", responses=documented(200, {"kinds": []}, *READ))
async def kinds(parts: In) -> Kinds:
    """Every kind, shipped ones first."""
    return Kinds(kinds=[KindOf.model_validate(it) for it in parts.sessions.templates.templates()])


@router.post("", status_code=201, summary="Start a session", responses=documented(201, BEGUN, 404, *WRITE))
async def begin(given: SessionAsked, parts: In, user: User) -> Begun:
    """Start a session; `text` ends with the first question."""
    return begun(await parts.sessions.begin(user, given.kind, given.person_id, parts.clock()))


@router.get("", summary="List sessions", responses=documented(200, {"sessions": []}, *READ))
async def listed(parts: In, user: User) -> Every:
    """Every session, newest first, without what was said."""
    return Every(sessions=[Listed.model_validate(it) for it in reversed(await parts.journal.sessions(user))])


@router.get("/{session_id}", summary="Read a session", responses=documented(200, SESSION, 404, *READ))
async def one(session_id: str, parts: In, user: User) -> Shown:
    """One session, whole: turns, what was taken on, and the summary as Markdown."""
    it = await parts.sessions.session(user, session_id)
    return Shown(
        **begun(it).model_dump(),
        **Listed.model_validate(it).model_dump(exclude={"session_id", "phase", "state"}),
        goal=it.goal,
        turns=list(it.turns),
        summary=await parts.sessions.summary(user, session_id),
        form=_asking(await parts.sessions.form(user, it, parts.clock())),
    )


@router.get(
    "/{session_id}/summary.md",
    summary="Read a session's summary as Markdown",
    response_class=Response,
    responses=documented(200, "# Weekly review of the team", 404, *READ, media="text/markdown"),
)
async def summary(session_id: str, parts: In, user: User) -> Response:
    """What was said, decided, and by when, in the user's words."""
    text = await parts.sessions.summary(user, session_id)
    return Response(
        text + "\n",
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="session.md"'},
    )


@router.delete(
    "/{session_id}", status_code=204, summary="Erase a session", responses=documented(204, None, 404, *WRITE)
)
async def forget(session_id: str, parts: In, user: User) -> None:
    """Erase a session with all that was said in it. What was taken on stays."""
    await parts.journal.forget_session(user, session_id)


async def _turn(session_id: str, given: Answered, parts: In, user: User) -> AsyncIterator[AsyncIterator[Event]]:
    tap = given.tap
    filled = Filled(tap.offer, tap.words or "", tap.due, tap.at, tap.cue) if tap else None
    async with held(parts, user, session_id, given.text or "", Move(tap.do) if tap else None, filled) as events:
        yield events


@router.post(
    "/{session_id}/turns",
    response_class=EventSourceResponse,
    summary="Answer in a session",
    responses=documented(200, STREAM, 404, *WRITE, media="text/event-stream"),
)
async def turn(events: Annotated[AsyncIterator[Event], Depends(_turn)]) -> AsyncIterator[ServerSentEvent]:
    """Stream one turn like a chat turn; `finished` also has `phase`. Once `started` came, the turn is kept."""
    async for event in events:
        data = shape(event)
        if isinstance(event, Started):
            data = {"turn_id": event.turn_id, "session_id": event.conversation_id}
        elif isinstance(event, Finished):
            data["phase"] = event.phase
        yield ServerSentEvent(event=NAMES[type(event)], data=data)


@router.post(
    "/{session_id}/{chosen}",
    summary="Pause, resume, skip, go back or end",
    responses=documented(200, BEGUN, 404, *WRITE),
)
async def choose(session_id: str, chosen: Chosen, parts: In, user: User) -> Begun:
    """Do what could also be said in words; `text` is what the coach says to it."""
    return begun(await parts.sessions.act(user, session_id, Move(chosen.value), parts.clock()))


def begun(session: Session) -> Begun:
    """Return where a session stands."""
    last = session.turns[-1].text if session.turns else ""
    return Begun(session_id=session.id, phase=session.phase, state=session.state, text=last)


def _asking(form: Form | None) -> Asking | None:
    if form is None:
        return None
    days = [day for day, _ in form.days]
    return Asking(reason=form.reason, choices=list(form.choices), offer=form.offer, days=days)
