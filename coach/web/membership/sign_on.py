"""Single sign-on: it says who somebody is. Their journal opens with their own password, once a device."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from coach.errors import NotFound, Refused
from coach.web import routers
from coach.web.membership import begun
from coach.web.membership.arrival import Group, Me, local, porter_of
from coach.web.membership.provider import Dance, Provider
from coach.web.parts import In, Parts
from coach.web.porter import opened_by
from coach.web.proxies import own_address
from coach.web.renderer import back_to, page

router = routers.of_pages("/oidc")

PATH = "/oidc"


def provider_of(request: Request, parts: In) -> Provider:
    """Return the provider of the settings. Raises NotFound without one."""
    if not parts.settings.oidc_issuer:
        raise NotFound("This coach has no single sign-on.")
    found: Provider | None = getattr(request.app.state, "provider", None)
    if found is None or found.issuer != parts.settings.oidc_issuer:
        found = request.app.state.provider = Provider(parts.settings)
    return found


SignOn = Annotated[Provider, Depends(provider_of)]


def _back(request: Request, parts: Parts) -> str:
    return f"{own_address(request.scope, parts.settings)}{PATH}/callback"


@router.get("/start")
async def start(request: Request, parts: In, provider: SignOn, to: str = "/") -> Response:
    """Send the browser to the provider, to say who is there."""
    url, dance = await _begun(request, parts, provider, to, "")
    response = RedirectResponse(url, 303)
    begun.keep(request, response, dance)
    return response


@router.post("/connect")
async def connect(request: Request, parts: In, provider: SignOn, me: Me) -> Response:
    """Send a member there, so that their sign-on is known from then on.

    By a page of our own: browsers let a form lead to no other site, not even by what it is answered with.
    """
    url, dance = await _begun(request, parts, provider, "/member?done=connected", me.member.id)
    response = page(request, "onward.html", "", to=url)
    begun.keep(request, response, dance)
    return response


@router.post("/disconnect")
async def disconnect(group: Group, me: Me) -> Response:
    """Let the sign-on say nothing about this member any more."""
    await group.identities.unlink(me.member.id)
    return back_to("/member?done=connected")


async def _begun(request: Request, parts: Parts, provider: Provider, to: str, member: str) -> tuple[str, Dance]:
    return await provider.start(_back(request, parts), local(to), member, parts.clock().timestamp())


@router.get("/callback")
async def callback(
    request: Request, parts: In, group: Group, provider: SignOn, state: str = "", code: str = ""
) -> Response:
    """Take what the provider says: connect it, or let the member in; the journal is open where this device is known."""
    dance = begun.kept(request, Dance)
    subject = await provider.finish(_back(request, parts), dance, state, code)
    response: Response
    if dance.member:
        me = opened_by(request.scope)
        if me is None or me.key is None or me.member.id != dance.member:
            raise Refused("Sign in first, then connect the single sign-on from your own page.")
        await group.identities.link(dance.member, provider.issuer, subject)
        response = back_to(dance.to)
    else:
        response = await _let_in(request, group, provider, subject, dance.to)
    begun.forget(request, response)
    return response


async def _let_in(request: Request, group: Group, provider: Provider, subject: str, to: str) -> Response:
    member = await group.identities.find(provider.issuer, subject)
    if member is None:
        raise Refused(
            "The single sign-on knows you, and this coach does not: nobody has invited you, or you have not connected "
            "it. Join by an invitation, then connect it on your own page."
        )
    porter = porter_of(request)
    token, is_open = await group.entry.by_identity(member, porter.device(request.scope))
    response = back_to(to if is_open else f"/signin?{urlencode({'to': to})}")
    porter.let_in(request.scope, response, token, long=False)
    return response
