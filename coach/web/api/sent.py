"""What left this machine: each call to a language model's server, exactly as it left."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from coach.domain.sent import Sent
from coach.web import routers
from coach.web.api.documents import READ, SENT, documented
from coach.web.parts import In, User

router = routers.of_api("Everything")


class Calls(BaseModel):
    """A list of calls."""

    sent: list[Sent]


@router.get("/sent", summary="List what left this machine", responses=documented(200, {"sent": [SENT]}, *READ))
async def listed(
    parts: In,
    user: User,
    turn_id: Annotated[str | None, Query(description="Only what was sent for this turn.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many, the newest.")] = 100,
) -> Calls:
    """Every request to a language model's server with its exact text, newest first. Without one the list is empty."""
    return Calls(sent=list(reversed(await parts.journal.sent(user, turn_id, limit))))
