"""Moments: small interactions, kept when the user confirms them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from coach.domain.moments import By, Channel, Landed, Moment
from coach.web.adopting import adopt
from coach.web.api.documents import READ, WRITE, documented
from coach.web.api.examples import MOMENT, MOMENT_GIVEN
from coach.web.api.fields import UNCHANGED, Body, Id, Note, Time
from coach.web.parts import In, User

router = APIRouter(prefix="/moments", tags=["Moments"])


class MomentGiven(Body):
    """A moment to keep."""

    model_config = ConfigDict(json_schema_extra={"examples": [MOMENT_GIVEN]})

    person_id: Id
    happened_at: Time | None = Field(None, description="ISO 8601; left out: now.")
    channel: Channel
    by: By = Field(description="Who acted.")
    what: Note = Field(description="What was seen or heard.")
    landed: Landed = Field(description="How it landed on the one who received it.")
    turn_id: Id | None = Field(None, description="The turn that proposed it, if one did.")


class MomentChanged(Body):
    """What to change; fields that are left out stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"channel": "email"}]})

    person_id: Id = UNCHANGED
    happened_at: Time = UNCHANGED
    channel: Channel = UNCHANGED
    by: By = UNCHANGED
    what: Note = UNCHANGED
    landed: Landed = UNCHANGED


class Moments(BaseModel):
    """A list of moments, oldest first."""

    moments: list[Moment]


@router.get("", summary="List moments", responses=documented(200, {"moments": [MOMENT]}, 404, *READ))
async def listed(
    parts: In,
    user: User,
    person_id: Annotated[str | None, Query(description="Only moments with this person: all of them.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Without a person: so many of the newest.")] = 100,
) -> Moments:
    """Moments, oldest first: all with one person, or the newest with anyone."""
    if person_id is None:
        return Moments(moments=list(await parts.journal.recent_moments(user, limit)))
    await parts.journal.person(user, person_id)
    return Moments(moments=list(await parts.journal.moments(user, person_id)))


@router.post("", status_code=201, summary="Keep a moment", responses=documented(201, MOMENT, 404, *WRITE))
async def add(given: MomentGiven, parts: In, user: User) -> Moment:
    """Keep a moment with somebody who is in the journal."""
    now = parts.clock()
    fields = given.model_dump() | {"happened_at": given.happened_at or now}
    moment = Moment(id=parts.new_id(), noted_at=now, **fields)
    await parts.journal.add_moment(user, moment)
    if moment.turn_id is not None:
        person = await parts.journal.person(user, moment.person_id)
        await adopt(parts.journal, user, await parts.journal.turn(user, moment.turn_id), person)
    return moment


@router.get("/{moment_id}", summary="Read a moment", responses=documented(200, MOMENT, 404, *READ))
async def one(moment_id: str, parts: In, user: User) -> Moment:
    """One moment."""
    return await parts.journal.moment(user, moment_id)


@router.patch("/{moment_id}", summary="Change a moment", responses=documented(200, MOMENT, 404, *WRITE))
async def change(moment_id: str, given: MomentChanged, parts: In, user: User) -> Moment:
    """Mend a moment that was noted wrongly."""
    changes: dict[str, Any] = given.model_dump(exclude_unset=True)
    moment = replace(await parts.journal.moment(user, moment_id), **changes)
    await parts.journal.change_moment(user, moment)
    return moment


@router.delete("/{moment_id}", status_code=204, summary="Erase a moment", responses=documented(204, None, 404, *WRITE))
async def forget(moment_id: str, parts: In, user: User) -> None:
    """Erase a moment, and its quotes in plans."""
    await parts.journal.forget_moment(user, moment_id)
