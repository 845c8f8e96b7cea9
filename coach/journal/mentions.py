"""Who is named in what was kept: found, and taken out of it. Pure.

A person is named by their whole name, by each word of it that is nobody else's in the journal, and by their id. What is
about somebody else stays without the sentences that name them; a note about somebody else without the name alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from coach.domain.letters import pieces
from coach.domain.people import Person
from coach.errors import StorageTrouble
from coach.journal.payloads import from_json, to_json
from coach.reading.names import found
from coach.rows import words

T = TypeVar("T")

GONE = "…"
"""What stands where a name, or a sentence with it, was."""

_SHORTEST, _TELLING = 2, 9
"""So many letters a name has, and so many an id that stands for one person in any text."""


@dataclass(frozen=True)
class Naming:
    """How one person is named, beside everybody else of the journal."""

    person: Person
    others: tuple[Person, ...]

    @cached_property
    def _shared(self) -> frozenset[str]:
        return frozenset(word for other in self.others for word in _words(other.name))

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        own = [it for it in _words(self.person.name) if it not in self._shared | _everyday() and len(it) >= _SHORTEST]
        name = " ".join(self.person.name.split())
        if " " in name and name.casefold() not in {it.name.casefold() for it in self.others}:
            own.append(name)
        return _pattern([self.person.id, *own] if len(self.person.id) >= _TELLING else own)

    @cached_property
    def _words_too(self) -> tuple[str, ...]:
        """The words of their name that are everyday words as well: what stands around them says which."""
        return tuple(it for it in self.person.name.split() if it.casefold() in _everyday() - self._shared)

    def names(self, text: str) -> bool:
        """Whether a text names them."""
        if self._whole.search(text) is not None:
            return True
        return any(it in text for it in self._words_too) and bool(
            {word for name in found(text) for word in name.split()} & set(self._words_too)
        )

    def names_other(self, text: str) -> bool:
        """Whether a text names somebody else of the journal."""
        return self._others.search(text) is not None

    @cached_property
    def _others(self) -> re.Pattern[str]:
        return _pattern(word for other in self.others for word in _words(other.name))

    def without(self, text: str) -> str:
        """Return a text without the sentences that name them; as many sentences as before."""
        if not self.names(text):
            return text
        told, at = [], 0
        for start, end in pieces(text):
            told += [text[at:start], GONE if self.names(text[start:end]) else text[start:end]]
            at = end
        whole = "".join((*told, text[at:]))
        return GONE if self.names(whole) else whole

    def nameless(self, text: str) -> str:
        """Return a text without their name."""
        if not self.names(text):
            return text
        bare = self._whole.sub(GONE, text)
        if self._words_too:
            bare = _pattern(self._words_too, 0).sub(GONE, bare)
        return bare


def told(thing: object, naming: Naming) -> bool:
    """Whether anything of a noun names them, or holds their id."""
    return naming.names(to_json(thing).decode())


def rewritten(thing: T, how: Callable[[str], str]) -> T:
    """Return a noun with every text of it changed by ``how``."""
    data = json.loads(to_json(thing))
    try:
        return from_json(type(thing), json.dumps(_each(data, how)).encode())
    except StorageTrouble:  # someone is called as a field's value is
        return from_json(type(thing), json.dumps(_each(data, lambda it: it if it.islower() else how(it))).encode())


def _each(value: Any, how: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return how(value)
    if isinstance(value, list):
        return [_each(it, how) for it in value]
    return {name: _each(it, how) for name, it in value.items()} if isinstance(value, dict) else value


@cache
def _everyday() -> frozenset[str]:
    """Words that a name may be as well: what stands around them says which they are."""
    return words("names/everyday") | words("names/not_names") | words("names/function_words")


def _words(name: str) -> list[str]:
    return [it.casefold() for it in name.split()]


def _pattern(forms: Iterable[str], flags: int = re.IGNORECASE) -> re.Pattern[str]:
    every = sorted({re.escape(form) for form in forms}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(every)})(?!\w)" if every else "(?!)", flags)
