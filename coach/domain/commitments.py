"""A commitment: a step of a plan that the user means to take, with the day it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Closing(StrEnum):
    """Why a commitment is no longer open."""

    DONE = "done"
    STOPPED = "stopped"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True)
class Commitment:
    """A step that the user means to take. ``id`` is the step's; its words are in its plan.

    ``due`` is the day it is for; ``moved`` counts how often that day was put off. ``closed_at`` and ``closing`` are
    None while it is open. Times are UTC.
    """

    id: str
    plan_id: str
    taken_at: datetime
    due: date
    moved: int = 0
    closed_at: datetime | None = None
    closing: Closing | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be done or asked about."""
        return self.closed_at is None
