"""Chooses the scene a message is about, and the words that fit the person in it. Knows readings and scenes; no cards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coach.cues import signals
from coach.domain.letters import pieces, straight
from coach.domain.moments import By, Channel, Landed
from coach.domain.people import Person
from coach.domain.readings import Kind, Mention, Reading
from coach.planning.topics import topic

Scene = Mapping[str, Any]

FALLBACK: dict[Kind, str] = {
    Kind.REPAIR: "other_hurt",
    Kind.MAINTAIN: "keep_close",
    Kind.CONNECT: "no_ties",
    Kind.MESSAGE: "words_needed",
    Kind.LEADER_SESSION: "lead_talk",
    Kind.JOURNAL: "mixed_day",
}
"""The scene when no signal points to one."""

_FORMS = {
    "he": {
        "he": "he",
        "He": "He",
        "him": "him",
        "his": "his",
        "is": "is",
        "was": "was",
        "has": "has",
        "does": "does",
        "s": "s",
        "es": "es",
    },
    "she": {
        "he": "she",
        "He": "She",
        "him": "her",
        "his": "her",
        "is": "is",
        "was": "was",
        "has": "has",
        "does": "does",
        "s": "s",
        "es": "es",
    },
    "they": {
        "he": "they",
        "He": "They",
        "him": "them",
        "his": "their",
        "is": "are",
        "was": "were",
        "has": "have",
        "does": "do",
        "s": "",
        "es": "",
    },
}


def choose(reading: Reading, scenes: Mapping[str, Scene]) -> str:
    """Return the name of the scene that fits best: by signals, weighed by where they stand and who acted."""
    scores = {name: _score(reading, scene) for name, scene in scenes.items()}
    best = max(sorted(scores), key=lambda name: scores[name])
    if scores[best] >= 2.0:
        return best
    if reading.kind is Kind.REPAIR and _acts(reading, By.ME):
        return "own_mistake"
    if reading.kind is Kind.JOURNAL:
        return _day(reading)
    return FALLBACK.get(reading.kind, "other_hurt")


def _day(reading: Reading) -> str:
    landed = {moment.landed for moment in reading.moments}
    if landed == {Landed.HELPED}:
        return "good_day"
    return "hurt_day" if landed and Landed.HELPED not in landed else "mixed_day"


def _acts(reading: Reading, by: By) -> bool:
    return any(moment.by is by and moment.landed is Landed.HARMED for moment in reading.moments)


def owned(reading: Reading) -> bool:
    """True when the user tells of a harm they did, or owns a mistake: not when the words stand in what was done to them."""
    done = [(m.start, m.end) for m in reading.moments if m.by is By.THEM and m.landed is Landed.HARMED]
    return _acts(reading, By.ME) or any(
        signal.name in {"own_mistake", "own_apology"} and not any(a <= signal.start < b for a, b in done)
        for signal in reading.signals
    )


def _score(reading: Reading, scene: Scene) -> float:
    score = 0.0
    spans = [(moment.start, moment.end) for moment in reading.moments]
    asked = reading.text.find(reading.asked) if reading.asked else -1
    for signal in reading.signals:
        weight = float(scene["signals"].get(signal.name, 0))
        if not weight:
            continue
        inside = any(start <= signal.start < end for start, end in spans)
        in_question = asked >= 0 and asked <= signal.start
        weight *= _ELSEWHERE if signal.name in _AIMED and not _at_me(reading.text, signal.start) else 1.0
        score += weight * (1.25 if inside else 0.8) * (0.6 if in_question and not inside else 1.0)
    if not score:
        return 0.0
    kinds = scene["kinds"]
    score += 1.0 if reading.kind.value in kinds else -3.0
    if reading.kind.value in kinds and len(kinds) == 1:
        score += 1.0
    if scene["by"] == "me":
        score += 0.8 if owned(reading) else -3.0 if _acts(reading, By.THEM) else -1.2
    elif scene["by"] == "them" and _acts(reading, By.ME) and not _acts(reading, By.THEM):
        score -= 1.0
    if scene["signals"].keys() & _AFTERMATH and any(signal.name in _OWN_ACTS for signal in reading.signals):
        score -= 1.5
    return score


def _at_me(text: str, at: int) -> bool:
    """Whether the sentence around an offset has the user in it."""
    even = straight(text)
    return any(a <= at < b and _ME.search(even[a:b]) for a, b in pieces(even))


_AIMED = frozenset(("joke_hurt", "gossip", "criticised", "public_correction"))
"""Signals that are harm to the user only when the user is their aim: people joke about themselves, and talk of others."""

_ELSEWHERE = 0.4
"""What such a signal counts for in a sentence without the user."""

_ME = re.compile(r"\b(?:me|my|mine|myself|us|our)\b", re.IGNORECASE)

_AFTERMATH = frozenset(("cold_shoulder", "rebuffed"))
_OWN_ACTS = signals.OWN - {"own_mistake"}
"""Coolness that follows an act of the user's own is told by that act."""


def values(reading: Reading, person: Person | None, mention: Mention | None, scene: Scene) -> dict[str, Any]:
    """Return the values a scene's strings are filled with, as prompts/scenes/README.md lists them."""
    label = person.name if person else mention.label if mention else _nobody(reading)
    group = bool(person is None and mention and mention.group)  # "them" in a note about one person are that person
    pronoun = "they" if group or mention is None or mention.group else mention.pronoun
    name_plural = group or label in {"they", "them", "the others"}
    relation = (person.relation if person else None) or (mention.relation if mention else None)
    named = person.name if person else (mention.name if mention else None)
    contact = [moment.channel for moment in reading.moments if moment.channel]
    return {
        **_FORMS[pronoun],
        "name": label,
        "Name": label[:1].upper() + label[1:],
        "call": named or ("all" if group else "[name]"),
        "nis": "are" if name_plural else "is",
        "nhas": "have" if name_plural else "has",
        "ns": "" if name_plural else "s",
        "nes": "" if name_plural else "es",
        "topic": topic(straight(reading.text)) or scene["topic"],
        "remote": bool(
            (person and person.remote)
            or (mention and mention.remote)
            or (reading.has("remote") and not (person and person.remote is False))
        ),
        "upward": relation is not None and relation.value == "manager",
        "leader": (relation is not None and relation.value == "report") or reading.kind is Kind.LEADER_SESSION,
        "group": group,
        "friend": reading.has("friend"),
        "busy": reading.has("overload", "hard_time", "grief"),
        "text": bool(contact) and all(channel in {Channel.EMAIL, Channel.CHAT} for channel in contact),
    }


def _nobody(reading: Reading) -> str:
    return "the others" if reading.has("group") else "them"


OWN = signals.OWN
