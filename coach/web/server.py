"""The server itself (uvicorn): no access log, no version, bounded connections, time to keep replies at the end."""

from __future__ import annotations

from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from coach.settings import Settings
from coach.web.connections import BACKLOG, Bounded, Bounds

_GRACE_SECONDS = 5


def server(app: FastAPI, settings: Settings, bounds: Bounds | None = None, **more: Any) -> uvicorn.Server:
    """Return a server for the app on the address of the settings; ``more`` goes to uvicorn's Config and wins."""
    bounded = type("Http", (Bounded, AutoHTTPProtocol), {"bounds": bounds or Bounds()})
    return uvicorn.Server(
        uvicorn.Config(
            app,
            **{
                "host": settings.host,
                "port": settings.port,
                "access_log": False,
                "server_header": False,
                "proxy_headers": False,
                "log_level": "warning",
                "timeout_graceful_shutdown": _GRACE_SECONDS,
                "http": bounded,
                "ws": "none",
                "backlog": BACKLOG,
                **more,
            },
        )
    )
