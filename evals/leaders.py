"""Twelve scripted leaders (cases/leaders.yaml): each answers the question that is put, in their own manner.

Knows no sentence of the coach: a leader answers by what a question listens for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "cases" / "leaders.yaml"


@dataclass(frozen=True)
class Leader:
    """One leader. ``answers``: by a question's id, else by what it listens for, each once; else ``other``, in turn.

    ``says``: said instead of an answer at that turn (from 1). ``person`` is the id of whom the session is about.
    ``least``: how many commitments it should come to; 0: a stated reason is the right end.
    """

    name: str
    kind: str
    answers: Mapping[str, str]
    other: tuple[str, ...] = ("I am not sure.",)
    says: Mapping[int, str] = field(default_factory=dict)
    person: str | None = None
    least: int = 1


@cache
def leaders() -> tuple[Leader, ...]:
    """Return the twelve."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(Leader(**{**each, "other": tuple(each["other"])}) for each in found)
