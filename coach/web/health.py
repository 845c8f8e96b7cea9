"""Whether the coach is alive and ready, and what it has counted. For programs that start and watch it."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from coach.web.parts import In
from coach.web.tally import MEDIA_TYPE

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(parts: In) -> JSONResponse:
    """Database, key and index were used just now: 200, else 503 with what is wrong with which."""
    states = await parts.ready()
    whole = not any(states.values())
    told = {name: sentence or "ok" for name, sentence in states.items()}
    return JSONResponse({"status": "ok" if whole else "not ready", **told}, 200 if whole else 503)


@router.get("/metrics")
async def metrics(parts: In) -> Response:
    """Counts and durations since the start, in Prometheus' text format."""
    return Response(await to_thread.run_sync(parts.tally.text), media_type=MEDIA_TYPE)
