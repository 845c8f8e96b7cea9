"""A small OpenAI-compatible server on loopback that keeps each request's body and always streams the same reply.

It answers after a set wait, so that what is added on the way to it can be told from what a language model takes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

REPLY = "It may be that the day was full. Ask once, kindly, and see what comes back."


@dataclass(slots=True)
class Wire:
    """The server's address, and the bodies it was sent, in order."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def listening(wait_s: float = 0.0) -> AsyncIterator[Wire]:
    """Serve on a free port; the first piece of each reply comes after ``wait_s`` seconds."""
    wire = Wire()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (body := await _request(reader)) is not None:
                wire.bodies.append(body)
                await _reply(writer, wait_s)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the caller had what it came for
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**22)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield wire
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> bytes | None:
    if not await reader.readline():
        return None
    length = 0
    while (header := (await reader.readline()).decode("latin-1").strip()) != "":
        name, _, value = header.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return await reader.readexactly(length)


async def _reply(writer: asyncio.StreamWriter, wait_s: float) -> None:
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()
    await asyncio.sleep(wait_s)
    for word in REPLY.split(" "):
        _chunk(writer, f"data: {json.dumps(_event({'content': word + ' '}))}\n\n")
        await writer.drain()
    _chunk(writer, f"data: {json.dumps(_event({}, 'stop'))}\n\n")
    _chunk(writer, "data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()


def _event(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "wire", "choices": choices}


def _chunk(writer: asyncio.StreamWriter, text: str) -> None:
    data = text.encode()
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
