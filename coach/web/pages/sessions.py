"""Leader coaching sessions: choosing one, the talk itself, and the commitments at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Annotated, Any, Literal

from fastapi import Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field, StringConstraints
from starlette.responses import HTMLResponse, Response

from coach.domain.commitments import Closing, Commitment
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import RepairPlan, Step
from coach.domain.sessions import Because, Bound, Intention, Phase, Session, State
from coach.domain.turns import Event, Finished, Read, Sources
from coach.errors import BadInput
from coach.sessions import pause
from coach.sessions import summary as telling
from coach.sessions.asides import Move
from coach.sessions.talk import Filled
from coach.web import routers
from coach.web.api.chat import NAMES, shape
from coach.web.api.fields import Id, Name, Note, Text
from coach.web.labels import labels
from coach.web.namesakes import called
from coach.web.outcomes import hand_back, take_on
from coach.web.pages.forms import Form, Posted
from coach.web.parts import Gone, In, Parts, User, if_there
from coach.web.renderer import back_to, fragment, page
from coach.web.streams import held

router = routers.of_pages("/sessions")

PHASES = labels("phases", Phase)
"""The label of each phase, in order."""

ORDER = {
    kind: n
    for n, kind in enumerate(("weekly_review", "prepare_one_to_one", "own_bad_moment", "hard_feedback", "bad_news"))
}
"""The kinds that are wanted most stand first."""

CLOSINGS = labels("closings", Closing)

_SHOWN = 30
"""So many of the newest sessions are listed."""


class StartForm(Form):
    """A kind of session, and whom it is about; ``person_id`` tells people of one name apart."""

    kind: Id
    who: Name | None = None
    person_id: Id | None = None


class Said(Form):
    """An answer, or one of the buttons next to it; with "keep" and "drop" what is offered, as it was filled in.

    ``on``: a day that was tapped, before the one that was filled in. ``blank``: what fills the sentence there.
    """

    text: Text | None = None
    move: Literal["skip", "back", "pause", "resume", "end", "keep", "drop"] | None = None
    offer: Id | None = None
    words: Note | None = None
    due: date | None = None
    on: date | None = None
    at: time | None = None
    cue: Annotated[str, StringConstraints(max_length=200)] | None = None
    blank: list[Annotated[str, StringConstraints(max_length=400)]] = Field(default_factory=list)

    @property
    def filled(self) -> Filled | None:
        """What was filled in of an offer."""
        if self.offer is None:
            return None
        at = f"{self.at:%H:%M}" if self.at else ""
        return Filled(self.offer, self.words or "", self.on or self.due, at, self.cue or "")


class TakenForm(Form):
    """Another day for a commitment, or none at all."""

    due: date | None = None
    off: Literal["yes"] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An intention with what is known of it now. ``open`` False: it is done or taken off, as ``word`` says.

    ``plan``: what it is kept as; None: it is gone. ``who``: whom it is with, where its words do not name them;
    ``matter``: what was said of it before.
    """

    intention: Intention
    due: date
    open: bool
    word: str
    plan: RepairPlan | None
    who: str = ""
    matter: str = ""

    @property
    def step(self) -> Step | None:
        """The step that says its sentence, with what the plan says of it."""
        return telling.step_of(self.intention, self.plan)


@router.get("")
async def listed(
    request: Request, parts: In, user: User, gone: Gone, kind: str | None = None, person: str | None = None
) -> HTMLResponse:
    """A session under way first, then the kinds to start, then the earlier ones."""
    sessions = list(reversed(await parts.journal.sessions(user, _SHOWN)))
    templates = parts.sessions.templates.templates()
    return page(
        request,
        "sessions.html",
        "sessions",
        going=[it for it in sessions if it.state is not State.CLOSED],
        past=[it for it in sessions if it.state is State.CLOSED],
        templates=sorted(templates, key=lambda it: (it.id != kind, ORDER.get(it.id, len(ORDER)))),
        chosen=kind,
        **gone,
        about=await parts.journal.person(user, person) if person else None,
        phases=PHASES,
        names=sorted({each.name for each in await parts.journal.people(user)}),
    )


@router.post("")
async def start(form: Posted[StartForm], parts: In, user: User) -> Response:
    """Begin a session; someone who is new is added to the journal."""
    template, now = parts.sessions.templates.template(form.kind), parts.clock()
    person = None
    if form.who and template.bound is not Bound.NONE:
        person = await _same(parts, user, form) or await called(parts, user, form.who, now)
    session = await parts.sessions.begin(user, form.kind, person.id if person else None, now)
    return back_to(f"/sessions/{session.id}")


@router.get("/{session_id}")
async def talk(session_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """The talk so far, and what comes next."""
    return page(request, "session.html", "sessions", **await _shown(parts, user, session_id))


@router.post("/{session_id}/turns")
async def say(session_id: str, form: Posted[Said], parts: In, user: User) -> Response:
    """A turn without script, or one of the buttons."""
    if form.move is not None or form.on is not None:
        await parts.sessions.act(user, session_id, Move(form.move or "keep"), parts.clock(), form.filled)
    else:
        text = form.text
        if form.blank and (
            waits := await parts.sessions.form(user, await parts.sessions.session(user, session_id), parts.clock())
        ):
            text = waits.filled(form.blank)
        if text is None:
            raise BadInput("Write an answer, or choose Skip, Back, Later or Stop.")
        async for _ in parts.sessions.reply(user, session_id, text, parts.clock()):
            pass
    return back_to(f"/sessions/{session_id}#now")


async def _turn(session_id: str, form: Posted[Said], parts: In, user: User) -> AsyncIterator[AsyncIterator[Event]]:
    async with held(parts, user, session_id, form.text or "") as events:
        yield events


@router.post("/{session_id}/stream", response_class=EventSourceResponse)
async def stream(
    session_id: str, events: Annotated[AsyncIterator[Event], Depends(_turn)], parts: In, user: User
) -> AsyncIterator[ServerSentEvent]:
    """The events of a turn, with sources, phases and what comes next as pieces of the page."""
    async for event in events:
        if isinstance(event, Read):
            continue  # what was read is not shown in a session: the talk goes on
        data = shape(event)
        if isinstance(event, Sources):
            data = {"html": fragment("_sources.html", citations=event.citations)}
        elif isinstance(event, Finished):
            values = await _shown(parts, user, session_id)
            data |= {
                "goes_on": values["session"].state is State.OPEN,
                "phases": fragment("_phases.html", **values),
                "rest": fragment("_session_rest.html", **values),
            }
        yield ServerSentEvent(event=NAMES[type(event)], data=data)


@router.get("/{session_id}/summary")
async def summary(session_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """What was said, decided, and by when; to keep, or on paper."""
    values = await _shown(parts, user, session_id, closed=True)
    session, template = values["session"], parts.sessions.template_of(values["session"])
    values["said"] = telling.answered(session, template, parts.texts, "them")
    return page(request, "session_summary.html", "sessions", **values, sources=telling.cited(session, template))


@router.post("/{session_id}/forget")
async def forget(session_id: str, parts: In, user: User) -> Response:
    """Erase a session; its commitments stay."""
    session = await parts.journal.session(user, session_id)
    await parts.journal.forget_session(user, session_id)
    token = parts.undo.hold(user, parts.clock(), lambda: parts.journal.keep_session(user, session))
    return back_to(f"/sessions?erased={token}")


@router.post("/{session_id}/taken/{step_id}")
async def settle(session_id: str, step_id: str, form: Posted[TakenForm], parts: In, user: User) -> Response:
    """Choose another day for a commitment, or drop it."""
    session = await parts.journal.session(user, session_id)
    if form.due is None and form.off is None:
        raise BadInput("Choose a day, or take it off.")
    if form.off:
        await hand_back(parts.journal, user, step_id, parts.clock())
    else:
        await take_on(parts.journal, user, step_id, form.due, parts.clock())
    if session.state is State.CLOSED:  # so that the summary says the same; in a talk that goes on nothing is changed
        due = None if form.off else form.due
        await parts.journal.change(user, Session, session_id, lambda it: _settled(it, step_id, due))
    return back_to(f"/sessions/{session_id}#step-{step_id}")


def _settled(session: Session, step_id: str, due: date | None) -> Session:
    """Return a session in which a commitment has another day, or is gone (None)."""
    left = (replace(it, due=due) if it.id == step_id else it for it in session.intentions if it.id != step_id or due)
    return replace(session, intentions=tuple(left))


async def taken_on(parts: Parts, user: str, session: Session) -> Sequence[Taken]:
    """Return the commitments of a session, in its order, with the day each is for now."""
    found, people = [], await parts.journal.people(user)
    for intention in session.intentions:
        known = {it.id: it for it in await parts.journal.commitments(user, intention.plan_id)}
        commitment: Commitment | None = known.get(intention.id)
        due = commitment.due if commitment else intention.due
        assert due is not None
        closing = commitment.closing if commitment else Closing.LET_GO
        plan = await if_there(parts.journal.plan(user, intention.plan_id))
        told = plan, telling.whom(intention, people), telling.matter(intention, session, people)
        found.append(Taken(intention, due, closing is None, CLOSINGS[closing] if closing else "", *told))
    return found


async def _shown(parts: Parts, user: str, session_id: str, *, closed: bool = False) -> dict[str, Any]:
    """Return what the pages of a session are filled with. ``closed``: with its commitments in any state."""
    session = await parts.sessions.session(user, session_id)
    because, now = session.because, parts.clock()
    return {
        "session": session,
        "phases": PHASES,
        "at": list(PHASES).index(session.phase),
        "taken": await taken_on(parts, user, session) if closed or session.state is State.CLOSED else (),
        "because": parts.texts.render("session/because.fixed", because=because.value) if because else "",
        "today": now.astimezone().date(),
        "form": await parts.sessions.form(user, session, now),
        "not_so": because is Because.HARM and pause.by_tables(session),
        "rests_on": await _rests_on(parts, user, session),
    }


async def _rests_on(parts: Parts, user: str, session: Session) -> Sequence[Moment]:
    """Return the moments that the coach spoke of last, those that are still kept."""
    ids = session.turns[-1].moments if session.turns else ()
    return [moment for id_ in ids if (moment := await if_there(parts.journal.moment(user, id_)))]


async def _same(parts: Parts, user: str, form: StartForm) -> Person | None:
    """Return the person a link was for, when the name in the form is still theirs."""
    if form.person_id is None:
        return None
    person = await parts.journal.person(user, form.person_id)
    return person if person.name == form.who else None
