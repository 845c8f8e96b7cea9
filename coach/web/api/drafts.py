"""Drafts: messages someone works on, from a plan or their own. The coach sends nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from coach.domain.drafts import Draft, Purpose
from coach.domain.moments import Channel, Landed
from coach.messages.variants import blanks, share
from coach.web import outbox, routers
from coach.web.api.documents import DRAFT, READ, WRITE, documented
from coach.web.api.fields import UNCHANGED, Body, Id, Name, Text, example
from coach.web.etags import Match, changed, tagged
from coach.web.parts import In, Parts, User

router = routers.of_api("Messages", "/drafts")


class DraftGiven(Body, json_schema_extra=example({"plan_id": "plan-1", "channel": "chat"})):
    """What a draft begins with: a plan's message, or words of the user's own."""

    plan_id: Id | None = Field(None, description="Begin with the message that goes with this plan.")
    text: Text | None = Field(None, description="Or begin with these words.")
    purpose: Purpose = Purpose.OTHER
    channel: Channel = Channel.CHAT
    person_id: Id | None = None

    @model_validator(mode="after")
    def _either(self) -> DraftGiven:
        if (self.plan_id is None) == (self.text is None):
            raise PydanticCustomError("either", "give plan_id or text")
        return self


class DraftChanged(Body, json_schema_extra=example({"text": "Tom, I named you in front of everyone."})):
    """What to change; fields that are left out stay as they are."""

    text: Text = UNCHANGED
    purpose: Purpose = UNCHANGED
    channel: Channel = UNCHANGED
    person_id: Id | None = None


class Sent(Body, json_schema_extra=example({"who": "Tom", "landed": "helped"})):
    """That a message was sent."""

    who: Name | None = Field(None, description="The name of who got it, when the draft has no person.")
    landed: Landed | None = Field(None, description="How it landed; left out: not known yet.")


class DraftShown(BaseModel):
    """A draft, with what can be said of it. `share` is how much of it is the coach's wording, from 0 to 1."""

    id: str
    created_at: datetime
    purpose: Purpose
    channel: Channel
    text: str
    person_id: str | None
    plan_id: str | None
    sent_at: datetime | None
    suggested: str
    blanks: list[str]
    share: float
    better_said: bool


class Drafts(BaseModel):
    """A list of drafts."""

    drafts: list[DraftShown]


@router.get("", summary="List drafts", responses=documented(200, {"drafts": [DRAFT]}, 404, *READ))
async def listed(
    parts: In, user: User, person_id: Annotated[str | None, Query(description="Only those to this person.")] = None
) -> Drafts:
    """Every draft, newest first."""
    if person_id is not None:
        await parts.journal.person(user, person_id)
    found = reversed(await parts.journal.drafts(user, person_id))
    return Drafts(drafts=[await _shown(parts, user, each) for each in found])


@router.post("", status_code=201, summary="Begin a draft", responses=documented(201, DRAFT, 404, *WRITE))
async def add(given: DraftGiven, parts: In, user: User) -> DraftShown:
    """Begin with the message of a plan, its blanks for the user to fill, or with words of one's own. It is kept."""
    if given.plan_id is not None:
        draft = await outbox.from_plan(parts, user, given.plan_id, given.channel)
    else:
        text = given.text or ""
        draft = Draft(parts.new_id(), parts.clock(), given.purpose, given.channel, text, given.person_id)
        await parts.journal.keep_draft(user, draft)
    return await _shown(parts, user, draft)


@router.get("/{draft_id}", summary="Read a draft", responses=documented(200, DRAFT, 404, *READ))
async def one(draft_id: str, parts: In, user: User, response: Response) -> DraftShown:
    """One draft."""
    return await _shown(parts, user, tagged(await parts.journal.draft(user, draft_id), response))


@router.patch("/{draft_id}", summary="Change a draft", responses=documented(200, DRAFT, 404, *WRITE))
async def change(
    draft_id: str, given: DraftChanged, parts: In, user: User, response: Response, match: Match = None
) -> DraftShown:
    """Keep what the user has made of a draft; fields that are not named stay."""
    fields: dict[str, Any] = given.model_dump(exclude_unset=True)
    return await _shown(parts, user, await changed(parts, user, Draft, draft_id, fields, match, response))


@router.post("/{draft_id}/sent", summary="Say that a draft was sent", responses=documented(200, DRAFT, 404, *WRITE))
async def sent(draft_id: str, given: Sent, parts: In, user: User) -> DraftShown:
    """Note that it was sent; once it is known how it landed, it is a moment in the journal."""
    draft = await outbox.sent(parts, user, await parts.journal.draft(user, draft_id), given.who, given.landed)
    return await _shown(parts, user, draft)


@router.delete("/{draft_id}", status_code=204, summary="Erase a draft", responses=documented(204, None, 404, *WRITE))
async def forget(draft_id: str, parts: In, user: User) -> None:
    """Erase a draft. A moment that came of it stays."""
    await parts.journal.forget_draft(user, draft_id)


async def _shown(parts: Parts, user: str, draft: Draft) -> DraftShown:
    fields = {name: getattr(draft, name) for name in DraftShown.model_fields if hasattr(draft, name)}
    better = await outbox.better_said(parts, user, draft)
    return DraftShown(
        **fields, blanks=list(blanks(draft.text)), share=share(draft.text, draft.suggested), better_said=better
    )
