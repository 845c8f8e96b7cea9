"""The second, small call: which phrases say or presuppose what the letter does not hold. Pure but for the one call.

No checker by code finds an invented premise; a reader does. What it names has to stand word for word in the part, or
it does not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coach.domain.letters import even
from coach.planning.given import Given
from coach.planning.sayable import Fault
from coach.ports import LanguageModel, Texts

SORTS = ("circumstance", "advice", "order", "feelings", "time", "conduct")
MOST_FLAGS = 12

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "flags": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "part": {"type": "string"},
                    "words": {"type": "string"},
                    "sort": {"type": "string", "enum": list(SORTS)},
                    "why": {"type": "string"},
                },
                "required": ["part", "words", "sort", "why"],
                "additionalProperties": False,
            },
        },
        "own_harm": {"type": "string", "enum": ["yes", "no", "unsure"]},
        "own_sentence": {"type": ["integer", "null"]},
    },
    "required": ["flags", "own_harm", "own_sentence"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A phrase of a part that rests on nothing. ``sort`` is one of SORTS."""

    part: str
    words: str
    sort: str
    why: str

    @property
    def fault(self) -> Fault:
        """The same as a fault of its part."""
        return Fault(self.part, "premise", self.words)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the second call found. ``own_harm``: whether the letter tells a harm by the user, as this call reads it."""

    flags: tuple[Flag, ...]
    own_harm: bool = False


async def look(
    model: LanguageModel,
    answer: Sequence[str],
    values: Mapping[str, Any],
    given: Given,
    texts: Texts,
    deadline: datetime,
) -> Looked:
    """Return what rests on nothing in the answer's sentences and in parts. Raises LanguageModelTrouble."""
    shown = [(f"answer {n}", sentence.strip()) for n, sentence in enumerate(answer, 1)]
    shown += [(f"{name}{place}", text) for name, value in values.items() for place, text in _texts(value)]
    established = list(_established(given))
    sentences = [each for each in given.sentences if each.number not in given.ordered]
    prompt = [
        ("system", texts.render("answering/presupposing.system")),
        (
            "user",
            texts.render(
                "answering/presupposing.user",
                today=f"{given.now:%A, %-d %B %Y}",
                sentences=sentences,
                established=established,
                answered=[each for each in given.replies if each],
            ),
        ),
        ("coach", texts.render("answering/parts.user", parts=shown)),
    ]
    found = await model.fill(prompt, SCHEMA, deadline)
    flags = tuple(_flags(found.get("flags"), dict(shown)))
    told = found.get("own_harm") == "yes" and given.sentence(found.get("own_sentence")) is not None
    return Looked(flags, told)


def _flags(values: object, shown: Mapping[str, str]) -> Iterator[Flag]:
    """Yield the flags whose words stand in their part; a part's name may be given without its place."""
    for each in (values if isinstance(values, list) else [])[:MOST_FLAGS]:
        words = str(each.get("words", "")).strip(' “”"')
        named = str(each.get("part", "")).strip("[] ")
        held = [name for name, text in shown.items() if words and even(words) in even(text)]
        name = (
            next((one for one in held if one == named), None)
            or next((one for one in held if one.split()[0] == named.split(" ")[0]), None)
            or (held[0] if held else None)
        )
        if name is not None:
            yield Flag(
                name if name.startswith("answer") else name.split()[0], words, str(each["sort"]), str(each["why"])
            )


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a part, with where it stands in it."""
    match value:
        case str() if value.strip():
            yield place, value
        case Mapping():
            for key, each in value.items():
                if key not in _NO_TEXTS:
                    yield from _texts(each, f"{place} {key}")
        case list() | tuple():
            for n, each in enumerate(value, 1):
                yield from _texts(each, f"{place} {n}")


_NO_TEXTS = frozenset({"channel", "card", "level", "ask", "rests_on"})


def _established(given: Given) -> Iterator[str]:
    account = given.account
    if account is not None:
        for told in account.events:
            if told.words is None and told.event in given.catalogue:
                yield given.catalogue.entry(told.event).means
        for fact in account.facts:
            if fact.words is None:
                yield given.catalogue.facts.get(fact.fact, fact.fact)
    yield from given.known
    yield from given.findings
    if given.plan is not None:
        yield from (f"the coach proposed: {each.cue}, {each.action}" for each in given.steps)
    if given.tapped:
        yield f"pressed: {given.tapped}"
