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


def _takings(request: Request) -> Takings:
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
async def begin(file: Annotated[UploadFile, File()], request: Request, parts: In) -> Response:
    """Read a file."""
    raw = await file.read()
    if not raw:
        raise BadInput("No file was chosen, or it is empty.")
    return back_to(f"/import/{await _takings(request).begin(raw, parts.clock())}")


@router.get("/{token}")
async def look(token: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """How far a file is: being read, ready to be taken, being written, done."""
    taking: Taking = _takings(request).get(token, parts.clock())
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
    takings = _takings(request)
    await takings.take(takings.get(token, parts.clock()), parts.journal, user, form.landed)
    return back_to(f"/import/{token}")


@router.post("/{token}/drop")
async def drop(token: str, request: Request) -> Response:
    """Leave it."""
    _takings(request).drop(token)
    return back_to("/import")
