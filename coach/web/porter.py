"""The keeper of a coach with members: from a cookie or a bearer token to a member, with their key for this request.

A session comes as a cookie and a program's token as a bearer, and neither as the other; a program's token reaches what
it was made for. Who is signed in with a locked journal is sent to type their password. Imported only with members.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from typing import cast
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from coach import caller
from coach.domain.members import PROGRAMS, DoorKind, Opened
from coach.door import Token
from coach.errors import CoachError, Refused
from coach.members import Members
from coach.settings import Settings
from coach.web.keeper import Keeper, bearer, stamp_of
from coach.web.pages.calendar import feed_file
from coach.web.parts import MEMBER, Parts
from coach.web.problems import answer, reads_pages
from coach.web.retention import expire_all

log = logging.getLogger(__name__)

SIGN_IN = "/signin"
_OPEN = {SIGN_IN, "/recover", "/signout", "/passkey", "/passkey/begin"}
_COUNTS = "/metrics"
_PLAIN, _SECURE = "coach", "__Host-coach"
_LONG_S = 400 * 24 * 3600
"""A browser keeps the cookie of a long session as long as browsers allow; when it ends is for the door to say."""

REACH = ("/v1/", "/mcp")
"""The addresses of programs."""

_NOBODY = "Sign in first: this coach has members."
_NOBODY_NEXT = "What you wrote is still here: sign in in another tab, then come back and send it once more."
_LOCKED = "Your journal is locked. Type your password to open it."
_NOT_THERE = "This token does not reach that address."


class Porter(Keeper):
    """Knows members by their tokens."""

    def __init__(self, members: Members, settings: Settings) -> None:
        self._members, self._settings = members, settings
        self._operator = Token(settings.data)
        self._tidied: dict[str, date] = {}
        self._tidying: set[asyncio.Task[None]] = set()

    async def who(self, scope: Scope) -> str | None:
        """Return the member, with their key in the request's context; None for nobody known or a locked journal."""
        caller.enter(None)
        if scope["path"] == _COUNTS:  # which tell who is busy in a small group, so they are for the operator
            scope[MEMBER] = None
            return None
        opened = scope[MEMBER] = await self._came(scope)
        if opened is None or opened.key is None:
            return None
        caller.enter(caller.Caller(opened.member.id, opened.key, opened.made_up))
        self._tidy(scope["app"].state.parts, opened.member.id)
        return opened.member.id

    async def _came(self, scope: Scope) -> Opened | None:
        headers = Headers(scope=scope)
        if given := bearer(headers):
            opened = await self._members.entry.opened(given, PROGRAMS)
            if opened is not None and not _within(scope["path"], opened.reach):
                raise Refused(_NOT_THERE)
            return opened
        if scope["path"].startswith(REACH):  # a browser's session is for pages
            return None
        token = self._kept(scope)
        return await self._members.entry.opened(token, (DoorKind.SESSION,)) if token else None

    def _kept(self, scope: Scope) -> str:
        """Return the session's token that the browser keeps, empty without one."""
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        return cookies.get(_SECURE if self.secure(scope) else _PLAIN, "")

    async def admit(self, token: str, scope: Scope, response: Response) -> bool:
        """Let nobody in: members sign in, and there is no link that does it for them."""
        del token, scope, response
        return False

    def stamp(self, scope: Scope, purpose: str) -> str:
        """Return what the pages of this session alone know."""
        return stamp_of(self._kept(scope), purpose)

    async def whose_feed(self, token: str) -> str | None:
        """Return nobody: a member's feed opens with its own token, and their journal does not."""
        del token
        return None

    async def kept_feed(self, token: str) -> bytes | None:
        """Return the calendar as it was when the journal was last open."""
        return await self._members.feeds.read(token)

    async def done(self, scope: Scope) -> None:
        """Make the member's calendar anew after whatever may have changed it."""
        opened = opened_by(scope)
        if opened is None or opened.key is None or scope["method"] in {"GET", "HEAD"}:
            return
        try:
            await self._feed(scope, opened.member.id)
        except CoachError as error:  # the member may have left with this very request
            log.warning("a calendar was not made anew: %s", type(error).__name__)

    async def _feed(self, scope: Scope, user: str) -> None:
        feeds, parts = self._members.feeds, scope["app"].state.parts
        settling = scope["path"] == "/calendar"
        if not settling and not await feeds.has(user):
            return
        preferences = await parts.journal.preferences(user)
        if preferences.feed is None:
            await feeds.drop(user)
        else:
            await feeds.keep(user, preferences.feed, await feed_file(parts, user, preferences, scope))

    def opens(self, scope: Scope) -> bool:
        """The pages on which members come in; the counts, with the operator's token from the data folder."""
        if scope["path"] == _COUNTS:
            return self._operator.fits(bearer(Headers(scope=scope)) or "")
        return scope["path"] in _OPEN or scope["path"].startswith(("/join/", "/oidc/"))

    def closed(self, scope: Scope) -> Response:
        """Send a page on to sign in, and tell a program that it is not known or that the journal is locked."""
        locked = scope[MEMBER] is not None
        if reads_pages(scope) and scope["method"] in {"GET", "HEAD"}:
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            return RedirectResponse(f"{SIGN_IN}?{urlencode({'to': scope['path'] + query})}", 303)
        if locked:
            return answer(scope, 423, _LOCKED, _NOBODY_NEXT)
        response = answer(scope, 401, _NOBODY, _NOBODY_NEXT)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    # ---- the cookie

    def secure(self, scope: Scope) -> bool:
        """Whether the browser came over https, to the coach itself or to the proxy in front of it."""
        if scope["scheme"] == "https":
            return True
        host = Headers(scope=scope).get("host", "").casefold()
        return self._settings.public_url.startswith("https:") and host == urlsplit(self._settings.public_url).netloc

    def let_in(self, scope: Scope, response: Response, token: str, *, long: bool) -> None:
        """Let the browser keep a session's token; a short one's as long as it is open."""
        secure = self.secure(scope)
        response.set_cookie(
            _SECURE if secure else _PLAIN,
            token,
            max_age=_LONG_S if long else None,
            secure=secure,
            httponly=True,
            samesite="lax",
        )

    def remember(self, scope: Scope, response: Response, token: str) -> None:
        """Let the browser keep a device's token, which counts beside a single sign-on alone."""
        secure = self.secure(scope)
        name = f"{_SECURE if secure else _PLAIN}-device"
        response.set_cookie(name, token, max_age=_LONG_S, secure=secure, httponly=True, samesite="lax")

    def device(self, scope: Scope) -> str:
        """Return the device's token that the browser keeps, empty without one."""
        name = f"{_SECURE if self.secure(scope) else _PLAIN}-device"
        return cookie_parser(Headers(scope=scope).get("cookie", "")).get(name, "")

    def let_go(self, scope: Scope, response: Response) -> None:
        """Let the browser forget its session."""
        secure = self.secure(scope)
        response.delete_cookie(_SECURE if secure else _PLAIN, secure=secure, httponly=True, samesite="lax")

    # ---- what waited for the journal to be opened

    def _tidy(self, parts: Parts, user: str) -> None:
        """Erase what is past its time, once a day: a member's journal opens for them alone."""
        today = parts.clock().date()
        if self._tidied.get(user) == today:
            return
        self._tidied[user] = today
        task = asyncio.create_task(expire_all(parts.journal, user, parts.clock()))
        self._tidying.add(task)
        task.add_done_callback(self._tidying.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())


def opened_by(scope: Scope) -> Opened | None:
    """Return what the token of a request came to."""
    return cast("Opened | None", scope.get(MEMBER))


def _within(path: str, reach: str) -> bool:
    """Whether an address is one that a token reaches: ``/v1/`` and all below it, ``/mcp`` and all below that."""
    return path == reach or path.startswith(reach if reach.endswith("/") else f"{reach}/")
