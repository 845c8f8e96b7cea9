"""A small OpenAI-compatible server on loopback that answers as it was told, and keeps every request.

::

    with scripted_server() as server:                  # or the fixture ``scripted``
        server.enqueue(Good("Tom may have been busy."))  # one behaviour a request, in order; then ``server.always``
        server.always = Slow(first_token=3)
        ... COACH_LLM_BASE_URL = server.url ...
        server.asked[0].text                            # everything that was sent in the first request, as one text
        server.asked[0].messages, .schema, .stream, .body, .at

A behaviour may be a function of the request (``server.always = lambda asked: Good(...)``). Requests that ask for JSON
by ``response_format`` get what ``filled`` makes of the schema unless the behaviour says a text of its own.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

STORY = "It may be that he was busy. Ask him in private, and keep it short."


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    raw: str
    at: float = field(default_factory=time.monotonic)

    @property
    def messages(self) -> list[tuple[str, str]]:
        return [(each["role"], each["content"]) for each in self.body.get("messages", [])]

    @property
    def text(self) -> str:
        """Everything that was sent, header values too: what a leak is looked for in."""
        return json.dumps(self.body, ensure_ascii=False) + "\n" + "\n".join(self.headers.values())

    @property
    def schema(self) -> dict[str, Any] | None:
        given = self.body.get("response_format") or {}
        found: dict[str, Any] | None = (given.get("json_schema") or {}).get("schema")
        return found

    @property
    def stream(self) -> bool:
        return bool(self.body.get("stream"))


@dataclass(frozen=True)
class Good:
    """A whole reply. ``said`` None: JSON that fits the schema, or a plain sentence. ``pause`` before each piece, s.

    ``listed``: each delta is a list of parts, as some servers send it, and not a string.
    """

    said: str | None = None
    first_token: float = 0.0
    pause: float = 0.0
    piece: int = 4  # characters
    finish: str = "stop"
    listed: bool = False


@dataclass(frozen=True)
class Slow(Good):
    """The first token takes long."""

    first_token: float = 3.0


@dataclass(frozen=True)
class Stalled:
    """Some pieces come, then nothing for ``seconds``."""

    said: str = '{"headline": "It may be that '
    seconds: float = 30.0


@dataclass(frozen=True)
class Status:
    """An error by status: 429 (with ``retry_after``), 500, 401, 404 …"""

    status: int = 500
    retry_after: str | None = None
    message: str = "scripted trouble"


@dataclass(frozen=True)
class Cut:
    """The connection is cut: before anything (``said`` empty) or in the middle of the reply."""

    said: str = '{"headline": "It may be that he'


@dataclass(frozen=True)
class Silent:
    """The connection is taken and no byte ever comes."""

    seconds: float = 30.0


@dataclass(frozen=True)
class Garbage:
    """A 200 whose body is no JSON and no events."""

    body: str = "<html>Gateway</html>\x00\x01"


@dataclass(frozen=True)
class Endless:
    """The same words again and again, until the caller hangs up."""

    said: str = "and then you talk to him "
    pause: float = 0.002


Empty = Good(said="")
WrongLanguage = Good(said="Vielleicht war er einfach beschäftigt. Frag ihn doch unter vier Augen, ganz kurz.")
Refusal = Good(said="I'm sorry, but as an AI language model I cannot help with that request.")
Untidy = Good(said="Sure! Here is what you asked for: {not json")

Behaviour = Good | Stalled | Status | Cut | Silent | Garbage | Endless
Script = Behaviour | Callable[[Asked], Behaviour]


def echoed(asked: Asked) -> Good:
    """Say the last message back: for what is restored on the way home."""
    return Good(said=asked.messages[-1][1])


def filled(schema: dict[str, Any], whole: dict[str, Any] | None = None) -> Any:
    """Return a smallest value that fits a JSON schema ($ref, enum, const, anyOf, required, minItems, minLength)."""
    whole = whole or schema
    if "$ref" in schema:
        found: Any = whole
        for part in schema["$ref"].lstrip("#/").split("/"):
            found = found[part]
        return filled(found, whole)
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return filled(schema[name][0], whole)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        needed = schema.get("required", list(schema.get("properties", {})))
        return {name: filled(schema["properties"][name], whole) for name in needed}
    if kind == "array":
        return [filled(schema.get("items", {"type": "string"}), whole) for _ in range(schema.get("minItems", 0))]
    return {"string": STORY, "integer": schema.get("minimum", 0), "number": 0.0, "boolean": False, "null": None}[kind]


class ScriptedServer:
    """What the server was told and asked. Safe to use from any thread."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.always: Script = Good()
        self._next: deque[Script] = deque()
        self.hung_up = 0

    def enqueue(self, *behaviours: Script) -> None:
        """Behave like these, one a request, before ``always``."""
        self._next.extend(behaviours)

    def clear(self) -> None:
        """Forget what was asked and enqueued."""
        self.asked.clear()
        self._next.clear()
        self.always = Good()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, one request after the other."""
        try:
            while (asked := await _request(reader)) is not None:
                self.asked.append(asked)
                script = self._next.popleft() if self._next else self.always
                behaviour = script if not callable(script) else script(asked)
                if not await _behave(writer, asked, behaviour):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            self.hung_up += 1
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    line = await reader.readline()
    if not line:
        return None
    headers: dict[str, str] = {}
    while (header := (await reader.readline()).decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        headers[name.strip().lower()] = value.strip()
    raw = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
    return Asked(line.split()[1].decode(), json.loads(raw) if raw else {}, headers, raw)


async def _behave(writer: asyncio.StreamWriter, asked: Asked, how: Behaviour) -> bool:
    """Answer; return whether the connection can take another request."""
    match how:
        case Status():
            extra = {"Retry-After": how.retry_after} if how.retry_after is not None else {}
            told = {"error": {"message": how.message, "type": "scripted", "code": None}}
            _whole(writer, how.status, json.dumps(told), extra)
            await writer.drain()
            return True
        case Garbage():
            _whole(writer, 200, how.body, kind="text/event-stream" if asked.stream else "application/json")
            await writer.drain()
            return True
        case Silent():
            await _until_gone(writer, how.seconds)
            return False
        case Cut():
            if how.said:
                _head(writer, 200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
                _event(writer, _delta({"role": "assistant", "content": how.said}))
                await writer.drain()
            writer.transport.abort()
            return False
    if not asked.stream:
        return await _completion(writer, asked, how)
    _head(writer, 200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
    tokens = 0
    async for piece in _pieces(writer, asked, how):
        tokens += 1
        content = [{"type": "text", "text": piece}] if getattr(how, "listed", False) else piece
        _event(writer, _delta({"content": content} if tokens > 1 else {"role": "assistant", "content": content}))
        await writer.drain()
    _event(writer, _delta({}, getattr(how, "finish", "stop")))
    if (asked.body.get("stream_options") or {}).get("include_usage"):
        _event(writer, _delta(None) | {"usage": _usage(asked, tokens)})
    _chunk(writer, b"data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def _completion(writer: asyncio.StreamWriter, asked: Asked, how: Good | Stalled | Endless) -> bool:
    if isinstance(how, Stalled | Endless):
        await _until_gone(writer, getattr(how, "seconds", 30.0))
        return False
    await asyncio.sleep(how.first_token)
    said = _said(asked, how)
    message = {"role": "assistant", "content": said}
    whole = _delta(None) | {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": how.finish}],
        "usage": _usage(asked, len(said) // 4),
    }
    _whole(writer, 200, json.dumps(whole))
    await writer.drain()
    return True


async def _pieces(writer: asyncio.StreamWriter, asked: Asked, how: Good | Stalled | Endless) -> AsyncIterator[str]:
    if isinstance(how, Endless):
        for _ in range(20_000):
            yield how.said
            await asyncio.sleep(how.pause)
        return
    if isinstance(how, Stalled):
        yield how.said
        await writer.drain()
        await _until_gone(writer, how.seconds)
        return
    await writer.drain()
    await asyncio.sleep(how.first_token)
    said = _said(asked, how)
    for start in range(0, len(said), how.piece):
        yield said[start : start + how.piece]
        if how.pause:
            await asyncio.sleep(how.pause)


def _said(asked: Asked, how: Good) -> str:
    if how.said is not None:
        return how.said
    return STORY if asked.schema is None else json.dumps(filled(asked.schema))


async def _until_gone(writer: asyncio.StreamWriter, seconds: float) -> None:
    await writer.drain()
    end = time.monotonic() + seconds
    while time.monotonic() < end and not writer.transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(0.02)


def _usage(asked: Asked, out: int) -> dict[str, int]:
    sent = sum(len(text.split()) for _, text in asked.messages)
    return {"prompt_tokens": sent, "completion_tokens": out, "total_tokens": sent + out}


def _delta(delta: dict[str, Any] | None, finish: str | None = None) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}


def _head(writer: asyncio.StreamWriter, status: int, headers: dict[str, str]) -> None:
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    writer.write("\r\n".join(lines).encode())


def _whole(
    writer: asyncio.StreamWriter,
    status: int,
    body: str,
    extra: dict[str, str] | None = None,
    kind: str = "application/json",
) -> None:
    data = body.encode()
    _head(writer, status, {"Content-Type": kind, "Content-Length": str(len(data)), **(extra or {})})
    writer.write(data)


def _event(writer: asyncio.StreamWriter, data: dict[str, Any]) -> None:
    _chunk(writer, f"data: {json.dumps(data)}\n\n".encode())


def _chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """Serve from a thread with its own event loop, so that clients may be of any kind."""
    script, ready = ScriptedServer(), threading.Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(script.handle, "127.0.0.1", 0, limit=2**24))
        script.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        ready.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield script
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def refused_url() -> str:
    """Return an address on loopback at which nobody listens."""
    import socket

    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{it.getsockname()[1]}/v1"


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A scripted server, new for each test."""
    with scripted_server() as server:
        yield server
