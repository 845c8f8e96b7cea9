"""Names: made-up ones to stand for real ones, and what is known of real first names. Reads ``knowledge/names``.

The made-up ones are rare as names and not everyday words, so that a reply seldom holds one by chance. None ends
in s, so that a possessive survives.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

from coach.rows import words


@cache
def made_up(sort: str) -> tuple[str, ...]:
    """Return the made-up names of a sort (he | she | they | family | place | letters), in the order of the alphabet.

    Which of them a name gets depends on their order. Raises KnowledgeTrouble.
    """
    return tuple(sorted(words(f"names/made_up_{sort}")))


@cache
def genders() -> Mapping[str, str]:
    """Return first name in lower case → "he", "she" or "they", where most people who have it are called so."""
    return {name: gender for gender in ("he", "she", "they") for name in words(f"names/{gender}")}


def everyday() -> frozenset[str]:
    """Return the first names that are words as well: names only where they are written with a capital."""
    return words("names/everyday")


@cache
def only_names() -> frozenset[str]:
    """Return the first names that are nothing else."""
    return frozenset(genders()) - everyday()


def fold(word: str) -> str:
    """Return what all spellings of a word share: no capitals, no accents, straight apostrophes."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(each for each in plain if not unicodedata.combining(each)).replace("ł", "l").replace("ø", "o")
