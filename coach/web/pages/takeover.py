"""Taking in people and moments from other programs: choose a file, look at what is in it, take it."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi import Form as FromForm
from starlette.responses import HTMLResponse, Response

from coach.domain.moments import Landed
from coach.errors import BadInput
from coach.foreign.found import meet
from coach.web import routers
from coach.web.pages.forms import Form
from coach.web.parts import In, User
from coach.web.renderer import back_to, page
from coach.web.uploads import State, Taking, Takings

router = routers.of_pages("/import")

_SHOWN = 20


class Take(Form):
    """How moments landed, when the file does not say."""

    landed: Landed | None = None


def takings_of(request: Request) -> Takings:
    """Return the files that wait at this server."""
    state = request.app.state
    if getattr(state, "takings", None) is None:
        state.takings = Takings()
    takings: Takings = state.takings
    return takings


@router.get("")
async def choose(request: Request) -> HTMLResponse:
    """What can be taken in, and the file."""
    return page(request, "import.html", "people")


@router.post("")
async def begin(file: Annotated[UploadFile, File()], request: Request, parts: In, user: User) -> Response:
    """Read a file."""
    raw = await file.read()
    if not raw:
        raise BadInput("No file was chosen, or it is empty.")
    return back_to(f"/import/{await takings_of(request).begin(user, raw, parts.clock())}")


@router.get("/{token}")
async def look(token: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """How far a file is: being read, ready to be taken, being written, done."""
    taking: Taking = takings_of(request).get(user, token, parts.clock())
    meeting = meet(taking.found, await parts.journal.people(user)) if taking.found else None
    return page(
        request,
        "import_file.html",
        "people",
        token=token,
        taking=taking,
        meeting=meeting,
        waits=taking.state in {State.READING, State.WRITING},
        most=_SHOWN,
        names={it.id: it.name for it in (*meeting.people, *meeting.known)} if meeting else {},
    )


@router.post("/{token}")
async def take(token: str, form: Annotated[Take, FromForm()], request: Request, parts: In, user: User) -> Response:
    """Take what was looked at."""
    takings = takings_of(request)
    await takings.take(takings.get(user, token, parts.clock()), parts.journal, user, form.landed)
    return back_to(f"/import/{token}")


@router.post("/{token}/drop")
async def drop(token: str, request: Request, user: User) -> Response:
    """Leave it."""
    takings_of(request).drop(user, token)
    return back_to("/import")
