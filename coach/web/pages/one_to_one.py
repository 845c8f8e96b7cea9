"""The sheet for a talk between two: what is open, what to ask, what to thank for; and the notes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.domain.moments import By, Channel
from coach.domain.people import Person, Point, resting
from coach.domain.plans import RepairPlan
from coach.domain.readings import Route
from coach.domain.sessions import Session
from coach.errors import BadInput, NotFound
from coach.noticing.between import Open
from coach.noticing.one_to_ones import Ask, Question, question
from coach.reading.notes import Note as Noted
from coach.reading.notes import Noted as Found
from coach.reading.promises import Promised, promised, without
from coach.sessions import summary as telling
from coach.web import routers
from coach.web.api.fields import Note, Text
from coach.web.lately import tie_with
from coach.web.namesakes import found
from coach.web.pages.forms import Form, Posted
from coach.web.pages.log import read_moments
from coach.web.pages.person_view import fresh, open_and_past, promises
from coach.web.pages.today_page import open_steps
from coach.web.parts import In, Parts, User
from coach.web.renderer import back_to, fragment, page, wants_part

router = routers.of_pages("/people/{person_id}")

_LOOKED_AT = 120
_PLANS_LOOKED_AT = 30
_MOST = 50
_SESSIONS = 20
_PREPARED_FOR = timedelta(days=14)
"""What was prepared in a session stands on the sheet for so long."""

_PRONOUNS = {"", "he", "she", "they", "him", "her", "them"}


class After(Form):
    """Notes after the talk."""

    text: Text


class PointForm(Form):
    """Something to talk about."""

    by: By
    what: Note


@router.get("/one-to-one")
async def sheet(person_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """The sheet."""
    return await _page(person_id, request, parts, user)


@router.post("/one-to-one")
async def after(person_id: str, form: Posted[After], request: Request, parts: In, user: User) -> HTMLResponse:
    """Read notes: moments and promises to confirm. Nothing is kept."""
    person = await parts.journal.person(user, person_id)
    noted, spoken = await _read(parts, user, person, form.text)
    values = {
        "noted": noted,
        "records": [(parts.new_id(), note) for note in noted.notes],
        "spoken": [(parts.new_id(), each) for each in spoken],
        "person": person,
        "text": form.text,
    }
    if wants_part(request):
        return HTMLResponse(fragment("_after.html", **values))
    return await _page(person_id, request, parts, user, **values)


@router.post("/points")
async def add_point(person_id: str, form: Posted[PointForm], parts: In, user: User) -> Response:
    """Put a point on the sheet."""
    made = Point(parts.new_id(), form.by, form.what, parts.clock())

    def add(person: Person) -> Person:
        if len(person.points) >= _MOST:
            raise BadInput(f"There are {_MOST} points already. Take one off first.")
        return replace(person, points=(*person.points, made))

    await parts.journal.change(user, Person, person_id, add)
    return back_to(f"/people/{person_id}/one-to-one#points")


@router.post("/points/{point_id}/off")
async def take_off(person_id: str, point_id: str, parts: In, user: User) -> Response:
    """Take a point off the sheet: it was talked about, or is no longer wanted."""

    def without(person: Person) -> Person:
        left = tuple(it for it in person.points if it.id != point_id)
        if len(left) == len(person.points):
            raise NotFound("There is no such point in this journal.")
        return replace(person, points=left)

    await parts.journal.change(user, Person, person_id, without)
    return back_to(f"/people/{person_id}/one-to-one#points")


async def _page(person_id: str, request: Request, parts: Parts, user: str, **values: object) -> HTMLResponse:
    person, now = await parts.journal.person(user, person_id), parts.clock()
    moments = await parts.journal.moments(user, person_id, _LOOKED_AT)
    plans = await parts.journal.plans(user, person_id, _PLANS_LOOKED_AT)
    outcomes = await parts.journal.outcomes_about(user, person_id)
    opened = [it for it in await open_steps(parts, user) if it.plan.person_id == person_id]
    known = fresh(person, now)
    today = now.astimezone().date()
    tie = await tie_with(parts, user, person, today)
    opens = tie.open
    asked = question(person, open_and_past(plans, outcomes, now).open, known.plate, today, opens)
    session = await _prepared(parts, user, person_id, now)
    given = {"records": (), "spoken": (), "noted": None, "text": "", **values}
    return page(
        request,
        "one_to_one.html",
        "people",
        200,
        **{**given, "person": person},
        fresh=known,
        promises=promises(person),
        opened=opened,
        asked=asked,
        question=_worded(parts, person, asked),
        due=tie.thanks,
        between=opens if not resting(person, today) else Open(called_off=opens.called_off),
        last=moments[-1] if moments else None,
        names=[person.name],
        session=session,
        prepared=telling.prepared(session, parts.sessions.template_of(session)) if session else (),
    )


async def _prepared(parts: Parts, user: str, person_id: str, now: datetime) -> Session | None:
    """Return the last session about someone, where it is of these two weeks."""
    theirs = [it for it in await parts.journal.sessions(user, _SESSIONS) if it.person_id == person_id]
    return theirs[-1] if theirs and now - theirs[-1].started_at < _PREPARED_FOR else None


def _worded(parts: Parts, person: Person, asked: Question) -> str:
    plan: RepairPlan | None = asked.plan
    if asked.ask is Ask.PLAN and plan is not None:
        return plan.missing.question
    rests_on = asked.moment.happened_at.astimezone().date() if asked.moment else None
    return parts.texts.render(
        "one_to_one.fixed",
        ask=asked.ask,
        plate=(person.plate or "").rstrip(". "),
        n=asked.n,
        day=f"{rests_on:%A} {rests_on.day} {rests_on:%B}" if rests_on else "",
        what=asked.promise.what.strip(" .") if asked.promise else "",
    )


async def _read(parts: Parts, user: str, person: Person, text: str) -> tuple[Found, Sequence[Promised]]:
    """Return what is in notes. Where someone was harmed, no promise is looked for: the way to help stands alone."""
    whole = await read_moments(parts, user, text, None)
    if whole.route in {Route.GET_HELP, Route.DECLINE}:
        return replace(whole, notes=tuple(_about(person, note) for note in whole.notes)), ()
    spoken = promised(text, person.name, parts.clock().astimezone().date())
    rest = without(text, spoken)
    noted = whole if not spoken else await read_moments(parts, user, rest, None) if rest else replace(whole, notes=())
    return replace(noted, senders=(), notes=tuple(_about(person, note) for note in noted.notes)), spoken


def _about(person: Person, note: Noted) -> Noted:
    """Return a note with the person in it where nobody else is named, and the place such a talk has with them."""
    same = note.who.casefold() in _PRONOUNS or found([person], note.who) is not None
    places = {True: Channel.VIDEO, False: Channel.IN_PERSON, None: None}
    return replace(note, who=person.name if same else note.who, channel=note.channel or places[person.remote])
