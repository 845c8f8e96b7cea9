"""What a request was answered with, kept for a day so that the same request again is answered the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=1)
"""How long an answer is kept."""


@dataclass(frozen=True, slots=True)
class Echo:
    """``request`` is a hash of what was asked, ``at`` when. ``status`` 0: it is still being answered.

    ``erased``: something of the user was erased since, so what it said is gone, and it is not done again.
    """

    request: str
    at: datetime
    status: int = 0
    media_type: str = ""
    tag: str = ""
    body: str = ""
    erased: bool = False
