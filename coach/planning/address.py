"""Turns a step in the user's words ("then I ask how it was for me") into words to them ("ask how it was for you").

Knows English pronouns; nothing of plans.
"""

from __future__ import annotations

import re

_TURNED = {
    "i am": "you are",
    "i was": "you were",
    "am i": "are you",
    "was i": "were you",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
}
_MINE = re.compile(r"“[^”]*”|\b(?:i am|i was|am i|was i|i'm|i've|i'd|i'll|i|me|my|mine|myself)\b(?!')", re.IGNORECASE)


def addressed(words: str) -> str:
    """Return first-person words as said to the user; what stands in quotation marks is left as it is."""
    return _MINE.sub(lambda hit: _TURNED.get(hit.group().lower(), hit.group()), words)
