"""Twenty scripted leaders (cases/leaders.yaml): each answers the question that is put, in their own manner.

Knows no sentence of the coach: a leader answers by what a question listens for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "cases" / "leaders.yaml"


@dataclass(frozen=True)
class Promise:
    """Something a leader says they will do: the beginning of the sentence, and its day; None: they name none."""

    said: str
    day: date | None = None


@dataclass(frozen=True)
class Leader:
    """One leader. ``answers``: by a question's id, else by what it listens for, each once; else ``other``, in turn.

    ``says``: said instead of an answer at that turn (from 1). ``person`` is the id of whom the session is about.
    ``least``: how many commitments it should come to; 0: a stated reason is the right end. ``commitments``: what they
    say they will do. ``stop``: the answer that asks to stop. They keep whatever is offered.
    """

    name: str
    kind: str
    answers: Mapping[str, str]
    other: tuple[str, ...] = ("I am not sure.",)
    says: Mapping[int, str] = field(default_factory=dict)
    person: str | None = None
    least: int = 1
    commitments: tuple[Promise, ...] = ()
    stop: str = ""


@cache
def leaders(file: Path = FILE) -> tuple[Leader, ...]:
    """Return all leaders of a file."""
    found = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    return tuple(
        Leader(
            **{
                **each,
                "other": tuple(each["other"]),
                "commitments": tuple(Promise(**it) for it in each.get("commitments", ())),
            }
        )
        for each in found
    )
