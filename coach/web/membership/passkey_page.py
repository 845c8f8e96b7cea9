"""Passkeys: made on a member's own page, used to sign in, removed. Without script the password serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from coach.errors import Refused
from coach.web import routers
from coach.web.membership import begun, ceremony
from coach.web.membership.arrival import Group, Me, local, porter_of
from coach.web.membership.ceremony import Rite
from coach.web.parts import In, Parts
from coach.web.proxies import own_address
from coach.web.renderer import back_to

router = routers.of_pages()


class Brought(BaseModel):
    """What a browser brings: the credential as JSON, and what the passkey worked out."""

    credential: dict[str, Any]
    output: Annotated[str, Field(max_length=100)]
    to: Annotated[str, Field(max_length=1000)] = "/"


@router.post("/passkey/begin")
async def begin(request: Request, parts: In) -> Response:
    """Say what a browser needs to use a passkey."""
    rite = ceremony.begun("", parts.clock().timestamp())
    return _asked(request, rite, ceremony.request(rite, _origin(request, parts)))


@router.post("/passkey")
async def sign_in(brought: Brought, request: Request, parts: In, group: Group) -> Response:
    """Open the journal with a passkey."""
    if not parts.settings.local_signin:
        raise Refused("Sign on with your company first.")
    rite = _rite(request, "")
    found = await group.passkeys.find(str(brought.credential.get("id")))
    count = ceremony.used(rite, _origin(request, parts), brought.credential, found)
    member, key = await group.passkeys.open(found, count, ceremony.output(brought.output))
    token = await group.entry.by_passkey(member, key)
    response = JSONResponse({"to": local(brought.to)})
    porter_of(request).let_in(request.scope, response, token, long=False)
    begun.forget(request, response)
    return response


@router.post("/member/passkeys/begin")
async def begin_one(request: Request, parts: In, group: Group, me: Me) -> Response:
    """Say what a browser needs to make a passkey."""
    await group.passkeys.check(me)
    rite = ceremony.begun(me.member.id, parts.clock().timestamp())
    known = [each.id for each in await group.passkeys.of(me.member.id)]
    return _asked(request, rite, ceremony.creation(rite, _origin(request, parts), me.member.login, known))


@router.post("/member/passkeys")
async def add(brought: Brought, request: Request, parts: In, group: Group, me: Me) -> Response:
    """Keep a passkey."""
    rite = _rite(request, me.member.id)
    id_, public, count = ceremony.made(rite, _origin(request, parts), brought.credential)
    await group.passkeys.add(me, id_, public, count, ceremony.output(brought.output))
    return JSONResponse({"to": "/member?done=passkey"})


@router.post("/member/passkeys/{passkey}/remove")
async def remove(passkey: str, group: Group, me: Me) -> Response:
    """Let a passkey open nothing any more."""
    await group.passkeys.remove(me, passkey)
    return back_to("/member?done=passkey")


def _asked(request: Request, rite: Rite, told: Mapping[str, Any]) -> Response:
    response = JSONResponse(dict(told))
    begun.keep(request, response, rite)
    return response


def _rite(request: Request, member: str) -> Rite:
    """Return the ceremony that this browser began for somebody. Raises Refused."""
    rite = begun.kept(request, Rite)
    if rite.member != member:
        raise Refused("This was begun by somebody else. Begin again.")
    return rite


def _origin(request: Request, parts: Parts) -> str:
    return own_address(request.scope, parts.settings).rstrip("/")
