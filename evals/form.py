"""The form of a plan and its reply: what must be there, of which type, how small and how short. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from coach.domain.moments import Channel
from coach.domain.plans import RepairPlan, Step
from coach.domain.principles import Principle
from evals.gates import Shown
from evals.phrases import RATIO, SORRY_IF
from evals.words import count, own_words

MOST_BESIDE_A_PLAN = 120
MOST_WITHOUT_A_PLAN = 250
FIRST_STEP_MINUTES = 10
FIRST_STEP_DAYS = 7
_EMPTY_ALLOWED = {
    "seen",
    "guessed",
    "findings",
    "caution",
    "person_id",
    "moment_id",
    "turn_id",
    "pattern",
    "moments",
    "scene",
    "swap",
}
_SLOT = re.compile(r"\{\w*\}|\{\{|\}\}|\bNone\b|\bundefined\b")


def faults(shown: Shown, now: datetime, cards: Mapping[str, Principle], *, plan_due: bool) -> list[str]:
    """Return what is wrong with the form of a turn, in short words; nothing: it passes.

    ``plan_due``: the message is in scope, so that there must be a plan.
    """
    plan = shown.plan
    found = []
    if not shown.reply.strip():
        found.append("no reply")
    most = MOST_BESIDE_A_PLAN if plan else MOST_WITHOUT_A_PLAN
    if count(shown.reply) > most:
        found.append(f"reply over {most} words")
    said = "\n".join((shown.reply, *(own_words(plan) if plan else ())))
    for name, pattern in (("sorry if", SORRY_IF), ("ratio", RATIO), ("open slot", _SLOT)):
        if pattern.search(said):
            found.append(name)
    if plan:
        found += list(_typed(plan, RepairPlan, "plan")) or [*_plan(plan, now), *_citations(plan, cards)]
    elif plan_due:
        found.append("no plan")
    return found


def _plan(plan: RepairPlan, now: datetime) -> Iterator[str]:
    if not 1 <= len(plan.steps) <= 3:
        yield f"{len(plan.steps)} steps"
    if not 2 <= len(plan.readings) <= 3:
        yield f"{len(plan.readings)} readings"
    if not any(reading.user_had_part for reading in plan.readings):
        yield "no reading where the user had a part"
    if not plan.missing.question.rstrip("\"'”’ ").endswith("?"):
        yield "missing is no question"
    if any(not guess.question.rstrip("\"'”’ ").endswith("?") for guess in plan.guessed):
        yield "a guess is no question"
    if not re.search(r"\bif\b.+\bthen\b", plan.if_it_goes_badly, re.IGNORECASE | re.DOTALL):
        yield "if_it_goes_badly has no if-then"
    if not plan.unknowns:
        yield "no unknowns"
    if plan.check_on < now.date():
        yield "check_on is past"
    if plan.steps:
        yield from _first(plan.steps[0], now.date())
    for step in plan.steps:
        yield from _step(step)


def _first(step: Step, today: date) -> Iterator[str]:
    if step.minutes > FIRST_STEP_MINUTES:
        yield f"first step takes {step.minutes} minutes"
    if not today <= step.due <= today + timedelta(days=FIRST_STEP_DAYS):
        yield "first step is not due within a week"


def _step(step: Step) -> Iterator[str]:
    if step.minutes < 1:
        yield "a step takes no time"
    if not re.match(r"(?:if|when)\b", step.cue, re.IGNORECASE):
        yield "a cue does not begin with if or when"
    if step.channel not in {*Channel, "any"}:
        yield "a step has no known channel"
    if not step.citations:
        yield "a step cites nothing"


def _citations(plan: RepairPlan, cards: Mapping[str, Principle]) -> Iterator[str]:
    if not plan.citations:
        yield "the plan cites nothing"
    for citation in (*plan.citations, *(c for step in plan.steps for c in step.citations)):
        card = cards.get(citation.principle)
        if card is None or citation.quote not in card.text:
            yield "a quote is no exact span"
        elif card.caution and citation.caution != card.caution:
            yield "a citation hides its card's caution"


def _typed(value: Any, wanted: Any, place: str) -> Iterator[str]:
    """Yield the places where a value is not of its declared type, or is empty where something must stand."""
    origin = get_origin(wanted)
    if origin is UnionType:
        if value is None and NoneType in get_args(wanted):
            return
        yield from _typed(value, next(each for each in get_args(wanted) if each is not NoneType), place)
    elif origin is tuple:
        if not isinstance(value, tuple | list):
            yield f"{place} is no list"
            return
        for item in value:
            yield from _typed(item, get_args(wanted)[0], place)
    elif isinstance(wanted, type) and is_dataclass(wanted):
        if type(value) is not wanted:
            yield f"{place} is missing"
            return
        hints = get_type_hints(wanted)
        for each in fields(wanted):
            yield from _typed(getattr(value, each.name), hints[each.name], f"{place}.{each.name}")
    elif not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        yield f"{place} has the wrong type"
    elif isinstance(value, str) and not isinstance(value, Enum) and not value.strip() and not _may_be_empty(place):
        yield f"{place} is empty"


def _may_be_empty(place: str) -> bool:
    return place.rpartition(".")[2] in _EMPTY_ALLOWED
