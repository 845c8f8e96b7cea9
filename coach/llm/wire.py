"""The HTTP client for a language model's server; it puts odd answers into the usual form.

No redirect is followed: what people wrote goes to the address that was configured and to no other. Knows HTTP and the
form of an OpenAI-compatible answer; nothing of prompts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import httpx2

from coach.addresses import proxy_to, trusting
from coach.llm.faults import status_in

logging.getLogger("httpcore2").setLevel(logging.INFO)  # below that it logs the host it was given, which may be words


def client(url: str) -> httpx2.AsyncClient:
    """Return a client for one server."""
    transport = Usual(httpx2.AsyncHTTPTransport(verify=trusting(url), proxy=proxy_to(url)))
    return httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)


class Usual(httpx2.AsyncBaseTransport):
    """Gives a streamed request events or an error by its status, whatever the server made of it."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send; an answer that came whole becomes one event, an error inside a 200 one with a status."""
        response = await self._inner.handle_async_request(request)
        kind = response.headers.get("content-type", "")
        if response.status_code != 200 or "event-stream" in kind or not _streamed(request):
            return response
        try:
            body = await response.aread()
        finally:
            await response.aclose()
        status, text = _usual(body)
        headers = {"content-type": "text/event-stream" if status == 200 else "application/json"}
        return httpx2.Response(status, headers=headers, content=text, request=request, extensions=response.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def _streamed(request: httpx2.Request) -> bool:
    try:
        return b'"stream":true' in request.content.replace(b" ", b"")
    except httpx2.RequestNotRead:
        return False


def _usual(body: bytes) -> tuple[int, bytes]:
    """Return the status and the body that a whole answer stands for."""
    try:
        told = json.loads(body)
    except ValueError:
        return 200, body
    if not isinstance(told, Mapping):
        return 200, body
    if error := told.get("error"):
        named = error if isinstance(error, Mapping) else {"message": str(error)}
        return status_in(error), json.dumps({"error": named}).encode()
    if not isinstance(choices := told.get("choices"), list):
        return 200, body
    event = {**told, "object": "chat.completion.chunk", "choices": [_delta(each) for each in choices]}
    return 200, f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode()


def _delta(choice: Any) -> Any:
    if not isinstance(choice, Mapping) or "message" not in choice:
        return choice
    rest = {name: value for name, value in choice.items() if name != "message"}
    return {"index": 0, **rest, "delta": choice["message"]}
