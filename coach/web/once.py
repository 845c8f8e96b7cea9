"""A POST of the API that comes again with the same ``Idempotency-Key`` is done once, and answered the same again.

Kept for a day, sealed, for each user. Only what succeeded is kept: what was refused, or a stream whose reader left, may
be tried again with the same key.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from weakref import WeakValueDictionary

import anyio
from fastapi import Depends, Header, Request
from fastapi.routing import APIRoute
from starlette.responses import Response, StreamingResponse

from coach.domain.echoes import Echo
from coach.errors import CoachError
from coach.web.parts import Parts, asking
from coach.web.problems import answer as problem

NAME = "Idempotency-Key"
LONGEST = 200

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_PATIENCE = timedelta(seconds=30)
"""After so long a request that another program began, and did not finish, may be done again."""

_OTHER = ("This Idempotency-Key came with another request before.", "Take a new key for a new request.")
_RUNNING = ("The request with this Idempotency-Key is still being answered.", "Send it again in a few seconds.")
_ERASED = (
    "This request was answered before, and something was erased since. It is not done again.",
    "If you mean it, send it with a new Idempotency-Key.",
)


def _key(
    key: Annotated[
        str | None,
        Header(
            alias=NAME,
            min_length=1,
            max_length=LONGEST,
            description="Of your choice: the same request with the same key is done once, and answered the same.",
        ),
    ] = None,
) -> None:
    """Describe the header; ``Once`` reads it."""
    del key


class Once(APIRoute):
    """A route of the API. Its POSTs take an Idempotency-Key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        if "POST" in (given.get("methods") or ()):
            given["dependencies"] = [*(given.get("dependencies") or ()), Depends(_key)]
        super().__init__(path, endpoint, **given)

    def get_route_handler(self) -> Handler:
        """Return what answers a request: from before, where it came before."""
        handler = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(NAME, "")
            if request.method != "POST" or not 0 < len(key) <= LONGEST:
                return await handler(request)
            return await _once(request, key, handler)

        return once


class Dated(Once):
    """A route that notes how much was erased when its request came: what is erased meanwhile is not brought in."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handler = super().get_route_handler()

        async def dated(request: Request) -> Response:
            if request.method == "POST":
                parts: Parts = request.app.state.parts
                request.state.since = await parts.journal.generation(asking(request))
            return await handler(request)

        return dated


def _since(request: Request) -> str:
    found: str = request.state.since
    return found


Since = Annotated[str, Depends(_since)]
"""The generation of the user's journal before the body of a request was read; for routes that are ``Dated``."""


class Running:
    """What one server is answering under keys at this moment."""

    def __init__(self) -> None:
        self.locks: WeakValueDictionary[tuple[str, str], anyio.Lock] = WeakValueDictionary()
        self.streams: set[tuple[str, str]] = set()


async def _once(request: Request, key: str, handler: Handler) -> Response:
    parts: Parts = request.app.state.parts
    running, place = _running(request), (asking(request), key)
    lock = running.locks.setdefault(place, anyio.Lock())
    async with lock:
        mine = Echo(await _digest(request), parts.clock())
        before = await parts.journal.answered(*place, mine)
        if before is not None and (told := _told(request, before, mine, place in running.streams)) is not None:
            return told
        try:
            response = await handler(request)
        except BaseException:
            await _let_go(parts, place)
            raise
        return await _recorded(parts, running, place, mine, response)


def _running(request: Request) -> Running:
    state = request.app.state
    if not hasattr(state, "once"):
        state.once = Running()
    found: Running = state.once
    return found


async def _digest(request: Request) -> str:
    """Return what tells this request from any other."""
    head = f"{request.url.path}?{request.url.query} {request.headers.get('content-type', '')}\n"
    return hashlib.sha256(head.encode() + await request.body()).hexdigest()


def _told(request: Request, before: Echo, mine: Echo, running: bool) -> Response | None:
    """Return the answer from before, or why there is none; None where the request is to be answered."""
    if before.erased:
        return problem(request.scope, 409, *_ERASED)
    if before.request != mine.request:
        return problem(request.scope, 422, *_OTHER)
    if before.status:
        headers = {"Idempotency-Replayed": "true"} | ({"ETag": before.tag} if before.tag else {})
        return Response(before.body, before.status, headers, before.media_type)
    if running or mine.at - before.at < _PATIENCE:
        response = problem(request.scope, 409, *_RUNNING)
        response.headers["Retry-After"] = "5"
        return response
    return None


async def _recorded(parts: Parts, running: Running, place: tuple[str, str], mine: Echo, response: Response) -> Response:
    """Keep a response that succeeded; a stream once it was given to its end."""
    media, tag = response.headers.get("content-type", ""), response.headers.get("etag", "")
    whole = replace(mine, status=response.status_code, media_type=media, tag=tag)
    if response.status_code >= 300:
        await _let_go(parts, place)
    elif isinstance(response, StreamingResponse):
        running.streams.add(place)
        response.body_iterator = _streamed(parts, running, place, whole, response.body_iterator)
    else:
        await _keep(parts, place, replace(whole, body=bytes(response.body).decode()))
    return response


async def _streamed(
    parts: Parts, running: Running, place: tuple[str, str], whole: Echo, pieces: AsyncIterable[Any]
) -> AsyncGenerator[Any]:
    given: list[bytes] = []
    ended = False
    try:
        async for piece in pieces:
            given.append(piece.encode() if isinstance(piece, str) else bytes(piece))
            yield piece
        ended = True
    finally:
        running.streams.discard(place)
        if ended:
            await _keep(parts, place, replace(whole, body=b"".join(given).decode()))
        else:
            await _let_go(parts, place)


async def _keep(parts: Parts, place: tuple[str, str], whole: Echo) -> None:
    with suppress(CoachError):  # everything may be erased by now; what was asked is done
        await parts.journal.keep_answer(*place, whole)


async def _let_go(parts: Parts, place: tuple[str, str]) -> None:
    with anyio.CancelScope(shield=True), suppress(CoachError):
        await parts.journal.forget_answer(*place)
