"""Principles ranked from an account: what the catalogue names for its events, what Chroma finds, and both fused.

Knows labels, the catalogue and the library; grades nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.domain.events import Want
from coach.domain.letters import Letter
from evals.accounts import Label
from evals.cases import Case
from evals.coached import Coached

FUSED_AT = 1
"""The constant of reciprocal rank fusion (Cormack, Clarke & Buettcher, 2009), chosen on the sixty labelled accounts."""

WANTS: Mapping[Want, str] = {
    Want.PUT_RIGHT: "I want to put it right",
    Want.CLEAR_UP: "I want to clear it up",
    Want.SET_LIMIT: "I want to set a limit",
    Want.GET_CLOSER: "I want to get closer",
    Want.KEEP_WARM: "I want to keep it warm",
    Want.THANK: "I want to say thank you",
    Want.FIND_WORDS: "I want to find the words",
    Want.ANSWER_THEM: "I want to answer them",
    Want.DECIDE: "I want to decide what to do",
    Want.JUST_KEEP: "I want to keep it",
}


def from_catalogue(coached: Coached, label: Label) -> list[str]:
    """Return the principles that the catalogue names for the events, the main one's first."""
    events = [coached.catalogue.entry(each.event) for each in label.in_order(coached.catalogue)]
    return list(dict.fromkeys(principle for entry in events for principle in entry.principles))


def from_chroma(coached: Coached, case: Case, label: Label) -> list[str]:
    """Return all principles as retrieval ranks them for the quoted words, the meanings of the events, and the want."""
    return coached.rank(told(coached, case, label))


def told(coached: Coached, case: Case, label: Label) -> str:
    """Return an account as a text to search with."""
    letter = Letter(case.message)
    events = label.in_order(coached.catalogue)
    numbers = sorted({each.sentence for each in events if each.sentence})
    quoted = [found.text for number in numbers if (found := letter.sentence(number))]
    means = [coached.catalogue.entry(each.event).means for each in events]
    return " ".join((*quoted, *means, WANTS[label.want]))


def fused(*rankings: Sequence[str]) -> list[str]:
    """Return one ranking of several: by the sum of 1 / (1 + place), the first ranking deciding ties."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, name in enumerate(ranking, 1):
            scores[name] = scores.get(name, 0.0) + 1 / (FUSED_AT + place)
    return sorted(scores, key=lambda name: -scores[name])
