"""What a message says once harm was disclosed, and whether it is about another matter. Pure; decides no kind.

The ways of saying it are rows (``words/after_harm``, ``words/other_matters``). Knows nothing of who is named.
"""

from __future__ import annotations

from enum import StrEnum

from coach.domain.letters import plain
from coach.rows import any_of, rows


class Says(StrEnum):
    """What a message says under a disclosure. Whatever is none of the listed things is MORE."""

    ONLY_TALK = "only_talk"
    SAFER = "safer"
    SOMEONE = "someone"
    NOBODY = "nobody"
    CALL = "call"
    DENIED = "denied"
    FORM = "form"
    PROOF = "proof"
    UNHEARD = "unheard"
    WHAT_THEN = "what_then"
    REPORTING = "reporting"
    LEAVING = "leaving"
    NICE = "nice"
    FAULT = "fault"
    QUIET = "quiet"
    TALK = "talk"
    PRIVATE = "private"
    RETOLD = "retold"
    THANKS = "thanks"
    BYE = "bye"
    NO = "no"
    OK = "ok"
    MORE = "more"


ANSWERS = frozenset(set(Says) - {Says.MORE, Says.ONLY_TALK})
"""What is said about the matter that was disclosed, whoever is named in it."""

FEWEST_WORDS = 6
"""A message with fewer words tells of no other matter."""


def says(text: str) -> Says:
    """Return what a message says under a disclosure; the first row that finds it decides."""
    words = plain(text)
    length = len(words.split())
    for row in rows("words/after_harm"):
        if length <= row.more["most"] and row.pattern.search(words):
            return Says(row.more["says"])
    return Says.MORE


def switches(text: str) -> bool:
    """Return whether a message says of itself that it is about something else."""
    return bool(any_of("words/other_matters").search(plain(text)))


def first_reference(text: str) -> int:
    """Return where a message first speaks of one person without a name ("he", "her"), its length where never."""
    hit = any_of("words/pronouns").search(text.casefold())
    return hit.start() if hit else len(text)
