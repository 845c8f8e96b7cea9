"""One message of a thread that someone pasted: who wrote what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from coach.domain.moments import Channel


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. ``who`` is the sender as written, empty when it does not say.

    ``on`` and ``at`` are the day and the time on the writer's clock, None when it does not say.
    """

    who: str
    text: str
    channel: Channel
    on: date | None = None
    at: time | None = None
