"""Checks what a language model returned, part by part, against what it was given. Pure.

Strict about what happened, free about what to do: every quote stands in the letter, every act has its doer, an
apology has a clear own part under it, every card was offered. Knows nothing of servers, and words no sentence: a
fault is a name and the words it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coach.domain.accounts import ME, OTHER
from coach.domain.events import Doer
from coach.domain.letters import straight
from coach.planning import checks
from coach.planning.given import Given
from coach.planning.sayable import MOST_WORDS, Fault, Own, machine, stands, text
from coach.rows import any_of

MOST_MINUTES, MOST_DAYS = 10, 7
MOST_DAYS_NEXT = 14
"""For a step of a later turn, which may wait for what was agreed."""
MOST_MINUTES_LATER, MOST_DAYS_LATER = 30, 21
"""For a second step, which comes after the first was taken."""

_CUE = re.compile(r"(?:if|when|once|before|after|next time|as soon as)\b", re.IGNORECASE)

# ---- the account


def party(value: Mapping[str, Any], given: Given) -> Fault | None:
    """Return what is wrong with a person of the account."""
    words, name = value.get("words"), value.get("name")
    if not re.fullmatch(r"p[1-9]\d?", str(value.get("id"))):
        return Fault("account", "person_id", str(value.get("id")))
    known = {*given.names, *(each.name for each in (given.parties or {}).values() if each.name)}
    if words is not None and not given.holds(words) and value["id"] not in (given.parties or {}):
        return Fault("account", "quote", str(words))
    if name is not None and not (stands(str(name), given.text) or name in known):
        return Fault("account", "name", str(name))
    return None


def event(value: Mapping[str, Any], given: Given, people: Sequence[str]) -> Fault | None:
    """Return what is wrong with an event of the account. ``people``: the ids that stand in it."""
    name, doer, to = str(value.get("event")), value.get("from"), value.get("to")
    if name != OTHER and name not in given.catalogue:
        return Fault("account", "event", name)
    if any(each not in {None, ME, *people} for each in (doer, to)) or value.get("told_by") not in {
        ME,
        "unknown",
        *people,
    }:
        return Fault("account", "person_id", f"{doer} {to}")
    if doer is not None and doer == to:
        return Fault("account", "direction", name)
    if not given.holds(value.get("words"), value.get("sentence")):
        return Fault("account", "quote", str(value.get("words")))
    if name != OTHER:
        by = given.catalogue.entry(name).by
        turned = by in {Doer.ME, Doer.THEM} and (by is Doer.ME) != (doer == ME)
        if turned or (by is Doer.THEM and doer is None):
            return Fault("account", "direction", name)
    return None


def fact(value: Mapping[str, Any], given: Given) -> Fault | None:
    """Return what is wrong with a fact of the account."""
    if not given.holds(value.get("words"), value.get("sentence")):
        return Fault("account", "quote", str(value.get("words")))
    return None


# ---- sentences of the answer


def answer_sentence(sentence: str, given: Given, own: Own, before: Sequence[str]) -> list[Fault]:
    """Return what is wrong with one sentence of the answer; ``before`` are the ones that were said."""
    found = text("answer", sentence, given, own)
    if any(_alike(sentence, each) for each in before):
        found.append(Fault("answer", "repeated", sentence))
    words = sum(len(each.split()) for each in (*before, sentence))
    if words > MOST_WORDS["answer"]:
        found.append(Fault("answer", "length", str(words)))
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two sentences of some length say the same: most of their longer words are shared."""
    first, second = (set(_LONGER.findall(_low(each))) for each in (one, other))
    fewest = min(len(first), len(second))
    return fewest >= _FEWEST_SHARED and len(first & second) / fewest > _SHARED


_LONGER = re.compile(r"\w{4,}")
_FEWEST_SHARED = 4
_SHARED = 0.8


def foreign_sentence(sentence: str) -> list[Fault]:
    """Return what is wrong with a sentence in another language, as far as code can tell."""
    return [Fault("answer", rule, hit) for rule, hit in machine(sentence)]


# ---- the parts of a plan, or of what changes an open one


def parts(values: Mapping[str, Any], given: Given, own: Own) -> list[Fault]:
    """Return what is wrong with the parts of a plan or of a patch, by their names; ``own``: what was made of it."""
    return [fault for name, value in values.items() for fault in part(name, value, given, own)]


def part(name: str, value: Any, given: Given, own: Own) -> list[Fault]:
    """Return what is wrong with one part."""
    match name:
        case "headline" | "if_badly" | "stop" | "sign":
            empty = name == "headline" and not str(value or "").strip()
            return [Fault(name, "empty")] if empty else text(name, value, given, own)
        case "first_step":
            return step(name, value, given, own, MOST_MINUTES, MOST_DAYS)
        case "more_steps" | "next":
            days = MOST_DAYS_LATER if name == "more_steps" else MOST_DAYS_NEXT
            minutes = MOST_MINUTES_LATER if name == "more_steps" else MOST_MINUTES
            found = [fault for each in value or () for fault in step(name, each, given, own, minutes, days)]
            return [*found, Fault(name, "steps")] if len(value or ()) > checks.MOST_STEPS - 1 else found
        case "own_part":
            return _own_part(value, given, own)
        case "guessed":
            return list(_guesses(value or (), given, own))
        case "readings":
            return list(_readings(value or (), given, own))
        case "missing":
            return missing(value, given, own)
        case "unknowns":
            return [fault for each in value or () for fault in text(name, each, given, own)]
        case "draft":
            return text(name, value, given, own, kind="draft") if value else []
    return []


def step(part: str, value: object, given: Given, own: Own, minutes: int, days: int) -> list[Fault]:
    """Return what is wrong with a step that may take so many minutes and be so many days away."""
    if not isinstance(value, Mapping):
        return [Fault(part, "shape")]
    found: list[Fault] = []
    if not _CUE.match(str(value.get("cue", ""))):
        found.append(Fault(part, "cue", str(value.get("cue", ""))))
    if not str(value.get("do", "")).strip():
        found.append(Fault(part, "empty"))
    if not _whole(value.get("minutes"), 1, minutes):
        found.append(Fault(part, "minutes", str(value.get("minutes"))))
    if value.get("in_days") is not None and not _whole(value["in_days"], 0, days):
        found.append(Fault(part, "days", str(value["in_days"])))
    if given.citation(value.get("card"), value.get("sentence")) is None:
        found.append(Fault(part, "citation", f"{value.get('card')} {value.get('sentence')}"))
    if not any(given.sentence(number) for number in value.get("rests_on") or ()) and not given.tapped:
        found.append(Fault(part, "rests_on"))
    for field in ("cue", "do", "why"):
        found += text(part, value.get(field), given, own, field=field)
    found += text(part, value.get("say"), given, own, field="say", kind="draft")
    found += text(part, value.get("avoid"), given, own, field="avoid", kind="avoid")
    return found


def missing(value: object, given: Given, own: Own) -> list[Fault]:
    """Return what is wrong with the fact that is missing and its question."""
    if not isinstance(value, Mapping):
        return [Fault("missing", "shape")]
    found = text("missing", value.get("fact"), given, own) + text("missing", value.get("question"), given, own)
    if not str(value.get("question", "")).rstrip(" ”\"'").endswith("?"):
        found.append(Fault("missing", "question", str(value.get("question", ""))))
    return found


def own_clear(value: object, mine: Sequence[int]) -> bool:
    """Whether a plan's own part is called clear and rests on a sentence (of ``mine``) that tells an act of the user."""
    if not isinstance(value, Mapping) or value.get("level") != "clear":
        return False
    return bool(set(value.get("rests_on") or ()) & set(mine))


def _own_part(value: object, given: Given, own: Own) -> list[Fault]:
    if value is None:
        return [Fault("own_part", "own_harm")] if given.own_harm else []
    if not isinstance(value, Mapping):
        return [Fault("own_part", "shape")]
    found = text("own_part", value.get("sentence"), given, own)
    if value.get("level") == "clear" and not own.clear:
        found.append(Fault("own_part", "own_clear"))
    if not any(given.sentence(number) for number in value.get("rests_on") or ()):
        found.append(Fault("own_part", "rests_on"))
    return found


def _guesses(values: Sequence[Any], given: Given, own: Own) -> Iterator[Fault]:
    for each in values:
        if not isinstance(each, Mapping):
            yield Fault("guessed", "shape")
            continue
        if not given.holds(each.get("words"), each.get("sentence")):
            yield Fault("guessed", "quote", str(each.get("words")))
        yield from text("guessed", each.get("question"), given, own, field="missing")


def _readings(values: Sequence[Any], given: Given, own: Own) -> Iterator[Fault]:
    for each in values:
        said = each.get("text") if isinstance(each, Mapping) else None
        if not isinstance(said, str):
            yield Fault("readings", "shape")
            continue
        if any_of("words/hedges").search(straight(said).lower()) is None:
            yield Fault("readings", "certain", said)
        yield from text("readings", said, given, own)
    if values and len(values) == 1:
        yield Fault("readings", "one_reading")
    if values and not any(isinstance(each, Mapping) and each.get("mine") for each in values):
        yield Fault("readings", "no_own_reading")


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _low(value: str) -> str:
    return " ".join(straight(value).lower().split())
