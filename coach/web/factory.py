"""create_app: the one place where routes, guards and pages meet. Builds no part of the coach itself."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from coach.errors import Refused
from coach.settings import Settings
from coach.web import api, health, pages, statics
from coach.web.guards import HostGuard, JsonGuard, OriginGuard, SizeGuard
from coach.web.headers import SecurityHeaders
from coach.web.parts import USER, Parts
from coach.web.problems import add_handlers
from coach.web.renderer import warm
from coach.web.retention import daily
from coach.web.watch import Watch

DESCRIPTION = """A coach for relationships at work. It reads what happened, answers with a small repair plan and cited
principles, and keeps a journal of moments on this machine. Times are ISO 8601 in UTC. Every error looks like
`{"error": "...", "what_next": "..."}`."""


_SETTLED = 3.0
"""Seconds after the start until the templates that nobody has asked for yet are compiled."""


def check_open(settings: Settings) -> None:
    """Raise Refused when others could reach a coach that has no accounts and nobody said they may."""
    if not settings.loopback and not settings.allow_open:
        raise Refused(
            f"The coach has no accounts, so whoever reaches {settings.host} could read the journal. "
            "Leave COACH_HOST at 127.0.0.1, or set COACH_ALLOW_OPEN=1 if you mean it."
        )


def create_app(parts: Parts | Callable[[], Awaitable[Parts]]) -> FastAPI:
    """Return the app. ``parts`` may be a function that makes them when the server starts. Raises Refused."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if not isinstance(parts, Parts):
            made = await parts()
            check_open(made.settings)
            app.state.parts = made
        built: Parts = app.state.parts
        warming = threading.Timer(_SETTLED, warm)
        warming.daemon = True
        warming.start()
        async with daily(built.journal, USER, built.clock):
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
        routes=[
            *health.router.routes,
            *api.routes,
            *pages.routes,
            *statics.routes,
        ],
        middleware=[
            Middleware(each) for each in (SecurityHeaders, Watch, HostGuard, OriginGuard, JsonGuard, SizeGuard)
        ],
    )
    if isinstance(parts, Parts):
        check_open(parts.settings)
        app.state.parts = parts
    add_handlers(app)
    return app
