"""What hosts handed out to all members, for everybody to see; for hosts, a form to hand out more or take it back."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from fastapi import File, Request, UploadFile
from fastapi import Form as FromForm
from starlette.responses import HTMLResponse, Response

from coach.domain.members import HandoutKind, Opened, Role
from coach.errors import CoachError
from coach.members import Members
from coach.web import routers
from coach.web.membership.arrival import Group, Me
from coach.web.problems import status_of
from coach.web.renderer import back_to, page

router = routers.of_pages("/handouts")


@router.get("")
async def show(request: Request, group: Group, me: Me, done: str = "") -> HTMLResponse:
    """What is there."""
    return await _page(request, group, me, done=done)


async def _page(
    request: Request, group: Members, me: Opened, *, done: str = "", error: CoachError | None = None
) -> HTMLResponse:
    return page(
        request,
        "handouts.html",
        "privacy",
        status_of(error) if error else 200,
        hosts=me.member.role is not Role.MEMBER,
        handouts=await group.handouts.all(),
        done=done,
        error=error,
    )


@router.post("")
async def hand_out(
    file: Annotated[UploadFile, File()],
    kind: Annotated[HandoutKind, FromForm()],
    request: Request,
    group: Group,
    me: Me,
) -> Response:
    """Hand out what is in a ZIP file, under the file's name."""
    try:
        await group.handouts.hand_out(me.member, kind, PurePath(file.filename or "").stem, await file.read())
    except CoachError as error:
        return await _page(request, group, me, error=error)
    return back_to("/handouts?done=out")


@router.post("/{name}/withdraw")
async def withdraw(name: str, request: Request, group: Group, me: Me) -> Response:
    """Take something back."""
    try:
        await group.handouts.withdraw(me.member, name)
    except CoachError as error:
        return await _page(request, group, me, error=error)
    return back_to("/handouts?done=back")
