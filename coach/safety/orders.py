"""Finds orders in a text that are meant for a machine, and leaves them out of what a language model is shown.

Knows ways of ordering a machine about (``knowledge/harms/orders``); errs on the side of leaving out, since the
deterministic coach has read the whole text anyway.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from coach.domain.letters import pieces, straight
from coach.domain.readings import Kind
from coach.rows import joined, rows
from coach.safety import floor

LEFT_OUT = "…"


@cache
def _hidden() -> re.Pattern[str]:
    """Return what finds where an order hides: marks of prompts, templates and pages."""
    return joined(rows("harms/hidden"), re.DOTALL | re.IGNORECASE)


@cache
def _orders() -> re.Pattern[str]:
    return joined(rows("harms/orders"))


def without_orders(text: str) -> str:
    """Return a text on one line without the sentences that order a machine about; "…" stands where one was left out."""
    text = _hidden().sub(f" {LEFT_OUT} ", unicodedata.normalize("NFKC", text))
    even = straight(text)
    kept: list[str] = []
    for start, end in pieces(even):
        sentence = text[start:end]
        if is_order(sentence):
            if kept[-1:] != [LEFT_OUT]:
                kept.append(LEFT_OUT)
        else:
            kept.append(sentence.strip())
    return " ".join(" ".join(kept).split())


def is_order(sentence: str) -> bool:
    """Return whether a sentence orders a machine about."""
    words = " ".join(straight(unicodedata.normalize("NFKC", sentence)).casefold().split())
    return floor.telling(sentence, Kind.INJECTION) or _orders().search(words) is not None


def is_name(name: str) -> bool:
    """Return whether what stands as a person's name is no more than a name."""
    even = " ".join(name.split())
    plain_name = len(even) <= 40 and len(even.split()) <= 5 and re.fullmatch(r"[^\W\d_][\w'’.\- ]*", even)
    return bool(plain_name) and not is_order(even)
