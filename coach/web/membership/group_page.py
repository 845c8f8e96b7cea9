"""The group, for everybody: its numbers and what admins did; for admins who is in it, invitations, roles, erasing."""

from __future__ import annotations

from typing import Literal

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.domain.members import Opened, Role
from coach.errors import BadInput, Refused
from coach.members import Members
from coach.web import routers
from coach.web.membership.arrival import Group, Me
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In
from coach.web.proxies import own_address
from coach.web.renderer import back_to, page

router = routers.of_pages("/members")


class Invitation(Form):
    """As what somebody is invited."""

    role: Role = Role.MEMBER


class Change(Form):
    """What an admin does about a member; ``confirm`` repeats the login where there is no way back."""

    act: Literal["lock", "unlock", "member", "host", "admin", "erase"]
    confirm: str = ""


@router.get("")
async def show(request: Request, group: Group, me: Me, done: str = "") -> HTMLResponse:
    """The group. Only admins see who is in it; everybody sees what admins did."""
    return await _page(request, group, me, done=done)


async def _page(request: Request, group: Members, me: Opened, *, done: str = "", link: str = "") -> HTMLResponse:
    acts, head = await group.roster.acts()
    leads = me.member.role is Role.ADMIN
    return page(
        request,
        "members.html",
        "privacy",
        me=me,
        leads=leads,
        members=await group.roster.members() if leads else (),
        acts=tuple(reversed(acts)),
        head=head,
        weeks=await group.numbers.weeks(),
        link=link,
        done=done,
    )


@router.post("")
async def invite(form: Posted[Invitation], request: Request, parts: In, group: Group, me: Me) -> HTMLResponse:
    """Make a link for one person and show it, this once."""
    token = await group.roster.invite(me.member, form.role)
    return await _page(request, group, me, link=f"{own_address(request.scope, parts.settings)}/join/{token}")


@router.post("/{login}")
async def change(login: str, form: Posted[Change], group: Group, me: Me) -> Response:
    """Lock a member out, let them in again, give them a role, or erase them."""
    if form.act == "erase":
        if form.confirm.strip().casefold() != login:
            raise BadInput("Nothing was erased. Type the login of the member to erase them.")
        if login == me.member.login:
            raise Refused("To erase yourself, leave on your own page.")
        await group.roster.erase(me.member, login)
    elif form.act in {"lock", "unlock"}:
        await group.roster.lock(me.member, login, locked=form.act == "lock")
    else:
        await group.roster.make(me.member, login, Role(form.act))
    return back_to(f"/members?done={form.act}")
