"""What the user thought of a reply. It stays in the journal: nothing the coach says depends on it."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from coach.domain.turns import Opinion, Turn
from coach.web import routers
from coach.web.api.documents import OPINION, WRITE, documented
from coach.web.api.fields import Body, Note, YesNo, example
from coach.web.parts import In, Parts, User

router = routers.of_api("Conversations", "/turns")


class OpinionGiven(Body, json_schema_extra=example(OPINION)):
    """Whether a reply was of use."""

    useful: YesNo
    reason: Note | None = Field(None, description="Why, in the user's words.")


@router.put(
    "/{turn_id}/opinion",
    summary="Say whether a reply was of use",
    responses=documented(200, {**OPINION, "noted_at": "2024-05-06T09:31:00Z"}, 404, *WRITE),
)
async def opinion(turn_id: str, given: OpinionGiven, parts: In, user: User) -> Opinion:
    """Keep what the user thought of a reply, and why; the later one holds. The coach does not learn to please by it."""
    return await note(parts, user, turn_id, given.useful, given.reason)


@router.delete(
    "/{turn_id}/opinion", status_code=204, summary="Take an opinion back", responses=documented(204, None, 404, *WRITE)
)
async def take_back(turn_id: str, parts: In, user: User) -> None:
    """Erase what the user thought of a reply."""
    await parts.journal.change(user, Turn, turn_id, lambda turn: replace(turn, opinion=None))


async def note(parts: Parts, user: str, turn_id: str, useful: bool, reason: str | None) -> Opinion:
    """Keep an opinion with its turn and return it."""
    given = Opinion(useful, parts.clock(), reason)
    await parts.journal.change(user, Turn, turn_id, lambda turn: replace(turn, opinion=given))
    return given
