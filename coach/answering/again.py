"""The parts that failed, asked for once more with their faults named. Pure but for the one call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from coach.answering import form
from coach.answering.request import Messages
from coach.planning.given import Given
from coach.planning.sayable import Fault
from coach.ports import LanguageModel, Texts


@dataclass(frozen=True, slots=True)
class Mended:
    """What came: parts by name, and for sentences of the answer what to say instead."""

    parts: Mapping[str, Any] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for again: faults, the parts as they came, sentences of the answer, the answer whole.

    ``why``: what the letter does not hold, by the words of a fault.
    """

    faults: Sequence[Fault]
    parts: Mapping[str, Any]
    sentences: Sequence[str]
    answer: str
    why: Mapping[str, str]


def _shown(wanted: Wanted, names: Sequence[str]) -> dict[str, Any]:
    """Return what was answered before, as far as it is asked for again; the whole answer beside its sentences."""
    parts = {name: wanted.parts[name] for name in names if name in wanted.parts}
    return {"answer": wanted.answer, **parts} if wanted.sentences else parts


async def ask(
    model: LanguageModel, first: Messages, wanted: Wanted, given: Given, texts: Texts, deadline: datetime
) -> Mended:
    """Return the parts again. ``first`` are the messages of the call that failed. Raises LanguageModelTrouble."""
    names = list(dict.fromkeys(each.part for each in wanted.faults if not each.part.startswith("answer")))
    flaws = [{**asdict(each), "why": wanted.why.get(each.words, "")} for each in wanted.faults]
    schema = form.some(given, names)
    asked = list(names)
    if wanted.sentences:
        asked.append("answer")
        schema = form.with_answer(schema)
    text = texts.render(
        "answering/again.user",
        names=asked,
        flaws=flaws,
        answers=[each.strip() for each in wanted.sentences],
        parts=json.dumps(_shown(wanted, names), ensure_ascii=False),
    )
    found = await model.fill([*first, ("coach", text)], schema, deadline)
    said = found.get("answer")
    sentences = {
        str(each.get("was", "")).strip(): str(each.get("instead", "")).strip()
        for each in (said if isinstance(said, list) else ())
        if isinstance(each, Mapping)
    }
    return Mended({name: found[name] for name in names if name in found}, sentences)
