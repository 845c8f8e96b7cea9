"""``coach mcp``: the tools on stdio, for a program on this machine that speaks MCP. Nothing else may be printed."""

from __future__ import annotations

import asyncio

from coach.cli.workbench import USER, Doors
from coach.errors import Refused


def serve_tools(through: Doors) -> None:
    """Answer on stdio until it is closed. Raises Refused without the package, and for a coach with members."""
    settings = through.settings()
    if settings.members:
        raise Refused("This coach has members: a program uses the address /mcp with a token from its member's page.")
    try:
        from coach.web.programs.tools import server
    except ImportError:
        raise Refused("This needs a package that is not there: pip install 'work-relationship-coach[mcp]'.") from None

    async def serve() -> None:
        parts = await through.build(settings, None)
        try:
            await server(parts, lambda: USER).run_stdio_async()
        finally:
            await parts.close()

    asyncio.run(serve())
