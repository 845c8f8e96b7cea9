"""One plan on a page of its own, where its steps are given a day and get their outcomes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Request
from pydantic import StringConstraints
from starlette.responses import HTMLResponse, Response

from coach.domain.commitments import Commitment
from coach.domain.moments import Channel, Landed, Moment
from coach.domain.plans import Outcome, RepairPlan
from coach.noticing.follow_ups import LANDED, Came, Following, Then
from coach.web import routers
from coach.web.api.fields import Id, Note
from coach.web.outcomes import DONE, change_step, hand_back, note_outcome, step_of, take_on
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts, User
from coach.web.renderer import as_markdown, back_to, day, fragment, page, part_or_back, wants_part

router = routers.of_pages()

_LOOKED_AT = 200
"""So many of a person's newest moments are looked through for those of a plan."""


class OutcomeForm(Form):
    """What came of a step: ``came`` by one button, else ``happened`` and ``landed``. ``back``: where it was told."""

    plan_id: Id | None = None
    came: Came | None = None
    happened: Literal["yes", "no"] | None = None
    note: Note | None = None
    landed: Landed | None = None
    back: Literal["today"] | None = None

    def outcome(self, step_id: str, parts: Parts) -> Outcome:
        """Return what is noted of the step."""
        if self.came is None:
            return Outcome(step_id, self.happened == "yes", parts.clock(), self.note, self.landed)
        landed = LANDED.get(self.came)
        return Outcome(step_id, landed is not None, parts.clock(), self.note, landed)


class TakeForm(Form):
    """The day on which the user means to take a step. ``ref``: which card on the page it was pressed on."""

    due: date | None = None
    ref: Id | None = None


class ChangeForm(Form):
    """A step's day, channel and words, as the user would rather have them."""

    due: date
    channel: Channel | Literal["any"]
    say: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    ref: Id | None = None


@router.get("/plans/{plan_id}")
async def one(
    plan_id: str, request: Request, parts: In, user: User, then: Then | None = None, on: date | None = None
) -> HTMLResponse:
    """A plan, its commitments, and what came of its steps."""
    plan = await parts.journal.plan(user, plan_id)
    person = await parts.journal.person(user, plan.person_id) if plan.person_id else None
    return page(
        request,
        "plan.html",
        "people" if person else "chat",
        plan=plan,
        person=person,
        outcomes={each.step_id: each for each in await parts.journal.outcomes(user, plan_id)},
        commitments={each.id: each for each in await parts.journal.commitments(user, plan_id) if each.open},
        followed=told(parts, plan, then, on),
        moments=await _moments_of(parts, user, plan),
    )


@router.get("/plans/{plan_id}/plan.md")
async def as_file(plan_id: str, parts: In, user: User) -> Response:
    """A plan as Markdown."""
    plan = await parts.journal.plan(user, plan_id)
    return as_markdown(
        "plan.md",
        plan=plan,
        person=await parts.journal.person(user, plan.person_id) if plan.person_id else None,
        outcomes={each.step_id: each for each in await parts.journal.outcomes(user, plan_id)},
        commitments={each.id: each for each in await parts.journal.commitments(user, plan_id) if each.open},
    )


async def _moments_of(parts: Parts, user: str, plan: RepairPlan) -> list[Moment]:
    """Return the moments of a plan, oldest first: what it rests on, what was kept with it, what its steps became."""
    if plan.person_id is None:
        return []
    ids = {it.moment_id for it in plan.seen} | {id_ for it in plan.findings if it.pattern for id_ in it.moments}
    ids |= {step.id + DONE for step in plan.steps}
    turns = {it.turn_id for it in plan.seen if it.turn_id}
    theirs = await parts.journal.moments(user, plan.person_id, _LOOKED_AT)
    return [it for it in theirs if it.id in ids or (it.turn_id and it.turn_id in turns)]


@router.post("/steps/{step_id}/outcome")
async def outcome(step_id: str, form: Posted[OutcomeForm], request: Request, parts: In, user: User) -> Response:
    """Note what came of a step; the page it came from says what follows."""
    following = await note_outcome(parts.journal, user, form.outcome(step_id, parts), form.came)
    plan = await parts.journal.plan_with(user, step_id)
    query, today = _query(following), form.back == "today"
    there = f"/today?plan={plan.id}&{query}" if today else f"/plans/{plan.id}?{query}#step-{step_id}"
    return part_or_back(request, "_noted.html", there, plan=plan)


@router.post("/steps/{step_id}/take")
async def take(step_id: str, form: Posted[TakeForm], request: Request, parts: In, user: User) -> Response:
    """Take a step on."""
    made = await take_on(parts.journal, user, step_id, form.due, parts.clock())
    return _taken(request, await parts.journal.plan(user, made.plan_id), step_id, made, form.ref)


@router.post("/steps/{step_id}/change")
async def change(step_id: str, form: Posted[ChangeForm], request: Request, parts: In, user: User) -> Response:
    """Change a step's day, channel and words in place."""
    plan = await change_step(parts.journal, user, step_id, form.due, form.channel, form.say, parts.clock())
    if wants_part(request):
        step, outcomes = step_of(plan, step_id), await parts.journal.outcomes(user, plan.id)
        taken = next((it for it in await parts.journal.commitments(user, plan.id) if it.id == step_id), None)
        values = {"commitment": taken, "done": bool(outcomes), "ref": form.ref or step_id, "fresh": True}
        return HTMLResponse(fragment("_first.html", step=step, **values))
    return back_to(f"/plans/{plan.id}#step-{step_id}")


@router.post("/steps/{step_id}/hand-back")
async def give_back(step_id: str, form: Posted[TakeForm], request: Request, parts: In, user: User) -> Response:
    """Take a step off the list."""
    await hand_back(parts.journal, user, step_id, parts.clock())
    return _taken(request, await parts.journal.plan_with(user, step_id), step_id, None, form.ref)


def _taken(request: Request, plan: RepairPlan, step_id: str, taken: Commitment | None, ref: str | None) -> Response:
    if not wants_part(request):
        return back_to(f"/plans/{plan.id}#step-{step_id}")
    values = {"commitment": taken, "step": step_of(plan, step_id), "ref": ref or step_id, "fresh": True}
    return HTMLResponse(fragment("_take.html", **values))


def _query(following: Following) -> str:
    on = following.due or following.rest_until
    return f"then={following.then}" + (f"&on={on}" if on else "")


def told(parts: Parts, plan: RepairPlan, then: Then | None, on: date | None) -> str | None:
    """Return the sentence that says what follows."""
    if then is None or (on is None and then not in {Then.FINISHED, Then.LET_GO}):
        return None
    return parts.texts.render(
        "followed.fixed",
        then=then.value,
        day=day(on) if on else "",
        badly=plan.if_it_goes_badly,
        stop_rule=plan.stop_rule,
    )
