"""What a user has settled once: the calendar feed and what it may say. Says nothing about anybody else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """``feed`` is the secret part of the feed's address, None: there is no feed.

    ``names``: calendar entries may name people and say what to do. ``hour`` is when short blocks of time are suggested,
    in the user's own zone.
    """

    feed: str | None = None
    names: bool = False
    hour: int = 9
