"""How a scripted server may answer: well, oddly, or not at all. Knows HTTP and OpenAI's form of events.

A behaviour writes its answer by a ``Line`` and says whether the connection can take another request.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

STORY = "It may be that he was busy. Ask him in private, and keep it short."
_SCHEMA = "It must fit this JSON schema:"
EVENTS = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}


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
        """(role, text), in order."""
        return [(each["role"], each["content"]) for each in self.body.get("messages", [])]

    @property
    def text(self) -> str:
        """Everything that was sent, header values too: what a leak is looked for in."""
        return json.dumps(self.body, ensure_ascii=False) + "\n" + "\n".join(self.headers.values())

    @property
    def schema(self) -> dict[str, Any] | None:
        """The schema that went beside the messages, of the response or of the one tool; else the one in their words."""
        for tool in self.body.get("tools") or ():
            return dict(tool["function"]["parameters"])
        given = self.body.get("response_format") or {}
        found: dict[str, Any] | None = (given.get("json_schema") or {}).get("schema")
        told = next((text.partition(_SCHEMA)[2] for _, text in self.messages if _SCHEMA in text), "")
        return found or (json.JSONDecoder().raw_decode(told.lstrip())[0] if told else None)

    @property
    def stream(self) -> bool:
        """Whether events are asked for."""
        return bool(self.body.get("stream"))


class Line:
    """Writes parts of an HTTP answer."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Write the status and the headers."""
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self.writer.write("\r\n".join(lines).encode())

    async def whole(self, status: int, body: str | bytes, **headers: str) -> bool:
        """Write a whole answer; header names have underscores for hyphens."""
        data = body.encode() if isinstance(body, str) else body
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.head(status, {"Content-Type": "application/json", "Content-Length": str(len(data)), **given})
        self.writer.write(data)
        await self.writer.drain()
        return True

    async def event(self, data: Mapping[str, Any] | str) -> None:
        """Write one event."""
        self.chunk(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())
        await self.writer.drain()

    def chunk(self, data: bytes) -> None:
        """Write one chunk of the transfer."""
        self.writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end(self) -> bool:
        """End the chunks."""
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()
        return True

    async def until_gone(self, seconds: float) -> bool:
        """Write nothing more for so long, or until the caller hangs up."""
        await self.writer.drain()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.writer.transport.is_closing():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return False


class Behaviour(Protocol):
    """One way to answer."""

    async def answer(self, line: Line, asked: Asked, /) -> bool:
        """Write an answer; return whether the connection can take another request."""
        ...


Script = Behaviour | Callable[[Asked], Behaviour]


@dataclass(frozen=True)
class Good:
    """A whole reply. ``said`` None: JSON that fits the schema, or a plain sentence. ``pause`` before each piece, s.

    ``listed``: each delta is a list of parts, as some servers send it, and not a string. ``whole``: the server knows
    no events. ``thought``: comes before, as the reasoning of the reply. ``done`` False: the mark of the end is missing.
    """

    said: str | None = None
    first_token: float = 0.0
    pause: float = 0.0
    piece: int = 4  # characters
    finish: str = "stop"
    listed: bool = False
    whole: bool = False
    thought: str = ""
    done: bool = True

    async def answer(self, line: Line, asked: Asked, /) -> bool:
        """Say it, in the form that was asked for."""
        said = self._said(asked)
        if self.whole or not asked.stream:
            return await self._completion(line, asked, said)
        line.head(200, EVENTS)
        await line.event(delta({"role": "assistant", "content": ""}))
        await asyncio.sleep(self.first_token)
        if self.thought:
            await line.event(delta({"reasoning_content": self.thought}))
        tokens = 0
        async for piece in self._pieces(said):
            tokens += 1
            await line.event(delta(self._delta(asked, piece, tokens)))
        await line.event(delta({}, "tool_calls" if asked.body.get("tools") else self.finish))
        if (asked.body.get("stream_options") or {}).get("include_usage"):
            await line.event(delta(None) | {"usage": usage(asked, tokens)})
        if self.done:
            await line.event("[DONE]")
        return await line.end()

    def _said(self, asked: Asked) -> str:
        if self.said is not None:
            return self.said
        return STORY if asked.schema is None else json.dumps(filled(asked.schema))

    async def _pieces(self, said: str) -> AsyncIterator[str]:
        for start in range(0, len(said), self.piece):
            yield said[start : start + self.piece]
            if self.pause:
                await asyncio.sleep(self.pause)

    def _delta(self, asked: Asked, piece: str, number: int) -> dict[str, Any]:
        if asked.body.get("tools"):
            name = {"id": "call-1", "type": "function"} if number == 1 else {}
            function = {"arguments": piece, **({"name": "answer"} if number == 1 else {})}
            return {"tool_calls": [{"index": 0, **name, "function": function}]}
        return {"content": [{"type": "text", "text": piece}] if self.listed else piece}

    async def _completion(self, line: Line, asked: Asked, said: str) -> bool:
        await asyncio.sleep(self.first_token)
        message = {"role": "assistant", "content": [{"type": "text", "text": said}] if self.listed else said}
        choices = [{"index": 0, "message": message, "finish_reason": self.finish}]
        told = {"object": "chat.completion", "choices": choices, "usage": usage(asked, len(said) // 4)}
        return await line.whole(200, json.dumps(delta(None) | told))


@dataclass(frozen=True)
class Slow(Good):
    """The first token takes long."""

    first_token: float = 3.0


@dataclass(frozen=True)
class Stalled:
    """Some pieces come, then nothing for ``seconds``."""

    said: str = '{"headline": "It may be that '
    seconds: float = 30.0

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Begin, and stop."""
        line.head(200, EVENTS)
        await line.event(delta({"role": "assistant", "content": self.said}))
        return await line.until_gone(self.seconds)


@dataclass(frozen=True)
class Status:
    """An error by status: 429 (with ``retry_after``), 500, 401, 404 … ``body``: what comes, else an error in JSON."""

    status: int = 500
    retry_after: str | None = None
    message: str = "scripted trouble"
    body: str | None = None
    location: str | None = None

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Refuse."""
        told = {"error": {"message": self.message, "type": "scripted", "code": None}}
        headers = {"Retry_After": self.retry_after, "Location": self.location}
        given = {name: value for name, value in headers.items() if value is not None}
        return await line.whole(self.status, json.dumps(told) if self.body is None else self.body, **given)


@dataclass(frozen=True)
class ErrorInside:
    """A 200 that holds an error: as JSON, or (``event``) as an event after what was ``said``."""

    error: Any
    event: bool = False
    said: str = ""

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Say that all is well, and that it is not."""
        if not self.event:
            return await line.whole(200, json.dumps({"error": self.error}))
        line.head(200, EVENTS)
        if self.said:
            await line.event(delta({"role": "assistant", "content": self.said}))
        await line.event({"error": self.error})
        return await line.end()


@dataclass(frozen=True)
class Cut:
    """The connection is cut: before anything (``said`` empty) or in the middle of the reply."""

    said: str = '{"headline": "It may be that he'

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Hang up."""
        if self.said:
            line.head(200, EVENTS)
            await line.event(delta({"role": "assistant", "content": self.said}))
        line.writer.transport.abort()
        return False


@dataclass(frozen=True)
class Silent:
    """The connection is taken and no byte ever comes; ``begun``: the headers do."""

    seconds: float = 30.0
    begun: bool = False

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Say nothing."""
        if self.begun:
            line.head(200, EVENTS)
        return await line.until_gone(self.seconds)


@dataclass(frozen=True)
class Raw:
    """Bytes as they stand, and then the end of the connection."""

    data: bytes

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Write them."""
        line.writer.write(self.data)
        await line.writer.drain()
        return False


@dataclass(frozen=True)
class Garbage:
    """A 200 whose body is no JSON and no events."""

    body: str = "<html>Gateway</html>\x00\x01"

    async def answer(self, line: Line, asked: Asked, /) -> bool:
        """Write the body."""
        return await line.whole(
            200, self.body, Content_Type="text/event-stream" if asked.stream else "application/json"
        )


@dataclass(frozen=True)
class Events:
    """Events as they stand."""

    events: tuple[Any, ...]

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Write them."""
        line.head(200, EVENTS)
        for each in self.events:
            await line.event(each)
        return await line.end()


@dataclass(frozen=True)
class Endless:
    """The same words again and again, until the caller hangs up; ``said`` may hold the number of the piece as {n}."""

    said: str = "and then you talk to him "
    pause: float = 0.002

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Go on and on."""
        line.head(200, EVENTS)
        for n in range(20_000):
            await line.event(delta({"content": self.said.replace("{n}", str(n))}))
            await asyncio.sleep(self.pause)
        return False


def delta(said: Mapping[str, Any] | None, finish: str | None = None) -> dict[str, Any]:
    """Return an event's data."""
    choices = [] if said is None else [{"index": 0, "delta": said, "finish_reason": finish}]
    return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}


def usage(asked: Asked, out: int) -> dict[str, int]:
    """Return counts of tokens: words that were sent, pieces that were said."""
    sent = sum(len(text.split()) for _, text in asked.messages)
    return {"prompt_tokens": sent, "completion_tokens": out, "total_tokens": sent + out}


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
