"""Taking in people and moments from other programs: choose a file, look at what is in it, take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import anyio.to_thread
from fastapi import File, Request, UploadFile
from starlette.responses import HTMLResponse, Response

from coach.domain.intakes import UNDONE_WITHIN, TakenOut
from coach.domain.moments import Landed, Moment
from coach.domain.people import Person
from coach.errors import BadInput
from coach.foreign import Found
from coach.foreign.found import Meeting, Namesake, meet
from coach.web import routers
from coach.web.once import Dated, Since
from coach.web.parts import In, Parts, User
from coach.web.renderer import back_to, page
from coach.web.uploads import State, Taking, Takings
from coach.web.watched_calendar import WatchedCalendar, last_taken

router = routers.of_pages("/import", route_class=Dated)

_SHOWN = 100
"""Lines on a page."""

_WHO = "who-"
"""Before an id: the name of the field that says who somebody is."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What can be ticked in a file: those who may be somebody else, new people, what is new about others,
    moments. ``names``: by found id."""

    asked: tuple[Namesake, ...]
    people: tuple[Person, ...]
    moments: tuple[Moment, ...]
    known: tuple[Person, ...]
    facts: tuple[Person, ...]
    names: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.asked) + len(self.people) + len(self.facts) + len(self.moments)

    def on(self, part: int, shown: int) -> Lines:
        """Return the lines of one page, the first page being 1."""
        start, cut = (part - 1) * shown, {}
        for name in ("asked", "people", "facts", "moments"):
            some = getattr(self, name)
            cut[name] = some[max(0, start) : max(0, start + shown)]
            start -= len(some)
        return replace(self, **cut)


def takings_of(request: Request) -> Takings:
    """Return the files that wait at this server."""
    state = request.app.state
    if getattr(state, "takings", None) is None:
        parts: Parts = state.parts
        state.takings = Takings(parts.journal if parts.members is not None else None)
    takings: Takings = state.takings
    return takings


def watched_of(request: Request, parts: Parts) -> WatchedCalendar:
    """Return the calendar that is watched at this server."""
    state = request.app.state
    if getattr(state, "watched_calendar", None) is None or state.watched_calendar.settings is not parts.settings:
        state.watched_calendar = WatchedCalendar(parts.settings)
    watched: WatchedCalendar = state.watched_calendar
    return watched


@router.get("")
async def choose(request: Request, parts: In, user: User) -> HTMLResponse:
    """What can be taken in, the file, and what was taken in lately."""
    return await _chooser(request, parts, user, None)


@router.post("/undo/{intake_id}")
async def undo(intake_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """Take out again what a file brought in."""
    out = await parts.journal.take_out(user, intake_id)
    return await _chooser(request, parts, user, out)


async def _chooser(request: Request, parts: Parts, user: str, out: TakenOut | None) -> HTMLResponse:
    since = parts.clock() - UNDONE_WITHIN
    lately = [each for each in await parts.journal.intakes(user) if each.at >= since][::-1]
    watched = watched_of(request, parts)
    changed = watched.changed() if watched.of(user) else None
    return page(request, "import.html", "people", lately=lately, out=out, watched=watched.of(user), changed=changed)


@router.post("/calendar")
async def watched(request: Request, parts: In, user: User, since: Since) -> Response:
    """Read the calendar that is watched."""
    calendar = watched_of(request, parts)
    if not calendar.of(user):
        raise BadInput("No calendar is watched. COACH_CALENDAR names one: a file or a folder.")
    now = parts.clock()
    raw = await anyio.to_thread.run_sync(calendar.read, now)
    seen = await last_taken(parts.journal, user)
    call = (await parts.journal.preferences(user)).call
    token = await takings_of(request).begin(user, raw, now, since, seen, call)
    return back_to(f"/import/{token}")


@router.post("")
async def begin(file: Annotated[UploadFile, File()], request: Request, parts: In, user: User, since: Since) -> Response:
    """Read a file."""
    raw = await file.read()
    if not raw:
        raise BadInput("No file was chosen, or it is empty.")
    call = (await parts.journal.preferences(user)).call
    return back_to(f"/import/{await takings_of(request).begin(user, raw, parts.clock(), since, call=call)}")


@router.get("/{token}")
async def look(token: str, request: Request, parts: In, user: User, part: int = 1) -> HTMLResponse:
    """How far a file is: being read, ready to be taken, being written, done."""
    taking: Taking = await takings_of(request).get(user, token, parts.clock())
    return page(
        request,
        "import_file.html",
        "people",
        token=token,
        taking=taking,
        waits=taking.state in {State.READING, State.WRITING},
        lines=await _lines(taking.found, taking.answers, parts, user) if taking.found else None,
        part=part,
        shown=_SHOWN,
    )


@router.post("/{token}")
async def take(token: str, request: Request, parts: In, user: User) -> Response:
    """Keep what was ticked and answered on one page; then show another, or take it all."""
    takings = takings_of(request)
    taking = await takings.get(user, token, parts.clock())
    async with request.form(max_fields=4 * _SHOWN) as form:
        told = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    shown, ticked = ({value for name, value in told if name == key} for key in ("shown", "tick"))
    taking.left = (taking.left - shown) | (shown - ticked)
    taking.answers |= {name.removeprefix(_WHO): value for name, value in told if name.startswith(_WHO)}
    one = dict(told)
    if landed := one.get("landed"):
        if landed not in list(Landed):
            raise BadInput("How it landed is one of helped, harmed and indifferent.")
        taking.landed = Landed(landed)
    await takings.keep(user, token, taking)
    if (part := one.get("part", "")).isdecimal():
        return back_to(f"/import/{token}?part={int(part)}")
    await takings.take(user, token, taking, parts.journal)
    return back_to(f"/import/{token}")


async def _new_moments(found: Found, meeting: Meeting, parts: Parts, user: str) -> tuple[Moment, ...]:
    """Return the moments of a file without those that are kept already."""
    if not found.moments:
        return ()
    since = min(it.happened_at for it in found.moments)
    kept = await parts.journal.moments_since(user, since, [each.id for each in meeting.known])
    ids = {each.id for each in kept}
    return tuple(it for it in found.moments if it.id not in ids)


async def _lines(found: Found, answers: Mapping[str, str], parts: Parts, user: str) -> Lines:
    meeting = meet(found, await parts.journal.people(user), answers=answers)
    asked = {each.person.id for each in meeting.asked}
    return Lines(
        asked=meeting.asked,
        people=tuple(each for each in meeting.people if each.id not in asked),
        moments=await _new_moments(found, meeting, parts, user),
        known=meeting.known,
        facts=meeting.facts,
        names={each.id: each.name for each in found.people},
    )


@router.post("/{token}/drop")
async def drop(token: str, request: Request, user: User) -> Response:
    """Leave it."""
    await takings_of(request).drop(user, token)
    return back_to("/import")
