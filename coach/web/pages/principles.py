"""The cards: all of them, those that apply to some words, one in full."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import HTMLResponse

from coach.web import routers
from coach.web.api.principles import apply
from coach.web.parts import In, User
from coach.web.renderer import page

router = routers.of_pages()

_FOUND = 8

_LOOKED_AT = 50
"""So many of the newest plans are looked through for a card."""


@router.get("/principles")
async def listed(request: Request, parts: In, q: Annotated[str, Query(max_length=2000)] = "") -> HTMLResponse:
    """The cards; with words, those that apply best."""
    if q.strip():
        found = [match.principle for match in await apply(parts, q, _FOUND)]
    else:
        found = [each for each in parts.knowledge.principles() if not each.evidence]
    return page(request, "principles.html", "principles", principles=found, q=q)


@router.get("/principles/{principle_id}")
async def one(principle_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """One card, and the plans that rest on it."""
    principle = parts.knowledge.principle(principle_id)
    recent = await parts.journal.plans(user, last=_LOOKED_AT)
    used = [plan for plan in reversed(recent) if any(it.principle == principle_id for it in plan.citations)]
    return page(request, "principle.html", "principles", principle=principle, used=used[:_FOUND], count=len(used))
