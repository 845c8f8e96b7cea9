"""Finds orders in a text that are meant for a machine, and leaves them out of what a language model is shown.

Knows ways of ordering a machine about (``knowledge/harms/orders``). Errs on the side of leaving out, since harm is
looked for in the whole text anyway.
"""

from __future__ import annotations

import re
import unicodedata

from coach.domain.letters import pieces, straight
from coach.domain.readings import Kind
from coach.rows import any_of
from coach.safety import harms

LEFT_OUT = "…"
_HEAD = re.compile(r"^\W+")


def _hidden() -> re.Pattern[str]:
    """Return what finds where an order hides: marks of prompts, templates and pages."""
    return any_of("harms/hidden", re.DOTALL | re.IGNORECASE)


def found(text: str) -> tuple[str, ...]:
    """Return the sentences of a text that order a machine about, and the marks that hide one, as they stand."""
    even = unicodedata.normalize("NFKC", text)
    hidden = [hit[0].strip() for hit in _hidden().finditer(even) if hit[0].strip()]
    sentences = (even[start:end].strip() for start, end in pieces(straight(_hidden().sub(" ", even))))
    return tuple(dict.fromkeys((*hidden, *(each for each in sentences if is_order(each)))))


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
    return harms.telling(sentence, Kind.INJECTION) or any_of("harms/orders").search(_HEAD.sub("", words)) is not None
