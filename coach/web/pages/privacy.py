"""What is stored, and how to take it out, put it back and erase it."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import File, Request, UploadFile
from starlette.responses import HTMLResponse, Response

from coach.errors import BadInput
from coach.web import routers
from coach.web.api.everything import export_file
from coach.web.keeper import stamped
from coach.web.labels import LABELS
from coach.web.once import Dated, Since
from coach.web.pages.backup import STAMP
from coach.web.pages.forms import Form, Posted
from coach.web.pages.takeover import takings_of
from coach.web.parts import In, User
from coach.web.renderer import back_to, page
from coach.web.retention import GRACE, expire_all, overdue

router = routers.of_pages(route_class=Dated)

SHOWN = 20
"""So many calls are shown, the newest; the API gives them all."""

CONFIRMATION = "forget everything"

_EXPORT = "export"


class Confirmation(Form):
    """The words that must be typed before everything is erased."""

    confirm: str = ""


class Stamped(Form):
    """What shows that a form is from our own page."""

    stamp: str = ""


@router.get("/privacy")
async def privacy(request: Request, parts: In, user: User, done: str = "") -> HTMLResponse:
    """What is stored, and what can be done with it."""
    found = await parts.journal.counts(user)
    counts = {name: found[name] for name in ("people", "moments", "conversations", "plans")}
    return page(
        request,
        "privacy.html",
        "privacy",
        counts=counts,
        sent=list(reversed(await parts.journal.sent(user, limit=SHOWN))),
        errands=LABELS["errands"],
        confirmation=CONFIRMATION,
        done=done,
        where=str(parts.settings.data),
        goes=await parts.journal.goes_on(user),
        past=await overdue(parts.journal, user, parts.clock()),
        stamp=request.app.state.keeper.stamp(request.scope, _EXPORT),
        backups=parts.backups if parts.members is None else None,
        backup_stamp=request.app.state.keeper.stamp(request.scope, STAMP),
    )


@router.post("/privacy/export")
async def export(form: Posted[Stamped], request: Request, parts: In, user: User) -> Response:
    """Everything as a file, for the form of the page and for no link."""
    if not stamped(request.scope, _EXPORT, form.stamp):
        raise BadInput("This form is from an older page. Open the Privacy page again and export from there.")
    return await export_file(parts, user)


@router.post("/privacy/import")
async def import_(file: Annotated[UploadFile, File()], parts: In, user: User, since: Since) -> Response:
    """Take an export back."""
    try:
        data = json.loads(await file.read())
    except (ValueError, RecursionError):
        raise BadInput("This file is not readable as JSON. Choose one that the coach exported.") from None
    await parts.journal.import_(user, data, since)
    return back_to("/privacy?done=import")


@router.post("/privacy/forget")
async def forget(form: Posted[Confirmation], request: Request, parts: In, user: User) -> Response:
    """Erase everything in a day, when the words were typed; the files that wait to be imported go at once."""
    if form.confirm.strip().casefold() != CONFIRMATION:
        raise BadInput(f"Nothing was erased. Type the words “{CONFIRMATION}” to erase everything.")
    await parts.journal.forget_on(user, parts.clock() + GRACE)
    takings_of(request).forget(user)
    return back_to("/privacy?done=forget#erase")


@router.post("/privacy/keep")
async def keep(parts: In, user: User) -> Response:
    """Keep everything after all, while it is still there."""
    await parts.journal.forget_on(user, None)
    return back_to("/privacy?done=keep#erase")


@router.post("/privacy/expire")
async def expire(parts: In, user: User) -> Response:
    """Erase what is past its time, since the user says so."""
    await expire_all(parts.journal, user, parts.clock(), asked=True)
    return back_to("/privacy?done=expire#past")
