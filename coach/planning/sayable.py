"""What is wrong with a text of a language model's: what it may not say, or holds that was never given. Pure.

The words are the rows of ``words/machine`` and of the checker; a fault is a name and the words it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from coach.domain.letters import pieces, straight
from coach.domain.readings import Route
from coach.domain.violations import Context, Violation
from coach.messages import wordings
from coach.planning import checks
from coach.planning.given import Given
from coach.rows import Row, joined, rows

MOST_WORDS = {
    "answer": 130, "cue": 30, "do": 48, "say": 106, "avoid": 34, "why": 38, "own_part": 48, "readings": 46,
    "missing": 34, "if_badly": 93, "stop": 66, "sign": 34, "unknowns": 26, "headline": 26, "draft": 110,
}  # fmt: skip
"""Words of each text: what is asked for, and a third more, since a good sentence is not left out for its length."""

LOSS = "their_loss"
"""The event of the catalogue in which "I am so sorry" is no apology."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:%|per cent|percent|€|£|\$|people|times|years?|months?)", re.IGNORECASE)
_QUOTE = re.compile(r"\"([^\"]{3,})\"")
_BRACKET = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a part. ``rule`` names it for the one who is asked again; ``words`` are what it is about."""

    part: str
    rule: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """What stands of the user's own part when a text is judged: whether it is clear, so that an apology may be said."""

    clear: bool = False


def text(part: str, value: object, given: Given, own: Own, *, field: str = "", kind: str = "said") -> list[Fault]:
    """Return what is wrong with a text. ``field``: its key in MOST_WORDS; ``kind``: said | avoid | draft."""
    if not isinstance(value, str):
        return [Fault(part, "shape")]
    if not value.strip():
        return []
    most = MOST_WORDS.get(field or part)
    found = [Fault(part, "length", f"{len(value.split())}")] if most and len(value.split()) > most else []
    found += [Fault(part, rule, hit) for rule, hit in machine(value)]
    found += [Fault(part, each.name, each.sentence[each.start : each.end]) for each in _violations(value, given, kind)]
    if not own.clear and kind != "avoid" and (sorry := apology(value, given, whole=kind == "draft")):
        found.append(Fault(part, "apology", sorry))
    if value.count("[") != value.count("]"):
        found.append(Fault(part, "brackets"))
    if kind != "draft" and (unknown := _unknown_name(value, given)):
        found.append(Fault(part, "name", unknown))
    if kind == "said" and (figure := _unknown_figure(value, given)):
        found.append(Fault(part, "figure", figure))
    if len(value.split()) >= _WORDS_FOR_LANGUAGE and not given.english(value):
        found.append(Fault(part, "language"))
    return found


_WORDS_FOR_LANGUAGE = 8


def _violations(value: str, given: Given, kind: str) -> Iterator[Violation]:
    people = tuple(each.call for each in (given.parties or {}).values() if each.call)
    quotes = (given.text, *(card.text for card in given.cards), *given.known)
    route = given.floor.route if given.floor.route is not Route.DOUBT else Route.GET_HELP
    context = Context(route, people, quotes, (given.text, *given.known), kind)
    yield from (each for each in checks.violations(value, context) if each.name != "length")


@cache
def _rules() -> Mapping[str, re.Pattern[str]]:
    filed: dict[str, list[Row]] = {}
    for row in rows("words/machine"):
        filed.setdefault(row.more["rule"], []).append(row)
    return {rule: joined(entries) for rule, entries in filed.items()}


def machine(value: str) -> Iterator[tuple[str, str]]:
    """Yield talk of a machine about itself, refusals and leaked words of the request."""
    even = straight(value).lower()
    for rule, pattern in _rules().items():
        if hit := pattern.search(even):
            yield rule, hit[0]


def apology(value: str, given: Given, *, whole: bool) -> str:
    """Return the words of an apology that would be said to the other one, "" for none.

    In what is said to the user only quoted words are for the other. What the letter itself says may be quoted, and
    where someone grieves, being sorry is sympathy.
    """
    if given.account is not None and LOSS in given.account.event_ids:
        return ""
    told = straight(given.text).lower()
    even = straight(value).lower()
    spoken = [even] if whole else _QUOTE.findall(wordings.mine(even))
    for each in spoken:
        if each.strip(" .,!?…") in told:
            continue
        if hit := wordings.says_sorry(each):
            return hit[0]
    return ""


def _unknown_name(value: str, given: Given) -> str:
    """Return a first name that stands neither in the letters nor in the journal, "" for none."""
    shown = _BRACKET.sub(" ", value)
    held = f"{given.text} {' '.join(given.known)} {' '.join(given.names)} {given.tapped}"
    held += " ".join(each.call for each in (given.parties or {}).values())
    return next((name for name in given.named(shown) if not stands(name, held)), "")


def _unknown_figure(value: str, given: Given) -> str:
    """Return a figure that is told and stands nowhere, "" for none: a share, a sum, a count of people or years."""
    held = f"{given.text} {' '.join(given.known)} {' '.join(card.text for card in given.cards)}"
    numbers = set(re.findall(r"\d+", held))
    hits = (hit[0] for start, end in pieces(value) for hit in _FIGURE.finditer(value[start:end]))
    return next((hit for hit in hits if not set(re.findall(r"\d+", hit)) <= numbers), "")


def stands(name: str, held: str) -> bool:
    """Return whether a name stands in a text, whether or not a title has its full stop ("Mr. Ode", "Mr Ode")."""
    name, held = (_STOP.sub("", straight(each).lower()) for each in (name, held))
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", held) is not None


_STOP = re.compile(r"\.(?=\s)")
