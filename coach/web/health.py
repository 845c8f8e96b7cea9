"""Whether the coach is alive and ready, and what it has counted. For programs that start and watch it."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from anyio import fail_after, to_thread
from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from coach.errors import CoachError
from coach.ports import Knowledge, Whole
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


KEPT_S = 1.0
"""An answer serves so long: whoever asks more often learns nothing more, and costs nothing more."""
LONGEST_S = 5.0

States = Mapping[str, str | None]


def readiness(journal: Whole, knowledge: Knowledge) -> Callable[[], Awaitable[States]]:
    """Return what gives each part by name with None when it can be used, else the sentence that says what is wrong."""
    lock, kept, at = Lock(), dict[str, str | None](), -KEPT_S

    async def ready() -> States:
        nonlocal kept, at
        async with lock:
            if monotonic() - at >= KEPT_S:
                kept = {**await _journal(journal), "index": await _index(knowledge)}
                at = monotonic()
            return kept

    return ready


async def _journal(journal: Whole) -> States:
    try:
        with fail_after(LONGEST_S):
            return await journal.states()
    except TimeoutError:
        return {"database": f"The journal's database did not answer within {LONGEST_S:.0f} s.", "key": None}
    except CoachError as error:
        return {"database": str(error), "key": None}


async def _index(knowledge: Knowledge) -> str | None:
    try:
        with fail_after(LONGEST_S):
            return await to_thread.run_sync(knowledge.check, abandon_on_cancel=True)
    except TimeoutError:
        return f"The index of cards did not answer within {LONGEST_S:.0f} s."
