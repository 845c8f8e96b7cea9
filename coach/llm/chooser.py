"""Chooses what stands for a name, a contact or a clause: the same every time, and nothing that is in the text. Pure.

Which word a name gets is the user's secret: it is chosen by a keyed hash (HMAC-SHA256).
"""

from __future__ import annotations

import hmac
import itertools
from collections.abc import Callable, Iterator, Mapping

from coach.llm import aliases
from coach.llm.aliases import fold
from coach.llm.detector import WORD, Named, bare, parts

LEFT_OUT = "[left out]"
"""Stands for a withheld clause. In the reply the clause is put back."""

_FORMS: Mapping[str, Callable[[int], str]] = {
    "email": lambda n: f"person{n}@mail.example",
    "link": lambda n: f"https://link{n}.example",
    "handle": lambda n: f"@person{n}",
    "phone": lambda n: f"020 7946 0{n}",  # numbers that Ofcom keeps for plays and films
}


class Chooser:
    """Chooses made-up words: the same for a name every time, none that is in the text, none twice."""

    def __init__(self, secret: bytes, text: str) -> None:
        self._secret, self._text = secret, text
        self._taken = set(_all_words(text))

    def word(self, name: Named) -> str:
        """Return the word for a name, from its sort's own list."""
        pool = aliases.made_up(name.sort)
        at = self._number(f"{name.sort} {fold(name.word)}", len(pool))
        turned = [*pool[at:], *pool[:at]]
        endings = ("" if n == 0 else _ENDINGS[n % len(_ENDINGS)] * n for n in itertools.count())
        return self._first(each + ending for ending in endings for each in turned)

    def contact(self, sort: str, as_written: str) -> str:
        """Return what stands for an address, a link, a handle or a number."""
        at = self._number(f"{sort} {as_written.casefold()}", 900)
        tries = (_FORMS[sort](100 + (at + n) % 900) for n in range(900))
        found = next(each for each in tries if each not in self._text and each not in self._taken)
        self._taken.add(found)
        return found

    def left_out(self) -> str:
        """Return the next mark of a withheld clause."""
        marks = (LEFT_OUT if n == 1 else f"[left out {n}]" for n in itertools.count(1))
        found = next(each for each in marks if each not in self._text and each not in self._taken)
        self._taken.add(found)
        return found

    def _first(self, words: Iterator[str]) -> str:
        found = next(each for each in words if self._taken.isdisjoint({each.lower(), each.lower() + "s"}))
        self._taken |= {found.lower(), found.lower() + "s"}
        return found

    def _number(self, what: str, below: int) -> int:
        return int.from_bytes(hmac.digest(self._secret, what.encode(), "sha256")[:8]) % below


_ENDINGS = ("el", "an", "or", "en")


def _all_words(text: str) -> Iterator[str]:
    for word in set(WORD.findall(text)):
        yield word.lower()
        yield from (part.lower() for part in parts(word))
        yield bare(word).lower()
