"""A small OpenAI-compatible server on loopback that answers as it was told, and keeps every request.

::

    with scripted_server() as server:                  # in tests: the fixture ``scripted``
        server.enqueue(Good("Tom may have been busy."))  # one behaviour a request, in order; then ``server.always``
        server.always = Slow(first_token=3)
        ... COACH_LLM_BASE_URL = server.url ...
        server.asked[0].text                            # everything that was sent in the first request, as one text
        server.asked[0].messages, .schema, .stream, .body, .at

A behaviour may be a function of the request (``server.always = lambda asked: Good(...)``). Requests that ask for JSON
by a schema get a value that fits it, unless the behaviour says a text of its own. ``behaviours`` has them all.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from evals.behaviours import Asked, Good, Line, Script


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
                if not await behaviour.answer(Line(writer), asked):
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
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{it.getsockname()[1]}/v1"
