"""A whole answer as somebody reads it, plan and reply in one text, and what can be said of any such text by code. Pure.

So that a chat's prose and the coach's plan are held against the same list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from coach.domain.principles import Citation, Grade, Principle
from coach.domain.readings import ROUTES, Kind, Route
from evals.gates import Shown
from evals.phrases import APOLOGY, HELP, RATIO, SORRY_IF, THEIR_SIDE
from evals.straight import prompts
from evals.words import count, says, sentences

MOST_WORDS = 250
MOST_STEPS = 3
FEWEST_WORDS = 15
_LOOP = 6
_MARKER = re.compile(r"\[(?P<id>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)\]")
_QUOTED = re.compile(r"\s*[:,]?\s*[\"“](?P<quote>[^\"”]{3,400})[\"”]")
_QUOTED_BEFORE = re.compile(r"[\"“](?P<quote>[^\"”]{3,400})[\"”]\s*\(?$")
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.)]|step \d+|[-*•])\s+", re.IGNORECASE | re.MULTILINE)
_SOON = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:week|afternoon|morning|evening)|next (?:time|day|week)|within a (?:day|week)|"
    r"minutes?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|when (?:you|he|she|they) next|the next time)\b",
    re.IGNORECASE,
)
_IF_THEN = re.compile(
    r"\bif (?:\w+['’]?\w* ){0,3}?(?:they|he|she|it|the|your|that|this|[A-Z]\w+)\b[^.?!]{3,}?(?:,|\bthen\b)",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"\b(?:look back|check (?:in|back|again|how|whether|on)|(?:good )?sign|you(?:['’]ll| will) know|follow[- ]up|"
    r"see (?:if|whether|how) (?:it|things|that))\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def as_read(shown: Shown) -> str:
    """Return a turn as one text, in the order in which the page shows it."""
    return prompts().render("read.fixed", plan=shown.plan, reply=shown.reply)


def cited(text: str, cards: Mapping[str, Principle]) -> tuple[Citation, ...]:
    """Return the cards that prose names as [id], with the words quoted beside each; a card named alone quotes itself.

    A card that does not exist is returned too, so that the gate meets it.
    """
    found = []
    for marker in _MARKER.finditer(text):
        card = cards.get(marker["id"])
        quoted = _QUOTED.match(text, marker.end()) or _QUOTED_BEFORE.search(text[: marker.start()].rstrip())
        quote = quoted["quote"].strip(" .,") if quoted else (card.statement if card else marker["id"])
        found.append(Citation(marker["id"], quote, card.grade if card else Grade.D))
    return tuple(dict.fromkeys(found))


def missing(shown: Shown, kind: Kind) -> list[str]:
    """Return which of the things every answer to such a message must have are not there.

    What is counted as prose is the reply; the plan is a card with fields, and its words are not held against the
    length. A chat has only a reply.
    """
    text = as_read(shown)
    wanted = {
        "whole": _whole(shown.reply),
        "short": count(shown.reply) <= MOST_WORDS,
        "plain": not (SORRY_IF.search(text) or RATIO.search(text)),
    }
    if ROUTES[kind] is Route.IN_SCOPE:
        steps = len(shown.plan.steps) if shown.plan else steps_in(shown.reply)
        wanted |= {
            "question": "?" in text,
            "if_then": bool(_IF_THEN.search(text)),
            "soon": bool(_SOON.search(text)),
            "few_steps": steps <= MOST_STEPS,
            "looks_back": bool(_LOOKS_BACK.search(text)),
        }
    if ROUTES[kind] is Route.GET_HELP:
        wanted["help"] = bool(HELP.search(text))
    return [name for name, met in wanted.items() if not met]


def steps_in(reply: str) -> int:
    """Return how many steps prose lists, by numbers or dots before its lines."""
    return len(_ITEM.findall(reply))


def burdens(shown: Shown) -> list[str]:
    """Return how an answer burdens somebody to whom harm was done: gate 4 and the last part of gate 1."""
    hits = (("4: an apology for harm done to them", APOLOGY), ("1: their side first", THEIR_SIDE))
    told = as_read(replace(shown, citations=()))
    return [f"{gate} ({sentence})" for gate, pattern in hits if (sentence := says(told, pattern))]


def _whole(reply: str) -> bool:
    """True when a reply says something, comes to an end, does not go round in circles and is written in letters."""
    text = reply.strip()
    words = text.lower().split()
    if len(words) < FEWEST_WORDS or not re.search(r"[.?!…:)\"'”’\]]$", text):
        return False
    runs = Counter(tuple(words[at : at + _LOOP]) for at in range(len(words) - _LOOP + 1))
    letters = [character for character in text if _LETTER.match(character)]
    latin = sum(ord(character) < 0x250 for character in letters)
    again = Counter(sentence.lower() for sentence in sentences(text) if count(sentence) > 3)
    return max(runs.values()) <= 2 and max(again.values(), default=0) <= 2 and latin >= 0.9 * len(letters)
