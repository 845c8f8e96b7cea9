"""The catalogue of events: all of them, those of a group, or the likeliest for some words."""

from __future__ import annotations

from typing import Annotated, Any

import anyio.to_thread
from fastapi import Query
from pydantic import BaseModel

from coach.domain.events import Entry
from coach.errors import NotFound
from coach.reading import choices
from coach.web import routers
from coach.web.api.documents import EVENTS, READ, documented
from coach.web.api.tapped import event_shown
from coach.web.parts import In, User

router = routers.of_api("Events")

_SHOWN = 12


class Events(BaseModel):
    """Events to tap."""

    events: list[dict[str, Any]]


@router.get("/events", summary="List events to tap", responses=documented(200, EVENTS, 404, *READ))
async def events(
    parts: In,
    _: User,
    q: Annotated[str, Query(max_length=400, description="Some words; the events they may mean come first.")] = "",
    group: Annotated[str, Query(max_length=40, description="One group of the catalogue.")] = "",
    name: Annotated[str, Query(max_length=200, description="Whom the lines are to name.")] = "",
) -> Events:
    """Events of the catalogue, worded to be tapped. With `q` at most twelve, likeliest first."""
    catalogue = parts.knowledge.catalogue
    if group and group not in {each.id for each in catalogue.groups}:
        raise NotFound("There is no such group of events.")
    found: list[Entry] = list(catalogue.of(group) if group else catalogue.entries)
    if q.strip():
        order = await anyio.to_thread.run_sync(parts.knowledge.ranked, q)
        place = {event: at for at, (event, _) in enumerate(order)}
        words = q.casefold()
        found.sort(key=lambda entry: (words not in entry.chip.casefold(), place.get(entry.id, len(place))))
        found = found[:_SHOWN]
    lines = [(entry, event_shown(choices.choice(entry, catalogue, name))) for entry in found]
    return Events(events=[{**line, "group": entry.group, "by": entry.by.value} for entry, line in lines])
