"""How much of a message is the coach's own wording. Pure; counts words, judges nothing."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\[[^\]]*\]|[^\W_]+(?:['’][^\W_]+)*")
_RUN = 3
"""Fewer words in a row than this are anybody's."""


def share(text: str, suggested: str) -> float:
    """Return the share of a message's words that stand in the suggestion in the same order, from 0 to 1.

    Only runs of three words or more count (Ratcliff & Obershelp 1988, by words); a blank that is still open counts as
    the coach's. 0 when nothing was suggested or nothing is written.
    """
    ours, theirs = _words(text), _words(suggested)
    if not ours or not theirs:
        return 0.0
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= min(_RUN, len(theirs))) / len(ours)


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
