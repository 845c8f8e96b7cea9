"""What templates ask of a plan's parts: the first step that is open, and the words of a part kept as JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator

from coach.domain.plans import RepairPlan, Step

_NOT_WORDS = frozenset({"card", "channel", "level", "ask"})


def part_words(value: str) -> str:
    """Return the words of a part that is kept as JSON; a sentence is returned as it is."""
    try:
        return " · ".join(_words_in(json.loads(value)))
    except ValueError:
        return value


def _words_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _words_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in _NOT_WORDS:
                yield from _words_in(each)


def line(value: str) -> str:
    """Return words on one line."""
    return " ".join(value.split())


def first_open(plan: RepairPlan, done: Container[str], fresh: Container[str] = ()) -> Step | None:
    """Return the first step of a plan that nothing came of yet, one that is ``fresh`` in it before all others.

    ``done`` and ``fresh`` are ids: of the steps that something came of, and of those that this turn brought.
    """
    left = [step for step in plan.steps if step.id not in done]
    return next((step for step in left if step.id in fresh), left[0] if left else None)
