"""/mcp: the tools over HTTP, each request whole in itself, so that any worker answers any of them.

The server is made when the coach starts, and only where COACH_MCP is set: what it is made from takes a second to
import. Whose journal a call is about is in the request's context.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from coach import caller
from coach.errors import Locked, Refused
from coach.web.parts import Parts

_MISSING = "COACH_MCP=1 needs a package that is not there: pip install 'work-relationship-coach[mcp]'."


class Endpoint:
    """The ASGI app behind the address."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._answers: ASGIApp | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer while the block runs. Raises Refused when the package is missing."""
        try:
            from mcp.server.transport_security import TransportSecuritySettings

            from coach.web.programs.tools import server
        except ImportError:
            raise Refused(_MISSING) from None
        made = server(self._parts, self._who)
        # Names of hosts and origins are looked at by the coach's own guards, which know its public address.
        unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        made.streamable_http_app(stateless_http=True, json_response=True, transport_security=unguarded)
        async with made.session_manager.run():
            self._answers = made.session_manager.handle_request
            yield
        self._answers = None

    def _who(self) -> str:
        here = caller.current()
        if here is not None:
            return here.user
        if self._parts.members is not None:
            raise Locked("This journal is locked.")
        return caller.ALONE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self._answers is not None
        await self._answers(scope, receive, send)
