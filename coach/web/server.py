"""The server itself (uvicorn): no access log, no version shown, and time for replies to be kept when it stops."""

from __future__ import annotations

from typing import Any

import uvicorn
from fastapi import FastAPI

from coach.settings import Settings

_GRACE_SECONDS = 5


def server(app: FastAPI, settings: Settings, **more: Any) -> uvicorn.Server:
    """Return a server for the app on the address of the settings; ``more`` goes to uvicorn's Config and wins."""
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
                **more,
            },
        )
    )
