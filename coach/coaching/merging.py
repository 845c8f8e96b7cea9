"""Puts two readings of one message together: the coach's own and a language model's. Pure.

The coach's own is never taken back. Severity and kind can only become graver; people, moments and guesses are united; and whatever a
language model gives has to name the span it comes from, which has to stand in the text and not in an order to a machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coach.domain.letters import pieces, plain, straight
from coach.domain.moments import By, Landed, ProposedMoment
from coach.domain.readings import ROUTES, Guess, Kind, Mention, Reading, Route, Severity
from coach.ports import Likeness
from coach.reading.reader import MOST_MOMENTS
from coach.safety import floor
from coach.safety.orders import is_order

DOUBT = 0.05
"""The tables leave doubt when they give all unsafe kinds together at least this: for 15 of 63 in-scope messages of the dev sets, and for
the one unsafe message there that the coach alone reads as in scope."""

PROOF = 0.2
"""Words show something grave when the tables give them at least this: a sentence of each of the 26 get-help messages of the dev sets
does, and a fifth of the sentences of the in-scope ones. A claim needs both, such words and a language model that calls them grave."""

MOST_PEOPLE, MOST_GUESSES = 6, 3
_SHORTEST_PROOF = 3
"""Words of the span that shows why a message is graver."""

_UNSAFE = tuple(kind for kind, route in ROUTES.items() if route in {Route.GET_HELP, Route.DECLINE})
_RANK = {Route.DECLINE: 1, Route.GET_HELP: 2}
_CRISIS = {Kind.SELF_HARM, Kind.VIOLENCE}
_PRONOUNS = frozenset({"he", "she", "they"})
_ABOUT = frozenset({"motive", "feeling", "trait", "future"})


def doubt(read: Reading, likeness: Likeness) -> Kind | None:
    """Return the grave kind a message may be that was read as harmless, so that a second look is worth waiting for; else None."""
    if read.route in {Route.GET_HELP, Route.INJECTION}:
        return None
    odds, worded = _unsafe(read.text, likeness)
    if sum(odds.values()) < DOUBT and not worded:
        return None
    return max(worded or _UNSAFE, key=lambda kind: odds[kind])


def _unsafe(text: str, likeness: Likeness) -> tuple[dict[Kind, float], list[Kind]]:
    """Return the odds of the unsafe kinds, and those that the text has words of."""
    words = floor.without_idioms(plain(text))
    odds = likeness.kinds(text)
    return {kind: odds.get(kind, 0.0) for kind in _UNSAFE}, [kind for kind in _UNSAFE if floor.worded(kind, words)]


def proves(likeness: Likeness) -> Callable[[str], bool]:
    """Return what tells whether some words by themselves look grave at all; so no claim rests on words that show nothing."""

    def proof(words: str) -> bool:
        odds, worded = _unsafe(words, likeness)
        return sum(odds.values()) >= PROOF or bool(worded)

    return proof


def merged(
    read: Reading,
    answer: Mapping[str, object],
    doubted: Kind | None = None,
    proof: Callable[[str], bool] = bool,
) -> Reading:
    """Return the reading with what a language model's answer adds.

    ``doubted`` is the grave kind the message may be by the coach's own tables: then a graver kind is taken over, and a serious
    matter that the answer has no grave kind for becomes that. Without doubt of its own the coach keeps the kind. ``proof``
    tells whether the words of a claim show anything.
    What does not fit the schema, or names no span of the text, is dropped.
    """
    text = _Text(read.text)
    found = replace(
        read,
        people=_people(read, text, _items(answer, "people")),
        moments=_moments(read, text, _items(answer, "moments")),
        guesses=_guesses(read, text, _items(answer, "guesses")),
    )
    claim = claimed(read, answer, proof)
    if claim is None:
        return found
    found = replace(found, severity=max(read.severity, claim.severity))
    kind = doubted if doubted and claim.severity >= Severity.SERIOUS and not _rank(claim.kind) else claim.kind
    return replace(found, kind=kind) if doubted and _rank(kind) > _rank(read.kind) else found


@dataclass(frozen=True, slots=True)
class Claim:
    """What a language model holds to be the gravest thing in a text, and the words that show it."""

    kind: Kind
    severity: Severity
    words: str

    @property
    def grave(self) -> bool:
        """True when it calls for help and not for a plan."""
        return ROUTES[self.kind] is Route.GET_HELP


def claimed(read: Reading, answer: Mapping[str, object], proof: Callable[[str], bool] = bool) -> Claim | None:
    """Return the claim of an answer, or None: it makes none, or shows no words of the text for it."""
    claim = _mapping(answer.get("gravest"))
    span = _Text(read.text).span(claim.get("span"))
    kind = _member(Kind, claim.get("kind"))
    if kind is None or span is None or len(read.text[slice(*span)].split()) < _SHORTEST_PROOF:
        return None
    if _rank(kind) > _rank(read.kind) and not proof(read.text[slice(*span)]):
        return None
    severity = Severity.__members__.get(str(claim.get("severity", "")).upper(), Severity.ORDINARY)
    least = Severity.CRISIS if kind in _CRISIS else Severity.SERIOUS if ROUTES[kind] is Route.GET_HELP else severity
    return Claim(kind, max(severity, least), read.text[slice(*span)])


def _rank(kind: Kind) -> int:
    return 3 if kind in _CRISIS else _RANK.get(ROUTES[kind], 0)


# ---- spans


@dataclass(frozen=True)
class _Text:
    """A text in which spans are looked for; case, quotation marks and spacing do not matter."""

    text: str

    def span(self, given: object) -> tuple[int, int] | None:
        """Return where the given words stand, or None: not there, or inside an order to a machine."""
        words = straight(str(given)).strip(" .,;:!?…\"'").split() if isinstance(given, str) else []
        if not words:
            return None
        even = straight(self.text)
        found = re.search(r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)", even, re.IGNORECASE)
        if found is None:
            return None
        around = [even[a:b] for a, b in pieces(even) if a < found.end() and found.start() < b]
        return None if any(map(is_order, around)) else found.span()


def _items(answer: Mapping[str, object], name: str) -> list[Mapping[str, Any]]:
    given = answer.get(name)
    return [item for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _member(kinds: type[Kind], value: object) -> Kind | None:
    return kinds(value) if isinstance(value, str) and value in {each.value for each in kinds} else None


# ---- what is united


def _people(read: Reading, text: _Text, given: Sequence[Mapping[str, Any]]) -> tuple[Mention, ...]:
    people = list(read.people)
    for item in given:
        span = text.span(item.get("span"))
        if span is None:
            continue
        words = read.text[slice(*span)]
        if len(words.split()) > 4 or words.casefold() in _PRONOUNS or any(_same(words, each) for each in people):
            continue
        named = words[:1].isupper() and not words.casefold().startswith(("my ", "the ", "our ", "a "))
        pronoun = item.get("pronoun") if item.get("pronoun") in _PRONOUNS else "they"
        label = words if named else re.sub(r"^(?:my|our)\b", "your", words, flags=re.IGNORECASE)
        role = None if named else re.sub(r"^(?:my|our|the|an?)\s+", "", words, flags=re.IGNORECASE)
        people.append(Mention(label, words if named else None, role, str(pronoun)))
    return tuple(people[: max(len(read.people), MOST_PEOPLE)])


def _same(words: str, mention: Mention) -> bool:
    mine = set(words.casefold().split()) - {"my", "our", "the", "a", "an", "your"}
    known = " ".join(each for each in (mention.name, mention.label, mention.role) if each).casefold().split()
    return not mine or bool(mine & (set(known) - {"your", "the"}))


def _moments(read: Reading, text: _Text, given: Sequence[Mapping[str, Any]]) -> tuple[ProposedMoment, ...]:
    moments = list(read.moments)
    if read.route in {Route.OFF_TOPIC, Route.INJECTION}:
        return read.moments
    for item in given:
        span = text.span(item.get("span"))
        by, landed = item.get("by"), item.get("landed")
        if span is None or by not in list(By) or landed not in list(Landed):
            continue
        if len(read.text[slice(*span)].split()) < 3 or any(a.start < span[1] and span[0] < a.end for a in moments):
            continue
        what = read.text[slice(*span)].strip(" ,;")
        moments.append(ProposedMoment(what, *span, By(by), Landed(landed), read.about.label if read.about else None))
    kept = moments[: max(len(read.moments), MOST_MOMENTS)]
    return tuple(sorted(kept, key=lambda moment: moment.start)) if len(kept) > len(read.moments) else read.moments


def _guesses(read: Reading, text: _Text, given: Sequence[Mapping[str, Any]]) -> tuple[Guess, ...]:
    guesses = list(read.guesses)
    for item in given:
        span, about = text.span(item.get("span")), item.get("about")
        if span is None or about not in _ABOUT or any(a.start < span[1] and span[0] < a.end for a in guesses):
            continue
        guesses.append(Guess(read.text[slice(*span)].strip(" ,;"), *span, str(about)))
    return tuple(guesses[: max(len(read.guesses), MOST_GUESSES)])


# ---- what is asked for


def schema() -> dict[str, object]:
    """Return the JSON schema of a language model's reading."""
    return _object(
        gravest=_object(
            kind={"type": "string", "enum": [kind.value for kind in Kind]},
            severity={"type": "string", "enum": [each.name.lower() for each in Severity]},
            span=_SPAN,
        ),
        people=_list(_object(span=_SPAN, pronoun=_one_of("he", "she", "they")), MOST_PEOPLE),
        moments=_list(_object(span=_SPAN, by=_one_of(*By), landed=_one_of(*Landed)), MOST_MOMENTS),
        guesses=_list(_object(span=_SPAN, about=_one_of(*sorted(_ABOUT))), MOST_GUESSES),
    ) | {"title": "Reading"}


_SPAN: dict[str, object] = {"type": "string", "maxLength": 200}


def _one_of(*values: str) -> dict[str, object]:
    return {"type": "string", "enum": [str(value) for value in values]}


def _list(of: Mapping[str, object], most: int) -> dict[str, object]:
    return {"type": "array", "items": of, "maxItems": most}


def _object(**fields: object) -> dict[str, object]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
