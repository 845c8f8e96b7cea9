"""The few short words that are answered without a card: thanks, bye, ok, log it, forget that. A closed list."""

from __future__ import annotations

from enum import StrEnum

from coach.domain.letters import plain
from coach.rows import rows


class Scrap(StrEnum):
    """What a scrap says."""

    THANKS = "thanks"
    BYE = "bye"
    OK = "ok"
    HELLO = "hello"
    LOG = "log"
    FORGET = "forget"


def detect(text: str) -> Scrap | None:
    """Return what a message says when it is nothing but one of the listed scraps, else None."""
    words = plain(text)
    return next((Scrap(row.more["scrap"]) for row in rows("words/scraps") if row.pattern.search(words)), None)
