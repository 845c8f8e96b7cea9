"""Half-sent requests, silent connections and readers who do not read take nothing from others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from starlette.types import Receive, Scope, Send

from coach.settings import Settings
from coach.web.connections import LARGEST_HEAD, Bounds, room
from coach.web.server import server

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
FAST = {"head_seconds": 0.15, "body_seconds": 0.2, "reader_seconds": 0.2, "looks": 0.03}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Take the whole body, then send as many bytes as the path says."""
    while (await receive()).get("more_body"):
        pass
    size = int(scope["path"].strip("/") or 2)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(size).encode())]})
    await send({"type": "http.response.body", "body": b"x" * size})


@asynccontextmanager
async def served(**bounds: float) -> AsyncIterator[int]:
    async with serving(**bounds) as it:
        yield it.servers[0].sockets[0].getsockname()[1]


@asynccontextmanager
async def serving(**bounds: float) -> AsyncIterator[uvicorn.Server]:
    it = server(app, Settings(), Bounds(**bounds), port=0, lifespan="off")
    task = asyncio.create_task(it.serve())
    while not it.started:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    yield it
    it.should_exit = True
    await task


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def first_line(port: int, sent: bytes = GET) -> bytes:
    async with connected(port) as (reader, writer):
        writer.write(sent)
        return (await reader.readline()).strip()


async def test_a_head_that_does_not_come_to_its_end_is_given_up():
    async with served(**FAST) as port:
        assert await first_line(port, b"GET / HTTP/1.1\r\nHost: loc") == b"HTTP/1.1 408 Request Timeout"
        assert await first_line(port, b"") == b"HTTP/1.1 408 Request Timeout"


async def test_a_head_without_end_is_cut_by_its_size():
    async with served(most=10) as port:
        long = b"GET / HTTP/1.1\r\nX: " + b"a" * LARGEST_HEAD
        assert await first_line(port, long) == b"HTTP/1.1 431 Request Header Fields Too Large"


async def test_a_body_that_stops_is_given_up_and_one_that_goes_on_is_not():
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000\r\n\r\n"
    async with served(**{**FAST, "body_seconds": 0.7}) as port:
        assert await first_line(port, head + b"abc") == b"HTTP/1.1 408 Request Timeout"
        async with connected(port) as (reader, writer):
            writer.write(head)
            for _ in range(10):
                await asyncio.sleep(0.1)
                writer.write(b"x" * 4_000)
            assert (await reader.readline()).strip() == b"HTTP/1.1 200 OK"


async def test_a_connection_is_used_again_however_late_the_next_request_is_within_its_time():
    async with served(**FAST) as port, connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(GET)
            assert (await reader.readuntil(b"xx")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.2)


async def test_whoever_has_been_silent_longest_makes_room_for_the_next():
    async with served(most=3) as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(9)]
        assert await first_line(port) == b"HTTP/1.1 200 OK"
        assert (await silent[0][0].readline()).strip() == b"HTTP/1.1 503 Service Unavailable"
        for _, writer in silent:
            writer.close()


async def test_a_reader_who_takes_nothing_is_left():
    async with serving(**FAST) as it:
        with socket.create_connection(it.servers[0].sockets[0].getsockname()) as reader:
            reader.sendall(b"GET /90000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            async with asyncio.timeout(20):
                while it.server_state.connections or not it.server_state.total_requests:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)


def test_there_is_room_for_many():
    assert 32 <= room() <= 4_096
