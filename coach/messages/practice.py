"""Practising a sentence before it is said, and the same event told from the other side: both made up, both marked so.

Knows a plan and a language model's port; keeps nothing, and nothing of it is a fact about anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coach.domain.letters import even
from coach.domain.plans import RepairPlan, Step
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel, Texts

LONGEST_REPLY, LONGEST_TELLING = 45, 110
"""Words of an answer that is played, and of the other side's telling; half as many again as are asked for."""

Schema = dict[str, Any]


def _closed(**properties: Schema) -> Schema:
    required = list(properties)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_TEXT: Schema = {"type": "string"}
EXERCISE = _closed(willing=_TEXT, short=_TEXT, angry=_TEXT, debrief=_closed(quote=_TEXT, does=_TEXT, instead=_TEXT))
OTHER_SIDE = _closed(told=_TEXT, holds={"type": "boolean"}, sentence=_TEXT, change=_TEXT)


@dataclass(frozen=True, slots=True)
class Said:
    """What is practised. ``before`` and ``heard``: an earlier round, "" in the first."""

    words: str
    before: str = ""
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """Three answers somebody could give, and a word on the user's own sentence. ``quote`` is a span of it, or ""."""

    willing: str
    short: str
    angry: str
    quote: str
    does: str
    instead: str


@dataclass(frozen=True, slots=True)
class OtherTelling:
    """The event as the other might tell it, and whether the step is right in both tellings."""

    told: str
    holds: bool
    sentence: str
    change: str


async def practise(
    model: LanguageModel, plan: RepairPlan, step: Step, said: Said, texts: Texts, deadline: datetime
) -> Exercise:
    """Return an exercise for a step. Raises LanguageModelTrouble, also for answers that are no such thing."""
    values = {
        "seen": [each.text for each in plan.seen],
        "step": step,
        "question": plan.missing.question,
        "said": said.words,
        "before": said.before,
        "heard": said.heard,
    }
    found = await _filled(model, "exercise", values, EXERCISE, texts, deadline)
    willing, short, angry = (_short(found[name], LONGEST_REPLY) for name in ("willing", "short", "angry"))
    debrief = found["debrief"]
    quote = str(debrief["quote"]).strip(' “”"')
    quoted = bool(quote) and even(quote) in even(said.words)
    does = _short(debrief["does"], LONGEST_REPLY) if quoted else ""
    instead = _short(debrief["instead"], LONGEST_REPLY) if quoted else ""
    return Exercise(willing, short, angry, quote if quoted else "", does, instead)


async def other_side(
    model: LanguageModel, plan: RepairPlan, step: Step, texts: Texts, deadline: datetime
) -> OtherTelling:
    """Return the event as the other might tell it, and whether a step is right in both. Raises LanguageModelTrouble."""
    values = {
        "seen": [each.text for each in plan.seen],
        "readings": [each.text for each in plan.readings],
        "step": step,
    }
    found = await _filled(model, "other_side", values, OTHER_SIDE, texts, deadline)
    return OtherTelling(
        _short(found["told"], LONGEST_TELLING),
        bool(found["holds"]),
        _short(found["sentence"], LONGEST_REPLY),
        "" if found["holds"] else _short(found["change"], LONGEST_REPLY),
    )


async def _filled(
    model: LanguageModel, name: str, values: Mapping[str, Any], schema: Schema, texts: Texts, deadline: datetime
) -> Mapping[str, Any]:
    prompt = [
        ("system", texts.render(f"practice/{name}.system")),
        ("user", texts.render(f"practice/{name}.user", **values)),
    ]
    return await model.fill(prompt, schema, deadline)


def _short(text: object, most: int) -> str:
    """Return a text of no more than so many words. Raises LanguageModelTrouble for a longer one, or none."""
    words = str(text).strip()
    if len(words.split()) > most:
        raise LanguageModelTrouble("The language model's answer was too long to use. Try once more.", "garbled")
    return words
