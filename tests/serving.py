"""A real server in this process, for tests that need one. ``python tests/serving.py`` runs it with the fakes.

Every app made here has the same token, ``TOKEN``, so that a test can go through the door before it knows the folder:
as a program (``BEARER``), or as a browser (``COOKIES``).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from coach.door import FILE, Token
from coach.settings import Settings
from coach.web import Parts, create_app
from coach.web.keeper import COOKIE
from coach.web.server import server

sys.path.insert(0, str(Path(__file__).parent))
from fakes import fake_parts

TOKEN = "the-token-of-every-coach-in-a-test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def _mark() -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_text(TOKEN)
        return Token(Path(folder)).mark()


COOKIES = {COOKIE: _mark()}

_FREE: list[tuple[FastAPI, dict[str, Callable[[], Awaitable[Parts]]]]] = []


@contextmanager
def app_of(make: Callable[[], Awaitable[Parts]]) -> Iterator[FastAPI]:
    """An app whose parts are made when it starts. Apps are used again: FastAPI works out routes at first requests."""
    if _FREE:
        app, holder = _FREE.pop()
    else:
        holder = {}
        app = create_app(lambda: holder["make"]())

    async def made() -> Parts:
        parts = await make()
        (parts.settings.data / FILE).write_text(TOKEN)
        return parts

    holder["make"] = made
    yield app
    _FREE.append((app, holder))


@contextmanager
def serving(make: Callable[[], Awaitable[Parts]]) -> Iterator[str]:
    """Serve the parts from a thread with its own event loop; give the address."""
    with app_of(make) as app:
        yield from _served(app)


def _served(app: FastAPI) -> Iterator[str]:
    it: uvicorn.Server = server(app, Settings(), port=0)
    thread = threading.Thread(target=it.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not it.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    port = it.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        it.should_exit = True
        thread.join(20)


def browsing(app: FastAPI, **options: Any) -> TestClient:
    """A client of an app in this process, known as a browser is known: by its cookie."""
    return TestClient(app, base_url="http://127.0.0.1:8000", cookies=COOKIES, **options)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A client of an app around a fresh journal and a scripted coach, in this process."""
    with (
        app_of(lambda: fake_parts(tmp_path)) as app,
        browsing(app, raise_server_exceptions=False) as it,
    ):
        yield it


async def _main(port: int, folder: Path, pause: float) -> None:
    app = create_app(lambda: fake_parts(folder, pause=pause))
    await server(app, Settings(port=port)).serve()


if __name__ == "__main__":  # python tests/serving.py [PORT [FOLDER]]
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory() as fresh:
        asyncio.run(_main(int(given[0]) if given else 8000, Path(given[1] if len(given) > 1 else fresh), 0.3))
