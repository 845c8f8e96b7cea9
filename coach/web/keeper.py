"""Who is asking: from a request to a user, or to nobody. The one place to change when a coach has several users.

``Keeper`` is what the guard and the pages ask. ``Lone`` is that of a coach with one user, who has the token: in the
file, as ``Authorization: Bearer``, in the link that a start prints, or as the mark in the cookie that the link leaves.
``coach.web.porter`` has the keeper of a coach with members.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict, deque
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

from coach.door import Token
from coach.errors import Refused
from coach.settings import Settings
from coach.web.parts import USER

COOKIE = "coach"
_KEPT_S = 365 * 24 * 3600
_MARKS = 4
"""A cookie goes to every port of a host, so it has the marks of the coaches that a browser was at last."""

_WINDOW_S, _WRONG, _ADDRESSES = 60.0, 10, 1000
_PAUSE_S, _MOST_WAITING = 0.5, 20


class Keeper(Protocol):
    """Says who is asking, and lets browsers in. A method may raise a CoachError, which is told as it is."""

    async def who(self, scope: Scope) -> str | None:
        """Return whose request this is, by its headers; None: nobody that is known."""

    async def admit(self, token: str, scope: Scope, response: Response) -> bool:
        """Let the browser keep what ``who`` knows it by, when the token is right; return whether it is."""

    def stamp(self, scope: Scope, purpose: str) -> str:
        """Return what a form has to bring back: a page that was not given to this user cannot know it."""

    async def whose_feed(self, token: str) -> str | None:
        """Return whose calendar is at an address with this token, None for nobody's. The address is the only proof."""
        del token
        return USER  # the page compares the token with theirs

    async def kept_feed(self, token: str) -> bytes | None:
        """Return the calendar at an address with this token where one is kept ready, None: ask ``whose_feed``."""
        del token
        return None

    async def done(self, scope: Scope) -> None:
        """See to what a request leaves to be done, after its response was sent."""
        del scope

    def opens(self, scope: Scope) -> bool:
        """Whether everybody may have this, beside what is open in any coach."""
        del scope
        return False

    def closed(self, scope: Scope) -> Response | None:
        """Return the answer for somebody ``who`` does not know, None: the usual one."""
        del scope
        return None


class Lone(Keeper):
    """The keeper of a coach with one user. ``token`` None: whoever reaches it is that user."""

    def __init__(self, token: Token | None) -> None:
        self._token = token
        self._secret = secrets.token_hex(16)

    async def who(self, scope: Scope) -> str | None:
        """Return the user for the right bearer token or mark."""
        if self._token is None:
            return USER
        headers = Headers(scope=scope)
        if given := bearer(headers):
            return USER if self._token.fits(given) else None
        mark = self._token.mark().encode()
        known = [hmac.compare_digest(each.encode(), mark) for each in _marks(headers)]
        return USER if any(known) else None

    async def admit(self, token: str, scope: Scope, response: Response) -> bool:
        """Set the cookie when the token is right."""
        if self._token is None:
            return True
        if not self._token.fits(token.strip()):
            return False
        mark = self._token.mark()
        others = [each for each in _marks(Headers(scope=scope)) if each not in {"", mark}]
        response.set_cookie(
            COOKIE,
            ".".join([mark, *others][:_MARKS]),
            max_age=_KEPT_S,
            httponly=True,
            samesite="lax",
            secure=scope["scheme"] == "https",
        )
        return True

    def stamp(self, scope: Scope, purpose: str) -> str:
        """Return the same for every page, until the token changes; without a token, until the coach stops."""
        del scope
        return stamp_of(self._token.value() if self._token is not None else self._secret, purpose)


def keeper(settings: Settings) -> Keeper:
    """Return the keeper of one user. Raises Refused for an open coach that others can reach."""
    check_open(settings)
    return Lone(None if settings.open_loopback else Token(settings.data))


def check_open(settings: Settings) -> None:
    """Raise Refused when others could reach a coach that asks nobody for a token."""
    if settings.members and not settings.loopback and not settings.public_url.startswith("https://"):
        raise Refused(
            "Members type passwords, and nobody on the network may read them along. Set COACH_PUBLIC_URL to the "
            "https address of the proxy in front of the coach, or leave COACH_HOST at 127.0.0.1."
        )
    if settings.open_loopback and settings.members:
        raise Refused("COACH_OPEN_LOOPBACK=1 lets everybody in as one user; with COACH_MEMBERS=1 members sign in.")
    if settings.open_loopback and (not settings.loopback or settings.public_url):
        raise Refused(
            "COACH_OPEN_LOOPBACK=1 lets everybody in, which is for this machine alone. Unset it, or unset COACH_HOST "
            "and COACH_PUBLIC_URL: a coach that others can reach asks for its token."
        )


def stamp_of(secret: str, purpose: str) -> str:
    """Return the stamp that a secret gives to the forms of one purpose."""
    return hmac.digest(secret.encode(), f"a form: {purpose}".encode(), "sha256").hex()[:32]


def stamped(scope: Scope, purpose: str, given: str) -> bool:
    """Whether a form brought back its stamp."""
    keeper: Keeper = scope["app"].state.keeper
    return hmac.compare_digest(given.encode(), keeper.stamp(scope, purpose).encode())


class Tries:
    """The wrong tokens of the last minute, by the address they came from. The right one is never kept waiting."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._waiting = 0

    async def wrong(self, scope: Scope) -> None:
        """Count a wrong token, and wait a little where there were too many."""
        if self.too_many(scope) and self._waiting < _MOST_WAITING:  # whoever waits holds a connection
            self._waiting += 1
            try:
                await asyncio.sleep(_PAUSE_S)
            finally:
                self._waiting -= 1

    def too_many(self, scope: Scope) -> bool:
        """Count a wrong token; return whether there were more than a person mistypes."""
        address, now = (scope.get("client") or ("",))[0], time.monotonic()
        times = self._wrong.setdefault(address, deque(maxlen=_WRONG + 1))
        self._wrong.move_to_end(address)
        if len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)
        times.append(now)
        while now - times[0] > _WINDOW_S:
            times.popleft()
        return len(times) > _WRONG


def bearer(headers: Headers) -> str | None:
    """Return the bearer token of a request."""
    kind, _, given = headers.get("authorization", "").partition(" ")
    return given.strip() if kind.casefold() == "bearer" else None


def _marks(headers: Headers) -> list[str]:
    """Return the marks in the cookie of a request."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "").split(".")
