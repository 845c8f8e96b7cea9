"""Starting the server: address first, then the parts, then the announcement with the link. Knows sockets, no route."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import socket
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from coach.cli.logs import open_log, unawaited
from coach.cli.workbench import Doors, bar, tell
from coach.door import Token
from coach.errors import BadInput
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.web.parts import Parts


_QUEUE = 2_048
"""Connections that the system holds until the server takes them; it takes a few at a time."""


def serve(through: Doors) -> None:
    """Serve until told to stop. Raises Refused, BadInput and whatever the parts raise."""
    settings = through.settings()
    open_log()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        asyncio.run(_serve(through, settings))


async def _serve(through: Doors, settings: Settings) -> None:
    asyncio.get_running_loop().set_exception_handler(unawaited)
    gc.disable()  # while a coach is made nothing is garbage, and the collector would look through them again and again
    # First, and from here: CPython 3.11 takes thrice as long to compile the coach's patterns from deeper calls, where a
    # stack of frames ends just there and is made again at each call.
    import coach.app  # noqa: F401
    from coach.web.factory import create_app
    from coach.web.keeper import check_open
    from coach.web.server import server

    check_open(settings)
    listening = bound(settings)
    try:
        lines = list(announced(settings, shown=not logged()))  # where no token can be kept, nothing is started
        with bar() as report:
            parts = await through.build(settings, report)
        served = server(create_app(parts), settings, log_config=None)
        _settled()
        announcing = asyncio.create_task(_announce(served, listening, parts, lines))
        await served.serve(sockets=[listening])  # the app closes the parts when it stops
        announcing.cancel()
    finally:
        listening.close()


def _settled() -> None:
    """Leave out of every later collection what is there once a coach is built: looking through it takes 60 ms."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(2_000, 10, 10)


async def _announce(served: Any, listening: socket.socket, parts: Parts, lines: Sequence[str]) -> None:
    while not served.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    listening.listen(_QUEUE)
    if parts.note:
        tell(parts.note, "italic")
    typer.echo("\n".join(lines))
    if at_a_display():
        await asyncio.to_thread(webbrowser.open, address(parts.settings))
    if parts.connection is not None:
        parts.connection.examine()


def announced(settings: Settings, *, shown: bool) -> Iterator[str]:
    """Yield the lines that say where the coach is; ``shown`` False: without the token."""
    link, *elsewhere = links(settings)
    if not shown:
        link, elsewhere = f"{address(settings)} (coach link prints the link)", [settings.public_url][: len(elsewhere)]
    yield f"The coach is at {link} (Ctrl-C stops it)"
    yield from (f"From elsewhere: {each}" for each in elsewhere)
    if not settings.loopback and not settings.public_url.startswith("https:"):
        yield "It listens for other machines without TLS, so their network can read along. docs/hosting.md has a way."


def links(settings: Settings) -> list[str]:
    """Return what to open in a browser: here, and through a proxy where there is a public address."""
    public = [settings.public_url.rstrip("/")] if settings.public_url else []
    addresses = [address(settings), *public]
    if settings.open_loopback or settings.members:
        return addresses
    token = Token(settings.data)
    return [token.link(each) for each in addresses]


def show_links(through: Doors, *, new: bool) -> None:
    """Print what to open in a browser; ``new``: with a new token, which a running coach takes at once."""
    settings = through.settings()
    if new:
        Token(settings.data).renew()
    typer.echo("\n".join(links(settings)))


def logged() -> bool:
    """Whether what is printed goes into the log of a service (systemd says so), where no token may stand."""
    try:
        told = os.fstat(1)
    except OSError:
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{told.st_dev}:{told.st_ino}"


def at_a_display() -> bool:
    """Whether somebody sits before the terminal and a browser would show on the same screen."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("SSH_CONNECTION"):
        return False
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def address(settings: Settings) -> str:
    """Return the address to open in a browser."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104  named, not bound
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{settings.port}"


def bound(settings: Settings) -> socket.socket:
    """Return a socket bound to the address of the settings. Raises BadInput when that cannot be had."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
    except OSError:
        raise BadInput(f"COACH_HOST names no address of this machine: {settings.host}.") from None
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(where)
        made.set_inheritable(False)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise BadInput(
                f"Port {settings.port} is in use; perhaps the coach runs already at {address(settings)}. "
                "Choose another port with COACH_PORT."
            ) from None
        raise BadInput(f"The coach cannot listen on {address(settings)} ({error.strerror}).") from None
    return made
