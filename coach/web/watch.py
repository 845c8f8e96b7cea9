"""Watches every request: times it, and catches unexpected errors. Logs nothing that anyone wrote.

A log line holds the method, the route as declared (no ids, no query), the status and milliseconds. Of an unexpected
error it holds the type and the places in the code, and not the message: messages quote their input.
"""

from __future__ import annotations

import logging
import time

from starlette.types import Message, Receive, Scope, Send

from coach.errors import places
from coach.web.middleware import Layer
from coach.web.problems import TRY_AGAIN, UNEXPECTED, answer

log = logging.getLogger("coach.web")


class Watch(Layer):
    """The layer around guards and routes."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; answer 500 with a plain sentence when a route fails in a way nobody foresaw."""
        began, status = time.perf_counter(), 0

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watching)
        except Exception as error:
            log.error("unexpected: %s", places(error))
            if status == 0:
                await answer(scope, 500, UNEXPECTED, TRY_AGAIN)(scope, receive, watching)
            # A response that has begun cannot be taken back; the server sees that it is not whole and cuts the line.
        finally:
            route = getattr(scope.get("route"), "path_format", " no route")
            log.info("%s %s %d %d ms", scope["method"], route, status, round((time.perf_counter() - began) * 1000))
