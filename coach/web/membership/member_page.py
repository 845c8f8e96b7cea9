"""A member's own page: whom the journal is protected from, password, recovery code, browsers and programs, leaving."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Request
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from coach.domain.members import PROGRAMS, DoorKind, Opened
from coach.errors import BadInput, CoachError, Refused
from coach.members import Members
from coach.web import routers
from coach.web.membership.arrival import Group, Me, address_of, entered, porter_of
from coach.web.pages.forms import Form, Posted
from coach.web.problems import status_of
from coach.web.renderer import back_to, page

router = routers.of_pages("/member")

_Word = Annotated[str, Field(max_length=1000)]
LEAVING = "leave for good"


class NewPassword(Form):
    """The password of now and the one to come."""

    old: _Word = ""
    new: _Word = ""
    again: _Word = ""


class Written(Form):
    """A code as it was shown, and its last group typed back; ``password``: where it takes the place of another."""

    code: _Word = ""
    typed: _Word = ""
    password: _Word = ""


class Program(Form):
    """What a new token is for, and what its member calls it."""

    kind: DoorKind
    label: Annotated[str, Field(max_length=80)] = ""
    names: Literal["made-up"] | None = None


class Mail(Form):
    """Where the digest goes and at which hour; empty: nowhere."""

    address: Annotated[str, Field(max_length=200)] = ""
    hour: Annotated[int, Field(ge=0, le=23)] = 7


class Leaving(Form):
    """The words that must be typed, and the password."""

    confirm: _Word = ""
    password: _Word = ""


@router.get("")
async def show(request: Request, group: Group, me: Me, done: str = "") -> HTMLResponse:
    """Everything about the membership."""
    return await _page(request, group, me, done=done)


async def _page(
    request: Request, group: Members, me: Opened, *, done: str = "", error: CoachError | None = None, token: str = ""
) -> HTMLResponse:
    _, head = await group.roster.acts()
    return page(
        request,
        "member.html",
        "privacy",
        status_of(error) if error else 200,
        me=me,
        ways=await group.entry.ways(me),
        has_code=await group.entry.has_code(me.member.id),
        head=head,
        mail=await group.caretaker.mail(me.member.id),
        mcp=request.app.state.parts.settings.mcp,
        sign_on=bool(request.app.state.parts.settings.oidc_issuer),
        connected=await group.identities.has(me.member.id),
        mails=bool(request.app.state.parts.settings.smtp_host),
        counted=await group.numbers.counts(me.member.id),
        passkeys=await group.passkeys.of(me.member.id),
        leaving=LEAVING,
        done=done,
        error=error,
        token=token,
    )


@router.get("/code")
async def new_code(request: Request, group: Group, me: Me) -> HTMLResponse:
    """A new recovery code; it counts once its last group was typed back."""
    return await _code(request, group, me, group.entry.new_code())


async def _code(
    request: Request, group: Members, me: Opened, code: str, *, slip: bool = False, error: CoachError | None = None
) -> HTMLResponse:
    status = status_of(error) if error else 400 if slip else 200
    has_code = await group.entry.has_code(me.member.id)
    return page(request, "code.html", "privacy", status, code=code, has_code=has_code, slip=slip, error=error, me=me)


@router.post("/code")
async def keep_code(form: Posted[Written], request: Request, group: Group, me: Me) -> Response:
    """Let the code open the journal from now on; whoever finds a browser open cannot put theirs in its place."""
    try:
        if await group.entry.has_code(me.member.id):
            await group.entry.prove(me, form.password, address_of(request))
    except CoachError as error:
        return await _code(request, group, me, form.code, error=error)
    if not await group.entry.keep_code(me, form.code, form.typed):
        return await _code(request, group, me, form.code, slip=True)
    return back_to("/member?done=code")


@router.post("/password")
async def password(form: Posted[NewPassword], request: Request, group: Group, me: Me) -> Response:
    """Change the password; every browser and program has to come in anew."""
    try:
        if form.new != form.again:
            raise BadInput("The two new passwords differ. Type them once more.")
        token = await group.entry.change_password(me, form.old, form.new, address_of(request))
    except CoachError as error:
        return await _page(request, group, me, error=error)
    return await entered(request, group, token, long=me.scope == "30 days", to="/member?done=password")


@router.post("/programs")
async def program(form: Posted[Program], request: Request, group: Group, me: Me) -> HTMLResponse:
    """Make a token for a program and show it, this once."""
    if form.kind not in PROGRAMS:
        raise BadInput("A token is for a chat program or for a program that speaks MCP.")
    token = await group.entry.program(me, form.kind, form.label, made_up=form.names == "made-up")
    return await _page(request, group, me, token=token)


@router.post("/mail")
async def mail(form: Posted[Mail], request: Request, group: Group, me: Me) -> Response:
    """Settle where the digest goes."""
    try:
        await group.caretaker.set_mail(me.member.id, form.address, form.hour)
    except CoachError as error:
        return await _page(request, group, me, error=error)
    return back_to("/member?done=mail")


@router.post("/ways/{door}/end")
async def end(door: str, group: Group, me: Me) -> Response:
    """End one browser's session or one program's token."""
    await group.entry.sign_out(me, door=door)
    return back_to("/member?done=ended")


@router.post("/everywhere")
async def everywhere(request: Request, group: Group, me: Me) -> Response:
    """End every session and token, this one as well."""
    await group.entry.sign_out(me, everywhere=True)
    response = back_to("/signin")
    porter_of(request).let_go(request.scope, response)
    return response


@router.post("/leave")
async def leave(form: Posted[Leaving], request: Request, group: Group, me: Me) -> Response:
    """Erase the member with everything of theirs."""
    try:
        if form.confirm.strip().casefold() != LEAVING:
            raise Refused(f"Nothing was erased. Type the words “{LEAVING}” to leave.")
        await group.roster.leave(me, form.password, address_of(request))
    except CoachError as error:
        return await _page(request, group, me, error=error)
    response = back_to("/signin")
    porter_of(request).let_go(request.scope, response)
    return response
