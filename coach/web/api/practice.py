"""Practising a plan's sentence, and the event told from the other side. Both need a language model; neither is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from anyio import to_thread
from pydantic import Field

from coach.domain.plans import RepairPlan, Step
from coach.domain.readings import Level, Route
from coach.domain.sent import Errand
from coach.errors import BadInput
from coach.messages import practice
from coach.messages.practice import Exercise, OtherTelling, Said
from coach.ports import LanguageModel
from coach.safety import floor
from coach.web import routers
from coach.web.api.documents import EXERCISE, TELLING, WRITE, documented
from coach.web.api.fields import Body, Id, example
from coach.web.outcomes import step_of
from coach.web.parts import In, Parts, User

router = routers.of_api("Plans")

LONGEST = 600
"""Characters of a sentence that is practised."""


class Aimed(Body):
    """Which step it is about; its first one where none is named."""

    step_id: Annotated[Id | None, Field(description="A step of the plan; without one, its first.")] = None

    def step(self, plan: RepairPlan) -> Step:
        """Return the step. Raises NotFound."""
        return step_of(plan, self.step_id) if self.step_id else plan.steps[0]


class Practised(Aimed, json_schema_extra=example({"said": "I named you in front of the others."})):
    """What is practised; ``before`` and ``heard`` go on from an earlier answer."""

    said: Annotated[str, Field(min_length=1, max_length=LONGEST, description="The sentence, as it would be said.")]
    before: Annotated[str, Field(max_length=LONGEST, description="What was said in the round before.")] = ""
    heard: Annotated[str, Field(max_length=LONGEST, description="The answer that is gone on from.")] = ""


@router.post(
    "/plans/{plan_id}/exercise", summary="Practise a sentence", responses=documented(200, EXERCISE, 404, *WRITE)
)
async def exercise(plan_id: str, given: Practised, parts: In, user: User) -> Exercise:
    """Three answers somebody could give (willing, short, angry), made up, and a word on the user's own sentence."""
    plan = await parts.journal.plan(user, plan_id)
    read = await to_thread.run_sync(lambda: floor.read(given.said, parts.knowledge))
    if read.route in {Route.GET_HELP, Route.DECLINE, Route.DOUBT}:
        raise BadInput(parts.texts.render("no_plan.fixed", route=read.route.value))
    model = await _model(parts, user, plan, "exercise")
    said = Said(given.said, given.before, given.heard)
    return await practice.practise(model, plan, given.step(plan), said, parts.texts, _deadline(parts))


@router.post(
    "/plans/{plan_id}/other-side", summary="Hear the other side", responses=documented(200, TELLING, 404, *WRITE)
)
async def other_side(plan_id: str, given: Aimed, parts: In, user: User) -> OtherTelling:
    """The event as the other might tell it, made up and hedged, and whether the step is right in both."""
    plan = await parts.journal.plan(user, plan_id)
    model = await _model(parts, user, plan, "other_side")
    return await practice.other_side(model, plan, given.step(plan), parts.texts, _deadline(parts))


async def _model(parts: Parts, user: str, plan: RepairPlan, why: str) -> LanguageModel:
    """Return the language model. Raises BadInput where there is none, or where it may do nothing."""
    if parts.language_models is None or parts.level is Level.ASKS:
        raise BadInput(parts.texts.render("practice/without.fixed"))
    people = await parts.journal.people(user)
    turn = next((each.turn_id for each in plan.seen if each.turn_id), "")
    return parts.language_models.bound(Errand(user, turn, why, whole=True), people, ())


def _deadline(parts: Parts) -> datetime:
    return parts.clock() + timedelta(seconds=parts.settings.llm_timeout_s)
