"""One plan on a page of its own, where its steps get their outcomes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi import Form as FromForm
from starlette.responses import HTMLResponse, Response

from coach.domain.moments import Landed
from coach.domain.plans import Outcome
from coach.web.api.fields import Id, Note
from coach.web.pages.forms import Form
from coach.web.pages.rendering import back_to, page
from coach.web.parts import In, User

router = APIRouter()


class OutcomeForm(Form):
    """What came of a step."""

    plan_id: Id
    happened: Literal["yes", "no"]
    note: Note | None = None
    landed: Landed | None = None


@router.get("/plans/{plan_id}")
async def one(plan_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """A plan and what came of its steps."""
    plan = await parts.journal.plan(user, plan_id)
    person = await parts.journal.person(user, plan.person_id) if plan.person_id else None
    outcomes = {each.step_id: each for each in await parts.journal.outcomes(user, plan_id)}
    return page(request, "plan.html", "people" if person else "chat", plan=plan, person=person, outcomes=outcomes)


@router.post("/steps/{step_id}/outcome")
async def outcome(step_id: str, form: Annotated[OutcomeForm, FromForm()], parts: In, user: User) -> Response:
    """Note what came of a step."""
    noted = Outcome(step_id, form.happened == "yes", parts.clock(), form.note, form.landed)
    await parts.journal.add_outcome(user, noted)
    return back_to(f"/plans/{form.plan_id}#step-{step_id}")
