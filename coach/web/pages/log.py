"""Noting a moment in ten seconds: prose in, records out, one click to confirm."""

from __future__ import annotations

from datetime import UTC

import anyio.to_thread
from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.domain.moments import Moment
from coach.reading import notes
from coach.reading.notes import Noted
from coach.safety import floor
from coach.web import routers
from coach.web.api.fields import Id, Name, Text
from coach.web.namesakes import called
from coach.web.pages.forms import Form, Posted
from coach.web.pages.moments import MomentForm, made
from coach.web.parts import In, Parts, User, if_there
from coach.web.renderer import fragment, page, part_or_back, wants_part

router = routers.of_pages()


class Words(Form):
    """A sentence or a pasted thread; ``me`` is which of its senders is the user."""

    text: Text
    me: Name | None = None


class RecordForm(MomentForm):
    """A record to keep. Its id was given with it, so that a second click changes nothing."""

    id: Id
    who: Name


@router.get("/log")
async def log(request: Request, parts: In, user: User, kept: str | None = None, undone: bool = False) -> HTMLResponse:
    """A box to write in, and what was just kept."""
    moment = await _kept(parts, user, kept)
    person = await parts.journal.person(user, moment.person_id) if moment else None
    return await _page(request, parts, user, kept=moment, person=person, undone=undone)


@router.post("/log")
async def read(words: Posted[Words], request: Request, parts: In, user: User) -> HTMLResponse:
    """Read some words; nothing is kept."""
    noted = await read_moments(parts, user, words.text, words.me)
    values = {"noted": noted, "records": [(parts.new_id(), note) for note in noted.notes], "text": words.text}
    if wants_part(request):
        return HTMLResponse(fragment("_records.html", **values))
    return await _page(request, parts, user, **values)


@router.post("/log/keep")
async def keep(form: Posted[RecordForm], request: Request, parts: In, user: User) -> Response:
    """Keep a record, and the person when they are new."""
    now = parts.clock()
    person = await called(parts, user, form.who, now)
    moment = await _kept(parts, user, form.id)
    if moment is None:
        moment = made(form, form.id, person.id, now)
        await parts.journal.add_moment(user, moment)
    return part_or_back(request, "_kept.html", f"/log?kept={moment.id}", moment=moment, name=person.name, fresh=True)


async def read_moments(parts: Parts, user: str, text: str, me: str | None) -> Noted:
    """Return the moments in some words, read away from the event loop."""
    known = await parts.journal.people(user)
    today = parts.clock().astimezone(UTC).astimezone().date()

    def work() -> Noted:
        route = floor.read(text, parts.knowledge).route
        return notes.noted(text, known, today, parts.texts, me or "", route)

    return await anyio.to_thread.run_sync(work)


async def _kept(parts: Parts, user: str, moment_id: str | None) -> Moment | None:
    return await if_there(parts.journal.moment(user, moment_id)) if moment_id else None


async def _page(request: Request, parts: Parts, user: str, **values: object) -> HTMLResponse:
    names = sorted({each.name for each in await parts.journal.people(user)})
    given = {"kept": None, "person": None, "undone": False, "records": (), "text": "", **values}
    return page(request, "log.html", "journal", 200, names=names, **given)
