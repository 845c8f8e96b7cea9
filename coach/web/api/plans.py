"""Plans, and what came of their steps."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from coach.domain.commitments import Commitment
from coach.domain.moments import Landed
from coach.domain.plans import Outcome, RepairPlan
from coach.web import routers
from coach.web.api.documents import COMMITMENT, OUTCOME, OUTCOME_GIVEN, PLAN, READ, TEXT, WRITE, documented
from coach.web.api.fields import Body, Id, Note, Text, YesNo, example
from coach.web.api.tapped import TapsGiven
from coach.web.outcomes import note_outcome, take_on
from coach.web.parts import In, User

router = routers.of_api("Plans")


class PlanAsked(Body, json_schema_extra=example({"person_id": "p-1", "text": TEXT})):
    """Whom a plan is for."""

    person_id: Id
    text: Text | None = Field(None, description="What happened; it is looked over for harm, and never interpreted.")
    taps: TapsGiven | None = Field(None, description="What was tapped; left out: from the journal alone.")


class OutcomeGiven(Body, json_schema_extra=example(OUTCOME_GIVEN)):
    """What came of a step."""

    happened: YesNo = Field(description="Whether the step was done.")
    note: Note | None = Field(None, description="What they did.")
    landed: Landed | None = Field(None, description="How it landed on them.")


class CommitmentGiven(Body, json_schema_extra=example({"due": "2024-05-08"})):
    """A step to take on."""

    due: date | None = Field(None, description="The day it is for; left out: the step's own.")


class Commitments(BaseModel):
    """A list of commitments."""

    commitments: list[Commitment]


class Plans(BaseModel):
    """A list of plans."""

    plans: list[RepairPlan]


@router.post("/plans", status_code=201, summary="Make a plan", responses=documented(201, PLAN, 404, *WRITE))
async def make(asked: PlanAsked, parts: In, user: User) -> RepairPlan:
    """Make a plan for a colleague, from what is said and from the journal, and keep it."""
    return await parts.conversation.plan(
        user, asked.person_id, parts.clock(), asked.text, asked.taps.taps() if asked.taps else None
    )


@router.get("/plans", summary="List plans", responses=documented(200, {"plans": [PLAN]}, 404, *READ))
async def listed(
    parts: In, user: User, person_id: Annotated[str | None, Query(description="Only plans about this person.")] = None
) -> Plans:
    """Plans, newest first."""
    if person_id is not None:
        await parts.journal.person(user, person_id)
    return Plans(plans=list(reversed(await parts.journal.plans(user, person_id))))


@router.get("/plans/{plan_id}", summary="Read a plan", responses=documented(200, PLAN, 404, *READ))
async def one(plan_id: str, parts: In, user: User) -> RepairPlan:
    """One plan."""
    return await parts.journal.plan(user, plan_id)


@router.post(
    "/steps/{step_id}/outcome",
    status_code=201,
    summary="Say what came of a step",
    responses=documented(201, OUTCOME, 404, *WRITE),
)
async def outcome(step_id: str, given: OutcomeGiven, parts: In, user: User) -> Outcome:
    """Note whether a step was done, what they did and how it landed. Noted again, the later one holds.

    With `landed`, the step becomes a moment; the plan goes on, rests or ends as its stop rule says.
    """
    noted = Outcome(step_id=step_id, noted_at=parts.clock(), **given.model_dump())
    await note_outcome(parts.journal, user, noted)
    return noted


@router.post(
    "/steps/{step_id}/commitment",
    status_code=201,
    summary="Take a step on",
    responses=documented(201, COMMITMENT, 404, *WRITE),
)
async def take(step_id: str, given: CommitmentGiven, parts: In, user: User) -> Commitment:
    """Take a step on for a day; taken on again, the later day holds."""
    return await take_on(parts.journal, user, step_id, given.due, parts.clock())


@router.get(
    "/commitments", summary="List open commitments", responses=documented(200, {"commitments": [COMMITMENT]}, *READ)
)
async def open_commitments(parts: In, user: User) -> Commitments:
    """The steps that were taken on and are still open, by day."""
    found = sorted(await parts.journal.commitments(user), key=lambda each: each.due)
    return Commitments(commitments=found)
