"""How much a language model is given of a turn. Knows counts, nothing of turns.

A long letter loses its middle; a long journal is told by its findings and its last moments.
"""

from __future__ import annotations

ASKED_WORDS = 120
"""Words of a follow-up in a prompt."""

MESSAGE_WORDS = 260
"""Words of the user's message in a prompt."""

PROMPT_TOKENS = 2200
"""The most that one prompt may come to, at about four characters a token."""


def tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return len(text) // 4 + 1


def clipped(text: str, words: int) -> str:
    """Return a text of at most so many words: its beginning and its end, "…" for what is left out between them."""
    every = text.split()
    if len(every) <= words:
        return text
    end = words // 4
    return " ".join((*every[: words - end], "…", *every[-end:]))
