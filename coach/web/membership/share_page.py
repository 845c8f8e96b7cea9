"""Sheets shared with one named member: written or begun from a talk's sheet, shown whole before, then sent."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form as FromForm
from fastapi import Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from coach.errors import CoachError
from coach.web import routers
from coach.web.membership.arrival import Group, Me
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts
from coach.web.problems import status_of
from coach.web.renderer import back_to, fragment, page

router = routers.of_pages("/shares")


class Sheet(Form):
    """A sheet, to whom, and how long it waits. ``look``: it is shown before it is sent."""

    to: Annotated[str, Field(max_length=100)] = ""
    text: Annotated[str, Field(max_length=20_000)] = ""
    days: Annotated[int, FromForm()] = 30
    act: Literal["look", "back", "send"] = "look"


@router.get("")
async def show(request: Request, parts: In, group: Group, me: Me, person: str = "", done: str = "") -> HTMLResponse:
    """What was sent and received, and a new sheet; with ``person``, begun from what is open with somebody."""
    sheet = Sheet(text=await _begun(parts, me.member.id, person)) if person else Sheet()
    return await _page(request, group, me, sheet, done=done)


async def _begun(parts: Parts, user: str, person_id: str) -> str:
    """Return the beginning of a sheet: points to talk about and open promises. Raises NotFound."""
    person = await parts.journal.person(user, person_id)
    promises = [each for each in person.promises if each.kept_at is None]
    return fragment("_sheet.txt", points=person.points, promises=promises).strip()


async def _page(
    request: Request, group: Group, me: Me, sheet: Sheet, *, done: str = "", error: CoachError | None = None
) -> HTMLResponse:
    return page(
        request,
        "shares.html",
        "people",
        status_of(error) if error else 200,
        me=me,
        sheet=sheet,
        shares=await group.shares.all(me),
        done=done,
        error=error,
    )


@router.post("")
async def send(form: Posted[Sheet], request: Request, group: Group, me: Me) -> Response:
    """Show the sheet whole, as the other will see it; then send it."""
    if form.act == "look":
        return page(request, "share_look.html", "people", me=me, sheet=form)
    if form.act == "back":
        return await _page(request, group, me, form)
    try:
        await group.shares.send(me, form.to, form.text, form.days)
    except CoachError as error:
        return await _page(request, group, me, form, error=error)
    return back_to("/shares?done=sent")


@router.post("/{share}/open")
async def open_(share: str, request: Request, group: Group, me: Me) -> HTMLResponse:
    """Show one sheet; one that was received counts as opened."""
    return page(request, "share.html", "people", me=me, share=await group.shares.open(me, share))


@router.post("/{share}/withdraw")
async def withdraw(share: str, group: Group, me: Me) -> Response:
    """Take back what was not opened, or put away what was received."""
    await group.shares.withdraw(me, share)
    return back_to("/shares?done=gone")
