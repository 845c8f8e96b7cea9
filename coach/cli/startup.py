"""Starting the server: address first, then the parts, then the announcement. Knows sockets, no route."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import socket
from typing import TYPE_CHECKING, Any

import typer

from coach.cli.logs import open_log, unawaited
from coach.cli.workbench import Doors, bar, tell
from coach.errors import BadInput
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.web.parts import Parts


def serve(through: Doors) -> None:
    """Serve until told to stop. Raises Refused, BadInput and whatever the parts raise."""
    settings = through.settings()
    open_log()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        asyncio.run(_serve(through, settings))


async def _serve(through: Doors, settings: Settings) -> None:
    asyncio.get_running_loop().set_exception_handler(unawaited)
    gc.disable()  # while modules are made nothing is garbage, and the collector would look through them again and again
    # First, and from here: CPython 3.11 takes thrice as long to compile the coach's patterns from deeper calls, where a
    # stack of frames ends just there and is made again at each call.
    import coach.app  # noqa: F401
    from coach.web.factory import check_open, create_app
    from coach.web.server import server

    gc.freeze()
    gc.enable()
    check_open(settings)
    listening = bound(settings)
    try:
        with bar() as report:
            parts = await through.build(settings, report)
        served = server(create_app(parts), settings, log_config=None)
        announcing = asyncio.create_task(_announce(served, settings, parts))
        await served.serve(sockets=[listening])  # the app closes the parts when it stops
        announcing.cancel()
    finally:
        listening.close()


async def _announce(served: Any, settings: Settings, parts: Parts) -> None:
    while not served.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    if parts.note:
        tell(parts.note, "italic")
    typer.echo(f"The coach is at {address(settings)} (Ctrl-C stops it)")
    if parts.connection is not None:
        parts.connection.examine()


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
