"""People: the colleagues in a journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import anyio.to_thread
from fastapi import Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from coach.domain.moments import Moment
from coach.domain.people import Celebration, Person, Relation, Standing, there_is
from coach.domain.plans import Finding
from coach.web import routers
from coach.web.api.documents import FINDING, PERSON, PERSON_GIVEN, READ, WRITE, documented
from coach.web.api.fields import UNCHANGED, Body, Days, Months, Name, Note, YesNo, example
from coach.web.etags import Match, changed, tagged
from coach.web.parts import In, Parts, User

router = routers.of_api("People", "/people")


class DayGiven(Body):
    """A day that comes back every year."""

    label: Name
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]

    @model_validator(mode="after")
    def _there(self) -> DayGiven:
        if not there_is(self.month, self.day):
            raise PydanticCustomError("no_such_day", "no such day")
        return self


class PersonGiven(Body, json_schema_extra=example(PERSON_GIVEN)):
    """A colleague to add."""

    name: Name
    role: Name | None = None
    relation: Relation | None = None
    remote: YesNo | None = Field(None, description="Whether they work elsewhere; null: nobody has said.")
    matters: Note | None = Field(None, description="What matters to them.")
    plate: Note | None = Field(None, description="What they have on their plate now.")
    beyond: Note | None = Field(None, description="What is known of them beyond work.")
    standing: Standing | None = Field(None, description="How you find the relationship just now.")
    celebrations: list[DayGiven] = Field([], description="Days that come back every year.", max_length=50)
    ideal_days: Days | None = Field(None, description="How often you would like to be in touch, in days.")
    longest_days: Days | None = Field(None, description="The longest you would leave it, in days.")
    keep_months: Months | None = Field(None, description="What is older than so many months is erased.")

    def known(self, now: datetime) -> dict[str, Any]:
        """Return the fields that were given, as a person has them, with the day of those that go stale."""
        fields: dict[str, Any] = self.model_dump(exclude_unset=True)
        if "celebrations" in fields:
            fields["celebrations"] = tuple(Celebration(**day) for day in fields["celebrations"])
        for name in ("plate", "standing"):
            if name in fields:
                fields[f"{name}_noted_at"] = now if fields[name] else None
        return fields


class PersonChanged(PersonGiven, json_schema_extra=example({"role": "head of quality"})):
    """What to change; fields that are left out stay as they are."""

    name: Name = UNCHANGED


class People(BaseModel):
    """A list of people."""

    people: list[Person]


class Findings(BaseModel):
    """What the moments with a person show."""

    findings: list[Finding]


@router.get("", summary="List people", responses=documented(200, {"people": [PERSON]}, *READ))
async def listed(parts: In, user: User) -> People:
    """Everyone in the journal, in the order they were added."""
    return People(people=list(await parts.journal.people(user)))


@router.post("", status_code=201, summary="Add a person", responses=documented(201, PERSON, *WRITE))
async def add(given: PersonGiven, parts: In, user: User) -> Person:
    """Add a colleague. Two people may have the same name."""
    now = parts.clock()
    person = Person(id=parts.new_id(), created_at=now, **given.known(now))
    await parts.journal.add_person(user, person)
    return person


@router.get("/{person_id}", summary="Read a person", responses=documented(200, PERSON, 404, *READ))
async def one(person_id: str, parts: In, user: User, response: Response) -> Person:
    """One colleague."""
    return tagged(await parts.journal.person(user, person_id), response)


@router.patch("/{person_id}", summary="Change a person", responses=documented(200, PERSON, 404, *WRITE))
async def change(
    person_id: str, given: PersonChanged, parts: In, user: User, response: Response, match: Match = None
) -> Person:
    """Change what is known of a colleague; null clears a field, and fields that are not named stay."""
    return await changed(parts, user, Person, person_id, given.known(parts.clock()), match, response)


@router.delete("/{person_id}", status_code=204, summary="Erase a person", responses=documented(204, None, 404, *WRITE))
async def forget(person_id: str, parts: In, user: User) -> None:
    """Erase a colleague and all that is about them: moments, plans, drafts, and turns that told of them."""
    await parts.journal.forget_person(user, person_id)
    parts.undo.forget(user)


@router.get(
    "/{person_id}/findings",
    summary="What the moments with a person show",
    responses=documented(200, {"findings": [FINDING]}, 404, *READ),
)
async def findings(person_id: str, parts: In, user: User) -> Findings:
    """Patterns in the moments with one colleague, each with its moments. Fewer than three moments: too few to say."""
    return Findings(findings=list(await found(parts, user, await parts.journal.person(user, person_id))))


async def found(parts: Parts, user: str, person: Person, moments: Sequence[Moment] | None = None) -> Sequence[Finding]:
    """Return the findings in moments with a person (None: in all), worked out away from the event loop."""
    moments = await parts.journal.moments(user, person.id) if moments is None else moments
    return await anyio.to_thread.run_sync(parts.findings, person, moments, parts.clock())
