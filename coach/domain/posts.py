"""One message of a thread that someone pasted: who wrote what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

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


def forward(messages: list[Message], *, timed: bool = False) -> list[Message]:
    """Return the messages of a thread oldest first: turned round where each has a day and none is after the one before.

    ``timed``: each has a time as well, or they stay as they are.
    """
    order = [(each.on, each.at or time()) for each in messages if each.on and (each.at or not timed)]
    if len(order) < max(2, len(messages)):
        return messages
    back = all(later <= former for former, later in pairwise(order))
    return messages[::-1] if back and order[0] != order[-1] else messages
