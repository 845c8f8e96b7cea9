"""The parts of an apology in a text: the saying sorry, the owning, the offer to put it right.

After Lewicki, Polin & Lount 2016, who found six parts and these to count most. The words are the rows of
``knowledge/wordings/apologies.yaml``; knows nothing of warnings or plans. Texts are in small letters with straight
quotes.
"""

from __future__ import annotations

import re
from functools import cache

from coach.rows import joined, rows


@cache
def _part(name: str) -> re.Pattern[str]:
    return joined(row for row in rows("wordings/apologies") if row.more["part"] == name)


def says_sorry(text: str) -> re.Match[str] | None:
    """Return where the text first says sorry for something (not sympathy), or None."""
    sympathies = [found.span() for found in _part("sympathy").finditer(text)]
    for found in _part("says").finditer(text):
        if not any(start <= found.end() - 1 < end for start, end in sympathies):
            return found
    return None


def mine(text: str) -> str:
    """Return the text without what the other one may say in it: the quotation in 'if she says "sorry"'."""
    return _part("theirs").sub(" ", text)


def owns(text: str) -> bool:
    """True when the writer takes the deed on themselves somewhere in the text."""
    return bool(_part("owns").search(text))


def offers(text: str) -> bool:
    """True when the writer offers to put it right, says what will change, or asks what would help."""
    return bool(_part("offers").search(text))
