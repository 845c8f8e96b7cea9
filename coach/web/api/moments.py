"""Moments: small interactions, kept when the user confirms them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import anyio.to_thread
from fastapi import Query, Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.searches import Search, words_of
from coach.domain.workdays import midnight
from coach.errors import BadInput
from coach.reading import notes
from coach.reading.notes import Note
from coach.web import routers
from coach.web.api.documents import MOMENT, MOMENT_GIVEN, READ, READ_FROM_WORDS, WRITE, documented
from coach.web.api.fields import UNCHANGED, Body, Id, Name, Text, Time, example
from coach.web.api.fields import Note as What
from coach.web.etags import Match, changed, tagged
from coach.web.namesakes import adopt, called
from coach.web.parts import In, User, if_there

router = routers.of_api("Moments", "/moments")


class MomentGiven(Body, json_schema_extra=example(MOMENT_GIVEN)):
    """A moment to keep."""

    person_id: Id | None = Field(None, description="Somebody in the journal; or leave it out and give `who`.")
    who: Name | None = Field(None, description="The name of somebody, who is added to the journal when they are new.")
    id: Id | None = Field(None, description="An id of your own: the same moment sent twice is kept once.")
    happened_at: Time | None = Field(None, description="ISO 8601; left out: now.")
    channel: Channel
    by: By = Field(description="Who acted.")
    what: What = Field(description="What was seen or heard.")
    landed: Landed = Field(description="How it landed on the one who received it.")
    turn_id: Id | None = Field(None, description="The turn that proposed it, if one did.")

    @model_validator(mode="after")
    def _somebody(self) -> MomentGiven:
        if (self.person_id is None) == (self.who is None):
            raise PydanticCustomError("somebody", "give person_id or who")
        return self


class Words(Body, json_schema_extra=example({"text": "Tom thanked me in the meeting"})):
    """Words to read."""

    text: Text
    me: Name | None = Field(None, description="Which sender of a pasted thread is the user.")


class Read(BaseModel):
    """Moments to confirm; `by`, `landed` and `channel` are null and `who` empty when nobody said."""

    moments: list[Note]
    senders: list[str] = Field(description="Those who write in a pasted thread.")
    me: str = Field(description="Which of them is the user, as far as known.")
    left_out: int = Field(description="How many messages held nothing to note.")


class MomentChanged(Body, json_schema_extra=example({"channel": "email"})):
    """What to change; fields that are left out stay as they are."""

    person_id: Id = UNCHANGED
    happened_at: Time = UNCHANGED
    channel: Channel = UNCHANGED
    by: By = UNCHANGED
    what: What = UNCHANGED
    landed: Landed = UNCHANGED


class Moments(BaseModel):
    """A list of moments, oldest first."""

    moments: list[Moment]


@router.get("", summary="List moments", responses=documented(200, {"moments": [MOMENT]}, 404, *READ))
async def listed(
    parts: In,
    user: User,
    person_id: Annotated[str | None, Query(description="Only moments with this person: all of them.")] = None,
    q: Annotated[str, Query(max_length=200, description="Words that what happened or a name must hold.")] = "",
    since: Annotated[date | None, Query(alias="from", description="From this day on.")] = None,
    until: Annotated[date | None, Query(alias="to", description="Up to and with this day.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="So many of the newest; with a person alone: all.")] = 100,
) -> Moments:
    """Moments, oldest first: all with one person, or the newest with anyone, that hold every word, between two days."""
    if person_id is not None:
        await parts.journal.person(user, person_id)
        if not (q or since or until):
            return Moments(moments=list(await parts.journal.moments(user, person_id)))
    words = words_of(q, await parts.journal.people(user)) if q else ()
    search = Search(words, person_id, since=midnight(since), until=midnight(until, 1))
    return Moments(moments=list(reversed((await parts.journal.search_moments(user, search, limit)).moments)))


@router.post("", status_code=201, summary="Keep a moment", responses=documented(201, MOMENT, 404, *WRITE))
async def add(given: MomentGiven, parts: In, user: User) -> Moment:
    """Keep a moment with someone who is in the journal."""
    now = parts.clock()
    if given.id is not None and (there := await if_there(parts.journal.moment(user, given.id))):
        return there
    person_id = given.person_id or (await called(parts, user, given.who or "", now)).id
    fields = given.model_dump(exclude={"who", "id"}) | {"happened_at": given.happened_at or now, "person_id": person_id}
    moment = Moment(id=given.id or parts.new_id(), noted_at=now, **fields)
    try:
        await parts.journal.add_moment(user, moment)
    except BadInput:  # two who sent it at the same time
        if there := await if_there(parts.journal.moment(user, moment.id)):
            return there
        raise
    if moment.turn_id is not None:
        person = await parts.journal.person(user, moment.person_id)
        await adopt(parts.journal, user, await parts.journal.turn(user, moment.turn_id), person)
    return moment


@router.post("/read", summary="Read moments from words", responses=documented(200, READ_FROM_WORDS, *WRITE))
async def read(given: Words, parts: In, user: User) -> Read:
    """Find the moments in a sentence or a pasted mail or chat thread, to be confirmed. Nothing is kept."""
    known = await parts.journal.people(user)
    today = parts.clock().astimezone().date()
    noted = await anyio.to_thread.run_sync(notes.noted, given.text, known, today, parts.texts, given.me or "")
    return Read(moments=list(noted.notes), **{name: getattr(noted, name) for name in ("senders", "me", "left_out")})


@router.get("/{moment_id}", summary="Read a moment", responses=documented(200, MOMENT, 404, *READ))
async def one(moment_id: str, parts: In, user: User, response: Response) -> Moment:
    """One moment."""
    return tagged(await parts.journal.moment(user, moment_id), response)


@router.patch("/{moment_id}", summary="Change a moment", responses=documented(200, MOMENT, 404, *WRITE))
async def change(
    moment_id: str, given: MomentChanged, parts: In, user: User, response: Response, match: Match = None
) -> Moment:
    """Mend a moment that was noted wrongly; fields that are not named stay."""
    fields: dict[str, Any] = given.model_dump(exclude_unset=True)
    return await changed(parts, user, Moment, moment_id, fields, match, response)


@router.delete("/{moment_id}", status_code=204, summary="Erase a moment", responses=documented(204, None, 404, *WRITE))
async def forget(moment_id: str, parts: In, user: User) -> None:
    """Erase a moment, and its quotes in plans."""
    await parts.journal.forget_moment(user, moment_id)
