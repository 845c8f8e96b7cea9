"""The rubric's criteria, and what is asked about each. Knows criteria.yaml; asks nobody.

What code can count by itself (length, steps, sameness) is in COUNTED and never asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import yaml

from coach.domain.readings import ROUTES, Kind, Route
from evals.straight import HERE


class Sense(StrEnum):
    """What finding it means: points, points lost, a failed gate; needs: a gate fails when it is not found."""

    EARNS = "earns"
    COSTS = "costs"
    GATE = "gate"
    NEEDS = "needs"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question about an answer. ``about``: the routes and kinds it is asked for."""

    name: str
    sense: Sense
    ask: str
    points: int = 0
    about: tuple[str, ...] = (Route.IN_SCOPE,)

    def fits(self, kind: Kind) -> bool:
        """Say whether it is asked about answers to such a message."""
        return kind.value in self.about or ROUTES[kind].value in self.about


@dataclass(frozen=True, slots=True)
class Planted:
    """A whole answer in parts, each of which meets one criterion, and faults that can be put into it."""

    kind: Kind
    message: str
    parts: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]


COUNTED = {"too_long": 3, "too_many_steps": 3, "same_as_another": 2}
"""Points lost for what code counts: a reply over 250 words, over three steps, the same answer to another message."""


@cache
def criteria() -> tuple[Criterion, ...]:
    """Return the criteria in the rubric's order."""
    return tuple(
        Criterion(
            each["name"],
            Sense(each["sense"]),
            each["ask"],
            each.get("points", 0),
            tuple(each.get("for", (Route.IN_SCOPE.value,))),
        )
        for each in _load("criteria.yaml")
    )


@cache
def planted() -> tuple[Planted, ...]:
    """Return the answers that the judge is tried on."""
    return tuple(
        Planted(Kind(each["kind"]), each["message"], tuple(each["parts"].items()), tuple(each["faults"].items()))
        for each in _load("planted.yaml")
    )


def named(name: str) -> Criterion:
    """Return a criterion by its name."""
    return next(each for each in criteria() if each.name == name)


def _load(file: str) -> Any:
    return yaml.safe_load((HERE / file).read_text(encoding="utf-8"))
