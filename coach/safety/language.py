"""Whether a message is in another language than English, and whether it tells of harm in it. Pure.

The guess comes from outside. A short or doubtful message counts as English, unless it tells of harm in other words: it
gets the ask card, and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.letters import plain
from coach.domain.readings import Kind
from coach.rows import Row, rows

SURE = 0.7
"""How sure the guess has to be. On 5,873 English texts one was taken for another language at this bar."""

SURELY_ENGLISH = 0.8
"""A message that is English with this certainty is not searched for words of harm in other languages."""

FEWEST_WORDS = 4
FEWEST_LETTERS = 6
"""For scripts without Latin letters, which need no blanks."""

SPOKEN = (
    "ar", "bg", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl",
    "no", "pl", "pt", "ro", "ru", "sk", "sv", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
"""The languages that have a text of their own, ISO 639-1."""

_READ_BY = {"nn": "no", "nb": "no", "ms": "id", "arz": "ar", "yue": "zh", "wuu": "zh", "als": "de", "nds": "de"}
"""Languages whose readers read another one that has a text."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_OTHER_SCRIPT = re.compile(r"[^\W\d_]")


def foreign(text: str, guess: tuple[str, float]) -> str | None:
    """Return the language of a message that is not English, else None. ``guess``: a language and how sure it is."""
    code, sure = guess
    letters = _OTHER_SCRIPT.findall(text)
    other = [letter for letter in letters if ord(letter) > 0x24F]
    if len(other) >= FEWEST_LETTERS and len(other) * 2 > len(letters):
        return code if code != "en" else "und"
    if code == "en" and sure >= SURELY_ENGLISH:
        return None
    if code == "en" or sure < SURE or len(_WORD.findall(text)) < FEWEST_WORDS:
        told = next(_telling(plain(text), code), None)
        return str(told.more["language"]) if told else None
    return code


def harm(text: str, code: str | None) -> Kind | None:
    """Return the kind of harm that words of a message in another language tell of, None where none do."""
    told = next(_telling(plain(text), code), None)
    return Kind(told.more["kind"]) if told else None


def spoken(code: str | None) -> str:
    """Return the language in which a message in another one is answered; English where it has no text of its own."""
    found = _READ_BY.get(code or "", code)
    return found if found in SPOKEN else "en"


def _telling(words: str, code: str | None) -> Iterator[Row]:
    """Yield the rows that find something: those of the language first, then of all, as near ones are taken for it."""
    latin = words.isascii()
    own = [row for row in rows("harms/foreign") if row.more["language"] == code]
    for row in (*own, *rows("harms/foreign")):
        if not (latin and row.more["script"] != "latin") and row.pattern.search(words):
            yield row
