"""The words for enumerations, as pages and the terminal show them: they stand in ``web/labels.yaml``. Knows no page."""

from __future__ import annotations

import calendar
from enum import StrEnum
from typing import Any, TypeVar

import yaml

from coach.domain.accounts import Number, Standing
from coach.domain.asks import About, Action, Happened, Harm, Meant, Taps
from coach.domain.drafts import Purpose
from coach.domain.events import Want
from coach.domain.moments import Channel, Landed
from coach.domain.people import Relation
from coach.domain.principles import Grade
from coach.domain.readings import Kind
from coach.shipped import shipped

E = TypeVar("E", bound=StrEnum)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LABELS: dict[str, Any] = yaml.load((shipped("web") / "labels.yaml").read_text(encoding="utf-8"), _LOADER)  # noqa: S506
"""All that stands in the file, by the name of its list."""


def labels(name: str, of: type[E]) -> dict[E, Any]:
    """Return a list of the file by the members of an enumeration."""
    return {of(key): words for key, words in LABELS[name].items()}


CHANNELS = labels("channels", Channel)
LANDED = labels("landed", Landed)
RELATIONS = labels("relations", Relation)
WANTS = labels("wants", Want)
NUMBERS = labels("numbers", Number)
STANDINGS = labels("standings", Standing)
HAPPENED = labels("happened", Happened)
ACTIONS = labels("actions", Action)

LATER: dict[str, Happened | Action] = {
    word: each for some in (HAPPENED, ACTIONS) for each, word in some.items() if each is not Action.NEW
}
"""What can be pressed under a plan where a number is typed for it, by its words."""

HARMS = labels("harm", Harm)
"""Who is harmed, as on the quiet line of every card."""

NAMES: dict[type, str] = {Meant: "doubt", Harm: "harm", About: "about"}
"""The name that each answer to a question about harm has among taps."""

ANSWERS: dict[Meant | Harm | About, str] = {
    of(key): words for of, name in NAMES.items() for key, words in LABELS[name].items()
}
"""What can be tapped under such a question."""


def later_taps(at: int) -> Taps:
    """Return the taps of the line of ``LATER`` at a place."""
    pressed = list(LATER.values())[at]
    return Taps(happened=pressed) if isinstance(pressed, Happened) else Taps(action=pressed)


GIVEN = {
    "places": LABELS["places"], "near": ("chat", "today", "journal", "people"), "starters": LABELS["starters"],
    "kinds": labels("kinds", Kind), "purposes": labels("purposes", Purpose), "wants": WANTS, "numbers": NUMBERS,
    "standings": STANDINGS, "happened": HAPPENED, "came_words": {**HAPPENED, **labels("came", Happened)},
    "actions": ACTIONS, "channels": CHANNELS, "landed_words": LANDED, "relations": RELATIONS,
    "grades": labels("grades", Grade), "sources": LABELS["sources"], "months": tuple(calendar.month_name)[1:],
    "answers": ANSWERS, "answer_names": {each: NAMES[type(each)] for each in ANSWERS}, "harms": HARMS,
}  # fmt: skip
"""What templates are given of it. ``near``: the places in the bar of a narrow screen, those of every day."""
