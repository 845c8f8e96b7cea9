"""How members come and go: sign in, join by an invitation, use a recovery code, lock, sign out.

A form that was wrong comes back with what was wrong and what was typed, but never with a password in it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coach.domain.members import DoorKind, Opened
from coach.errors import CoachError, Locked, Refused
from coach.members import Members
from coach.web import routers
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts
from coach.web.porter import Porter, opened_by
from coach.web.problems import status_of
from coach.web.renderer import back_to, page

router = routers.of_pages()

_Word = Annotated[str, Field(max_length=1000)]
CODE = "/member/code"


def members_of(request: Request) -> Members:
    """Return what there is of members."""
    found: Members = request.app.state.parts.members
    return found


def porter_of(request: Request) -> Porter:
    """Return the keeper of the door."""
    found: Porter = request.app.state.keeper
    return found


def member_of(request: Request) -> Opened:
    """Return whose request this is, signed in and open. Raises Locked."""
    opened = opened_by(request.scope)
    if opened is None or opened.key is None:
        raise Locked("Sign in first.")
    return opened


Group = Annotated[Members, Depends(members_of)]
"""The members, in a route's arguments."""

Me = Annotated[Opened, Depends(member_of)]
"""The member who asks, in a route's arguments."""


def address_of(request: Request) -> str:
    """Return where a request comes from, for counting tries."""
    return request.client.host if request.client else ""


class SignIn(Form):
    """Who it is; ``login`` is missing where the session says it. ``to``: the page that was wanted."""

    login: _Word = ""
    password: _Word = ""
    long: Literal["yes"] | None = None
    device: Literal["yes"] | None = None
    to: _Word = "/"


class Joining(Form):
    """What a new member chooses."""

    login: _Word = ""
    password: _Word = ""
    again: _Word = ""
    long: Literal["yes"] | None = None


class Recovery(Form):
    """A recovery code, and the password that takes the place of the lost one."""

    login: _Word = ""
    code: _Word = ""
    password: _Word = ""


@router.get("/signin")
async def ask(request: Request, to: str = "/") -> HTMLResponse:
    """The form, or only the password for whoever has locked their journal."""
    return _sign_in(request, to, "", None)


def _sign_in(request: Request, to: str, login: str, error: CoachError | None) -> HTMLResponse:
    opened = opened_by(request.scope)
    return page(
        request,
        "signin.html",
        "",
        status_of(error) if error else 200,
        to=local(to),
        login=opened.member.login if opened else login,
        known=opened is not None,
        signed_on=_signed_on(opened),
        sign_on=bool(request.app.state.parts.settings.oidc_issuer),
        local=request.app.state.parts.settings.local_signin,
        error=error,
    )


@router.post("/signin")
async def sign_in(form: Posted[SignIn], request: Request, parts: In, group: Group) -> Response:
    """Open the journal in this browser."""
    before = opened_by(request.scope)
    long = form.long == "yes"
    try:
        login = _meant(parts, before, form.login)
        token = await group.entry.sign_in(login, form.password, address_of(request), long=long, before=before)
    except CoachError as error:
        return _sign_in(request, form.to, form.login, error)
    if before is not None:
        await group.entry.sign_out(before)
    response = await entered(request, group, token, long=long, to=local(form.to))
    opened = await group.entry.opened(token, (DoorKind.SESSION,)) if form.device == "yes" else None
    if opened is not None and _signed_on(before):
        porter_of(request).remember(request.scope, response, await group.entry.device(opened))
    return response


def _signed_on(opened: Opened | None) -> bool:
    """Whether a session began with a single sign-on."""
    return opened is not None and opened.scope.endswith("signed on")


def _meant(parts: Parts, before: Opened | None, typed: str) -> str:
    """Return the login of who wants in. Where only a single sign-on lets in, it alone says who; raises Refused."""
    if parts.settings.local_signin:
        return typed or (before.member.login if before else "")
    if before is None or not _signed_on(before):
        raise Refused("Sign on with your company first; then your password opens the journal.")
    return before.member.login


async def entered(request: Request, group: Members, token: str, *, long: bool, to: str) -> Response:
    """Let the browser keep a session and go on; to the recovery code first, where none was written down."""
    opened = await group.entry.opened(token, (DoorKind.SESSION,))
    if opened is not None and not await group.entry.has_code(opened.member.id):
        to = CODE
    response = back_to(to)
    porter_of(request).let_in(request.scope, response, token, long=long)
    return response


@router.get("/join/{token}")
async def invited(token: str, request: Request, group: Group) -> HTMLResponse:
    """What joining means, and the form."""
    return await _join(request, group, token, "", None)


async def _join(request: Request, group: Members, token: str, login: str, error: str | None) -> HTMLResponse:
    role = await group.roster.invited(token)
    status = 404 if role is None else 400 if error else 200
    return page(request, "join.html", "", status, token=token, role=role, login=login, error=error)


@router.post("/join/{token}")
async def join(token: str, form: Posted[Joining], request: Request, group: Group) -> Response:
    """Make the member and their key, and open the empty journal in this browser."""
    if form.password != form.again:
        return await _join(request, group, token, form.login, "The two passwords differ. Type them once more.")
    try:
        session = await group.roster.join(token, form.login, form.password, long=form.long == "yes")
    except CoachError as error:
        return await _join(request, group, token, form.login, str(error))
    return await entered(request, group, session, long=form.long == "yes", to="/")


@router.get("/recover")
async def lost(request: Request) -> HTMLResponse:
    """The form for a recovery code."""
    return page(request, "recover.html", "", login="", error=None)


@router.post("/recover")
async def recover(form: Posted[Recovery], request: Request, parts: In, group: Group) -> Response:
    """Take a code, put the new password in its place, and show a new code."""
    try:
        login = _meant(parts, opened_by(request.scope), form.login)
        token = await group.entry.recover(login, form.code, form.password, address_of(request))
    except CoachError as error:
        return page(request, "recover.html", "", status_of(error), login=form.login, error=error)
    return await entered(request, group, token, long=False, to="/")


@router.post("/lock")
async def lock(group: Group, me: Me) -> Response:
    """Close the journal in this browser; it still knows who is there."""
    await group.entry.lock(me)
    return back_to("/signin")


@router.post("/signout")
async def sign_out(request: Request, group: Group) -> Response:
    """End this browser's session."""
    opened = opened_by(request.scope)
    if opened is not None:
        await group.entry.sign_out(opened)
    response: RedirectResponse = back_to("/signin")
    porter_of(request).let_go(request.scope, response)
    return response


def local(to: str) -> str:
    """Return an address where it is one of this coach, else its first page."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else "/"
