"""The form of a card, a plan and its reply: what must be there, of which type, how small and how short. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from coach.domain.asks import Ask
from coach.domain.moments import Channel
from coach.domain.plans import MadeBy, OwnPartLevel, RepairPlan, Step
from coach.domain.principles import Principle
from evals.gates import Shown
from evals.phrases import RATIO, SORRY_IF
from evals.words import count, own_words

MOST_IN_AN_ANSWER = 120
MOST_BESIDE_A_PLAN = 150
"""An answer, and a line or two on what the plan was made from."""
MOST_WITHOUT_A_PLAN = 250
MOST_READINGS = 3
MOST_LINES = 4
"""Lines of a card, or of one of its groups, that are shown at once."""
FIRST_STEP_MINUTES = 10
FIRST_STEP_DAYS = 7
_EMPTY_ALLOWED = (
    "answer",  # nothing was asked
    "say",  # a step that needs no words
    "avoid",
    "own_part.sentence",
    "missing.fact",
    "missing.question",
    "if_it_goes_badly",
    "scene",
)
_IF_THEN = re.compile(r"\bif\b.+\bthen\b", re.IGNORECASE | re.DOTALL)
_SLOT = re.compile(r"\{\w*\}|\{\{|\}\}|\bNone\b|\bundefined\b")


def faults(shown: Shown, now: datetime, cards: Mapping[str, Principle], *, due: bool) -> list[str]:
    """Return what is wrong with the form of a turn, in short words; nothing: it passes.

    ``due``: the message is in scope, so that there must be a plan, or the card that leads to one.
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
    if shown.ask:
        found += _card(shown.ask)
    if plan:
        found += list(_typed(plan, RepairPlan, "plan")) or [*_plan(plan, now), *_citations(plan, cards)]
    elif due and not shown.ask:
        found.append("no plan")
    return found


def _card(ask: Ask) -> Iterator[str]:
    if not ask.best or not ask.wants or not ask.groups:
        yield "a card with nothing to tap"
    if max(len(ask.best), *(len(group.options) for group in ask.groups), 0) > MOST_LINES:
        yield "a card of too many lines"


def _plan(plan: RepairPlan, now: datetime) -> Iterator[str]:
    if not 1 <= len(plan.steps) <= 3:
        yield f"{len(plan.steps)} steps"
    if plan.answer and count(plan.answer) > MOST_IN_AN_ANSWER:
        yield f"answer over {MOST_IN_AN_ANSWER} words"
    if plan.missing.question and not plan.missing.question.rstrip("\"'”’ ").endswith("?"):
        yield "missing is no question"
    if any(not guess.question.rstrip("\"'”’ ").endswith("?") for guess in plan.guessed):
        yield "a guess is no question"
    if plan.if_it_goes_badly and not _IF_THEN.search(plan.if_it_goes_badly):
        yield "if_it_goes_badly has no if-then"
    if plan.check_on < now.date():
        yield "check_on is past"
    yield from _skeleton(plan) if plan.made_by is MadeBy.SKELETON else _two_sided(plan)
    if plan.steps:
        yield from _first(plan.steps[0], now.date())
    for step in plan.steps:
        yield from _step(step)


def _two_sided(plan: RepairPlan) -> Iterator[str]:
    if len(plan.readings) == 1 or len(plan.readings) > MOST_READINGS:
        yield f"{len(plan.readings)} readings"
    if plan.readings and not any(reading.user_had_part for reading in plan.readings):
        yield "no reading where the user had a part"
    if plan.own_part.level is not OwnPartLevel.NONE and not plan.own_part.sentence.strip():
        yield "an own part without words"


def _skeleton(plan: RepairPlan) -> Iterator[str]:
    """The small thing presupposes nothing: it is about nobody, reads nobody, and is one step."""
    says = (plan.readings, plan.guessed, plan.seen, plan.own_part.sentence, plan.if_it_goes_badly, plan.draft)
    if plan.person_id or any(says) or len(plan.steps) != 1:
        yield "the small thing presupposes something"


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
    if not re.match(r"then\b", step.action, re.IGNORECASE):
        yield "an action does not begin with then"
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
    return any(place.endswith(f".{name}") for name in _EMPTY_ALLOWED)
