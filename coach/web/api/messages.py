"""Messages somebody is about to send: what in them may land badly."""

from __future__ import annotations

import anyio.to_thread
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from coach.domain.drafts import Purpose, Warning
from coach.web.api.documents import WRITE, documented
from coach.web.api.examples import WARNING
from coach.web.api.fields import Body
from coach.web.parts import In

router = APIRouter(prefix="/messages", tags=["Messages"])


class MessageGiven(Body):
    """A message to look at."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Sorry if you felt put down", "purpose": "apology"}]}
    )

    text: str = Field(max_length=20_000)
    purpose: Purpose = Purpose.OTHER


class Warnings(BaseModel):
    """What may land badly. `start` and `end` count characters of the text as sent."""

    warnings: list[Warning]


@router.post("/lint", summary="Look over a message", responses=documented(200, {"warnings": [WARNING]}, *WRITE))
async def lint(given: MessageGiven, parts: In) -> Warnings:
    """Find what in a message may land badly, say why, and offer another way to put it. Nothing is kept."""
    return Warnings(warnings=list(await anyio.to_thread.run_sync(parts.lint, given.text, given.purpose)))
