"""What a browser has begun and comes back to end, a sign-on or a passkey: it holds it sealed, for ten minutes.

What was kept as one kind of ``Begun`` is never read as another. The server keeps nothing of it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TypeVar

from fastapi import Request
from starlette.requests import cookie_parser
from starlette.responses import Response

from coach.errors import Refused
from coach.web.membership.arrival import members_of, porter_of

LASTS_S = 600
_NAMES = ("coach-begun", "__Host-coach-begun")
"""Without and with TLS, where no other host of the same domain can set it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Something begun. ``member``: whose it is, "" for whoever signs in; ``at``: when, a timestamp."""

    member: str
    at: float


B = TypeVar("B", bound=Begun)


def keep(request: Request, response: Response, begun: Begun) -> None:
    """Let the browser hold what it began."""
    secure = porter_of(request).secure(request.scope)
    sealed = members_of(request).entry.sealed_note(json.dumps({type(begun).__name__: asdict(begun)}))
    response.set_cookie(_NAMES[secure], sealed, max_age=LASTS_S, secure=secure, httponly=True, samesite="lax")


def kept(request: Request, kind: type[B]) -> B:
    """Return what this browser began, of a kind. Raises Refused."""
    cookies = cookie_parser(request.headers.get("cookie", ""))
    sealed = cookies.get(_NAMES[porter_of(request).secure(request.scope)], "")
    found = json.loads(members_of(request).entry.opened_note(sealed) or "{}").get(kind.__name__)
    if found is None or not 0 <= request.app.state.parts.clock().timestamp() - found["at"] <= LASTS_S:
        raise Refused("This was begun in another browser, or too long ago. Begin again.")
    return kind(**found)


def forget(request: Request, response: Response) -> None:
    """Let the browser hold it no longer."""
    secure = porter_of(request).secure(request.scope)
    response.delete_cookie(_NAMES[secure], secure=secure, httponly=True, samesite="lax")
