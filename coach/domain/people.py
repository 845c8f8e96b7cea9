"""A person: one colleague in a user's journal. Knows nothing of scores or ranks, and never will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """How a person stands to the user in the organisation."""

    REPORT = "report"
    PEER = "peer"
    MANAGER = "manager"
    OTHER_DEPARTMENT = "other-department"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Person:
    """One colleague.

    ``remote`` is None when nobody has said. ``matters`` is what matters to them, ``plate`` what they
    have on their plate, noted at ``plate_noted_at`` (UTC) because it goes stale.
    """

    id: str
    name: str
    created_at: datetime
    role: str | None = None
    relation: Relation | None = None
    remote: bool | None = None
    matters: str | None = None
    plate: str | None = None
    plate_noted_at: datetime | None = None
