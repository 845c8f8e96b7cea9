"""Requests on bare sockets, cheap enough to send hundreds at once from one core. Knows what drills need of HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit


@dataclass
class Heard:
    """What came of a request: its status, when each event first came (seconds after it was sent), and when it ended."""

    status: int = 0
    events: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    trouble: str = ""

    @property
    def whole(self) -> bool:
        """Whether the turn came to its end."""
        return self.status == 200 and "finished" in self.events and not self.trouble


async def said(url: str, text: str, headers: Mapping[str, str], patience: float = 600.0) -> Heard:
    """Send a message and hear the whole stream."""
    return await asked(url, "POST", "/api/chat", headers, json.dumps({"text": text}).encode(), patience)


async def asked(
    url: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b"", patience: float = 60.0
) -> Heard:
    """Send a request and hear its answer to the end; trouble is told, not raised."""
    heard, began = Heard(), perf_counter()
    try:
        async with asyncio.timeout(patience):
            reader, writer = await opened(url)
            try:
                writer.write(head(url, method, path, {**headers, "Content-Length": str(len(body))}) + body)
                await _hear(reader, heard, began)
            finally:
                writer.close()
    except (OSError, ValueError, IndexError) as error:  # a timeout is an OSError, too
        heard.trouble = type(error).__name__
    heard.seconds = perf_counter() - began
    return heard


async def opened(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection to the server of an address."""
    at = urlsplit(url)
    return await asyncio.open_connection(at.hostname, at.port, limit=1_000_000)


def head(url: str, method: str, path: str, headers: Mapping[str, str]) -> bytes:
    """Return the head of a request."""
    given = {"Host": urlsplit(url).netloc, "Connection": "close", "Content-Type": "application/json", **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    return "\r\n".join(lines).encode()


async def _hear(reader: asyncio.StreamReader, heard: Heard, began: float) -> None:
    heard.status = int((await reader.readline()).split()[1])
    while line := await reader.readline():
        if line.startswith(b"event: "):
            heard.events.setdefault(line[7:].decode().strip(), perf_counter() - began)


async def let_go(writers: list[asyncio.StreamWriter]) -> None:
    """Close connections, whatever became of them."""
    for writer in writers:
        with suppress(OSError):
            writer.close()
