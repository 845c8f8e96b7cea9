"""Channels in words: whether a text says that something was said by phone, by mail, in a meeting … Pure.

The words for a channel are data (knowledge/words/channels.yaml). Knows nothing of moments or people.
"""

from __future__ import annotations

import re
from functools import cache

from coach.domain.moments import Channel
from coach.rows import rows, where


def channel(text: str) -> Channel | None:
    """Return the channel that a text names first, None where it names none. ``text`` has straight quotes."""
    hits = [(hit.start(), at, it) for at, (it, form) in enumerate(_forms()) if (hit := form.search(text))]
    return min(hits)[2] if hits else None


@cache
def _forms() -> tuple[tuple[Channel, re.Pattern[str]], ...]:
    """Each channel with what names it, in the order of the file."""
    order = dict.fromkeys(row.more["channel"] for row in rows("words/channels"))
    return tuple((Channel(name), where("words/channels", "channel", name, re.IGNORECASE)) for name in order)
