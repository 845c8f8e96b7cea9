"""create_app: the one place where routes, guards and pages meet. Builds no part of the coach itself."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from importlib.util import find_spec

from fastapi import FastAPI
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from coach.web import api, health, pages, statics
from coach.web.backups import backing_up
from coach.web.entrance import Entrance
from coach.web.guards import HostGuard, JsonGuard, OriginGuard, SizeGuard
from coach.web.headers import SecurityHeaders
from coach.web.keeper import Keeper, Tries, keeper
from coach.web.parts import USER, Parts
from coach.web.problems import add_handlers
from coach.web.proxies import Proxies
from coach.web.renderer import warm
from coach.web.retention import daily
from coach.web.watch import Watch

DESCRIPTION = """A coach for relationships at work. It reads what happened, answers with a small repair plan and cited
principles, and keeps a journal of moments on this machine. Times are ISO 8601 in UTC. Every error looks like
`{"error": "...", "what_next": "..."}`."""


MultiPartParser.spool_max_size = 2**40
"""Files that are sent stay in memory: from here on they would lie on the disk as they are. SizeGuard bounds them."""

_SETTLED = 3.0
"""Seconds after the start until the templates that nobody has asked for yet are compiled."""


def create_app(parts: Parts | Callable[[], Awaitable[Parts]]) -> FastAPI:
    """Return the app. ``parts`` may be a function that makes them when the server starts. Raises Refused."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if not isinstance(parts, Parts):
            _settle(app, await parts())
        built: Parts = app.state.parts
        warming = threading.Timer(_SETTLED, warm)
        warming.daemon = True
        warming.start()
        async with _chores(built), backing_up(built.backups), app.state.tools():
            yield
        warming.cancel()
        await built.close()

    app = FastAPI(
        title="Coach",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its scripts come from elsewhere
        redoc_url=None,
        routes=[*health.router.routes, *api.routes, *pages.routes, *statics.routes],
        middleware=[
            Middleware(each)
            for each in (SecurityHeaders, Watch, Proxies, HostGuard, OriginGuard, JsonGuard, SizeGuard, Entrance)
        ],
    )
    if isinstance(parts, Parts):
        _settle(app, parts)
    add_handlers(app)
    return app


@asynccontextmanager
async def _chores(parts: Parts) -> AsyncIterator[None]:
    """Do what is done beside the requests, every hour or day, while the block runs."""
    async with AsyncExitStack() as doing:
        # A member's journal opens for them alone, so what is past its time in it goes when they come (``porter``).
        user = USER if parts.members is None else None
        await doing.enter_async_context(daily(parts.journal, user, parts.clock, parts.departed))
        if parts.members is not None:
            await doing.enter_async_context(parts.members.caretaker.working())
            await doing.enter_async_context(parts.members.handouts.working())
        yield


def _settle(app: FastAPI, parts: Parts) -> None:
    """Give the app its parts and the keeper of its door. Raises Refused for an open coach that others can reach."""
    app.state.keeper, app.state.tries = keeper(parts.settings), Tries()
    if parts.members is not None:
        from coach.web.porter import Porter

        porter: Keeper = Porter(parts.members, parts.settings)
        app.state.keeper = porter
    before = getattr(app.state, "more", [])
    app.state.more = [*_more(parts), *_tools(app, parts)]
    app.router.routes[:] = [*(it for it in app.router.routes if it not in before), *app.state.more]
    app.state.parts = parts


def _more(parts: Parts) -> list[BaseRoute]:
    """Return the routes of what not every coach has; nothing of it is imported where it is not."""
    found: list[BaseRoute] = []
    if parts.members is not None:
        from coach.web.membership import routes

        found += routes
        if find_spec("webauthn") is not None:
            from coach.web.membership import passkey_page

            found += passkey_page.router.routes
        if parts.settings.oidc_issuer:
            from coach.web.membership import sign_on

            found += sign_on.router.routes
    if parts.members is not None or parts.settings.programs:
        from coach.web.programs.completions import router

        found += router.routes
    return found


def _tools(app: FastAPI, parts: Parts) -> list[BaseRoute]:
    """Return the route of the tools over MCP, where the settings ask for them; they answer while the app runs."""
    app.state.tools = nullcontext
    if not parts.settings.mcp:
        return []
    from coach.web.programs.mcp_endpoint import Endpoint

    endpoint = Endpoint(parts)
    app.state.tools = endpoint.running
    return [Route("/mcp", endpoint, include_in_schema=False)]
