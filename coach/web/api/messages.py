"""Messages someone is about to send: what in them may land badly."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import anyio.to_thread
from pydantic import BaseModel, Field

from coach.domain.drafts import Purpose, Warning
from coach.domain.moments import Channel
from coach.messages import variants
from coach.messages.reviewer import Looked
from coach.messages.variants import share
from coach.reading.names import found
from coach.web import outbox, routers
from coach.web.api.documents import WARNING, WRITE, documented
from coach.web.api.fields import Body, Id, example
from coach.web.parts import In, User

router = routers.of_api("Messages", "/messages")


class MessageGiven(Body, json_schema_extra=example({"text": "Sorry if you felt put down", "purpose": "apology"})):
    """A message to look at."""

    text: str = Field(max_length=20_000)
    purpose: Purpose = Purpose.OTHER
    channel: Channel | None = Field(None, description="Where it is to go, for `better_said`.")
    draft_id: Id | None = Field(None, description="The draft it is, for `share` and `better_said`.")
    quick: bool = Field(False, description="At once, without a language model: for while somebody types.")


class Warnings(BaseModel):
    """What may land badly. `start` and `end` count characters of the text as sent; `rewrite` may be empty.

    With `channel` or `draft_id`, `better_said`: a voice would carry it better. With `draft_id`, `share`: how much of
    it is the coach's wording, from 0 to 1.
    """

    warnings: list[Warning]
    better_said: bool = False
    share: float | None = None


class Wanted(Body, json_schema_extra=example({"text": "I would like to ask you in order to plan.", "how": "plainer"})):
    """A message to put otherwise."""

    text: str = Field(max_length=20_000)
    purpose: Purpose = Purpose.OTHER
    how: Literal["shorter", "warmer", "plainer"]


class Varied(BaseModel):
    """The message put otherwise; the same text when that cannot be had."""

    text: str


@router.post(
    "/lint",
    summary="Look over a message",
    response_model_exclude_unset=True,
    responses=documented(200, {"warnings": [WARNING]}, 404, *WRITE),
)
async def lint(given: MessageGiven, parts: In, user: User) -> Warnings:
    """Find what in a message may land badly, say why, and offer another way to put it. Nothing is kept.

    With a language model it looks as well, for at most eight seconds; what the coach finds by itself is always there.
    """
    warnings = list(await anyio.to_thread.run_sync(parts.lint, given.text, given.purpose))
    if parts.reviewer is not None and parts.reviewer.on and not given.quick:
        await parts.journal.begin(user)
        people = await parts.journal.people(user)
        names = found(given.text, [each.name for each in people])
        looked = Looked(user, given.text, given.purpose, given.channel, people, names)
        warnings = list(await parts.reviewer.review(looked, warnings))
    if given.draft_id is not None:
        draft = await parts.journal.draft(user, given.draft_id)
        draft = replace(draft, purpose=given.purpose, channel=given.channel or draft.channel)
        better = await outbox.better_said(parts, user, draft)
        return Warnings(warnings=warnings, better_said=better, share=share(given.text, draft.suggested))
    if given.channel is not None:
        return Warnings(warnings=warnings, better_said=variants.better_said(given.purpose, given.channel))
    return Warnings(warnings=warnings)


@router.post("/vary", summary="Put a message otherwise", responses=documented(200, {"text": "Thanks."}, *WRITE))
async def vary(given: Wanted, parts: In) -> Varied:
    """Make a message shorter, warmer or plainer. Blanks in brackets are for the user alone. Nothing is kept."""
    return Varied(
        text=await anyio.to_thread.run_sync(variants.varied, given.text, given.purpose, given.how, parts.texts)
    )
