"""Gives the user's own words back, briefly: a short clause turned to "you" where grammar allows, else quoted. Pure.

Nothing is added to their words, and a clause that cannot be turned round correctly is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain import letters
from coach.domain.letters import plain
from coach.domain.violations import Context
from coach.planning import checks
from coach.planning.address import addressed
from coach.ports import Texts
from coach.reading import choices
from coach.rows import where

FEWEST, MOST = 4, 14
"""Words of a clause that is given back."""

_QUOTING = re.compile(r"(?:^|\s)'|'(?:\s|$|[,.])")


def _words(what: str) -> re.Pattern[str]:
    """What turns a clause round, what leaves it out, how it opens, what dangles … (``of`` in words/sessions)."""
    return where("words/sessions", "of", what)


def reflect(text: str, texts: Texts, named: Sequence[str], variant: int) -> str:
    """Return one sentence that gives a message back, "" when there is nothing to give. ``named``: the names in it."""
    clause = _clause(text, named)
    if not clause:
        return ""
    turned = ""
    if _words("turns").match(clause):
        turned = _turned(_words("turns").sub("", clause))
    context = Context(quotes=(text,), people=tuple(named))
    for form, words in (("turned", turned), ("quoted", _lower(clause))):
        if not words:
            continue
        said = texts.render("session/reflect.fixed", form=form, words=words, variant=variant % 3)
        if not checks.violations(said, context):
            return said
    return ""


def quote(text: str, most: int = MOST) -> str:
    """Return the telling part of some words, short enough to quote."""
    clause = _clause(text, (), most) or " ".join(text.split()[:most])
    return clause.strip(" ,;:.!?–-")


def _turned(clause: str) -> str:
    """Return a clause that begins with I as said to the user, "" when that might come out wrong."""
    words = plain(clause)
    if re.search(r"\b(?:you|your|yours|we|us|our|myself)\b", words) or words.count(" i ") > 1:
        return ""
    return addressed(clause.strip())


def _clause(text: str, named: Sequence[str], most: int = MOST) -> str:
    """Return the clause that says most: of a moment, in the first person, about someone; else the first full one."""
    even = letters.straight(text)
    best, best_score = "", 0.0
    whole = {even[slice(*span)].strip(): 0.3 for span in letters.pieces(even)}
    parts = {even[slice(*span)].strip(): 0.0 for span in letters.clauses(even)}
    for at, (clause, bonus) in enumerate({**parts, **whole}.items()):
        bare = _words("opens").sub("", clause.strip(" ,;:.–-"))
        words = bare.split()
        if (
            not FEWEST <= len(words) <= most
            or _words("leave").search(bare)
            or _words("dangles").search(bare)
            or _QUOTING.search(bare)
        ):
            continue
        telling = sum(not _words("thin").fullmatch(word.casefold().strip(",.")) for word in words)
        score = bonus + min(telling, 6) / 3 + at * 0.02 - 0.08 * max(0, len(words) - 9)
        score += 0.8 * bool(_words("turns").match(bare))
        score += 0.7 * any(choices.named(bare, name) is not None for name in named)
        if score > best_score and telling >= 3:
            best, best_score = bare, score
    return best


def _lower(clause: str) -> str:
    """A quotation begins as it stood: its first letter stays."""
    return clause.strip()
