"""What a user has settled once: the calendar feed and what it may say. Says nothing about anyone else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """``feed`` is the secret part of the feed's address, None: there is no feed.

    ``names``: calendar entries may name people and say what to do. ``hour`` is when short blocks of time are suggested,
    in the user's own zone. ``id`` is always the same: a user has one of these.
    """

    feed: str | None = None
    names: bool = False
    hour: int = 9
    changed_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    id: str = "mine"
