"""Makes the pages an app that can be installed: a manifest, a service worker, and a page for when the server is away.

The worker keeps static files and that one page, which hold nothing anyone wrote; no other page is ever kept.
"""

from __future__ import annotations

import hashlib
from functools import cache

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.shipped import shipped
from coach.web import routers
from coach.web.renderer import fragment
from coach.web.statics import DIGEST, FILES, STATIC

router = routers.of_pages()


@router.get("/manifest.webmanifest")
async def manifest() -> Response:
    """The manifest that a browser asks for before it installs the page."""
    return Response(fragment("manifest.webmanifest"), media_type="application/manifest+json")


@router.get("/sw.js")
async def worker() -> Response:
    """The service worker, with the files it keeps. It changes whenever one of them does."""
    source = (shipped("web") / "worker.js").read_text(encoding="utf-8")
    listed = ", ".join(f'"{STATIC}/{name}"' for name in FILES)
    head = f'const VERSION = "coach-{_version()}";\nconst SHELL = ["/offline", {listed}];\n'
    return Response(head + source, media_type="text/javascript")


@router.get("/offline")
async def offline(request: Request) -> HTMLResponse:
    """The page for when nobody answers. It holds nothing of the journal."""
    values = {
        "here": "journal",
        "note": None,
        "language_model": "none",
        "language_model_level": "asks",
        "now": request.app.state.parts.clock(),
    }
    return HTMLResponse(fragment("offline.html", **values))


@cache
def _version() -> str:
    """Return a fingerprint of the static files, the page the worker shows, and the worker."""
    digest = hashlib.sha256(DIGEST.encode())
    for name in ("base.html", "offline.html", "_marks.html"):
        digest.update((shipped("web") / "templates" / name).read_bytes())
    digest.update((shipped("web") / "worker.js").read_bytes())
    return digest.hexdigest()[:16]
