"""Who may ask, and how much they may send. Pure ASGI, so that streams pass untouched. Knows no route.

HostGuard    a foreign name that resolves to this machine (DNS rebinding) gets nothing
OriginGuard  a page of another site can neither write nor read the API
JsonGuard    writes to the API are JSON, which no foreign form can send
SizeGuard    a body has a largest size, also when it comes in pieces

Who asks is for ``coach.web.entrance``, after these.
"""

from __future__ import annotations

import ipaddress
from abc import abstractmethod
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.settings import Settings
from coach.web.keeper import bearer
from coach.web.middleware import Layer
from coach.web.problems import answer
from coach.web.proxies import host_name

_READS = {"GET", "HEAD", "OPTIONS"}
_IMPORTS = {"/api/import", "/privacy/import", "/import"}
_IMPORT_TIMES = 50


def _settings(scope: Scope) -> Settings:
    settings: Settings = scope["app"].state.parts.settings
    return settings


class _Guard(Layer):
    """A layer that answers some requests itself and passes the others on."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        await (self.refusal(scope) or self.app)(scope, receive, send)

    @abstractmethod
    def refusal(self, scope: Scope) -> Response | None:
        """Return what ends the request here; None: it goes on."""


class HostGuard(_Guard):
    """Only the coach's own names are answered: loopback, its host, its public address.

    Where it listens for others, also every address by number: a page cannot make a browser take one for its own.
    """

    def refusal(self, scope: Scope) -> Response | None:
        """Answer 403 to a foreign host name."""
        if self._own(host_name(scope), _settings(scope)):
            return None
        return answer(
            scope,
            403,
            "This coach answers only under its own name.",
            "Open it as http://127.0.0.1 or localhost, or set COACH_PUBLIC_URL to the address you open it at.",
        )

    @staticmethod
    def _own(name: str, settings: Settings) -> bool:
        if name in {"localhost", settings.host.strip("[]").casefold(), settings.public_host} - {""}:
            return True
        try:
            return ipaddress.ip_address(name).is_loopback or not settings.loopback
        except ValueError:
            return False


class OriginGuard(_Guard):
    """Writes come from our own pages, or from programs that are no browser; the API is read by no other site either."""

    def refusal(self, scope: Scope) -> Response | None:
        """Answer 403 to a request that another site's page made."""
        if self._ours(scope):
            return None
        return answer(
            scope, 403, "This request came from another site, so it was not carried out.", "Use the coach's own page."
        )

    @staticmethod
    def _ours(scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if bearer(headers):  # no browser sends one unasked, and a page cannot make it
            return True
        api: bool
        reads, api = scope["method"] in _READS, scope["path"].startswith(("/api/", "/v1/", "/mcp"))
        if reads and not api:
            return True
        if site := headers.get("sec-fetch-site"):  # set by the browser itself, so it is the better witness
            return site in {"same-origin", "none"}
        if origin := headers.get("origin"):
            asked = urlsplit(origin).netloc.casefold()
            own = {headers.get("host", "").casefold(), urlsplit(_settings(scope).public_url).netloc.casefold()}
            return bool(asked) and asked in own
        return api  # no browser: browsers name the origin of every write


class JsonGuard(_Guard):
    """A body sent to the API is JSON."""

    def refusal(self, scope: Scope) -> Response | None:
        """Answer 415 to a body of another type."""
        if self._fits(scope):
            return None
        return answer(scope, 415, "The API takes JSON.", "Send it with Content-Type: application/json.")

    @staticmethod
    def _fits(scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if scope["method"] in _READS or not scope["path"].startswith("/api/"):
            return True
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        given = headers.get("content-type", "").split(";")[0].strip().casefold()
        return given == "application/json" or (not has_body and not given)


class _TooLarge(Exception):
    """The body went past its limit."""


class SizeGuard(Layer):
    """Refuses a body past ``max_request_kb`` (imports: 50 times that), by its declared length or as it comes in."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 when the body is too large, else pass on."""
        most = _settings(scope).max_request_kb * 1024 * (_IMPORT_TIMES if scope["path"] in _IMPORTS else 1)
        refusal = answer(
            scope, 413, f"This is more than the {most // 1024} KiB the coach takes at once.", "Send it in parts."
        )
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared[:18]) > most:
            await refusal(scope, receive, send)
            return
        await self._counted(scope, receive, send, most, refusal)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, most: int, refusal: ASGIApp) -> None:
        got, started, over = 0, False, False

        async def counting() -> Message:
            nonlocal got, over
            message = await receive()
            if message["type"] == "http.request":
                got += len(message.get("body", b""))
                if got > most:
                    over = True
                    raise _TooLarge
            return message

        async def sending(message: Message) -> None:
            nonlocal started
            if over and not started:
                raise _TooLarge  # whatever the app made of the cut body
            started = True
            await send(message)

        try:
            await self.app(scope, counting, sending)
        except _TooLarge:
            if started:
                raise
            await refusal(scope, receive, send)
