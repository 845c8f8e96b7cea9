"""Disguising a text, and restoring a reply. Pure.

Names are disguised word by word, so that a full name, a first name alone and a possessive go together; capitals are
kept (tom → alden, TOM → ALDEN). Every word stands for one name and every name for one word, in this prompt and its
reply.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from coach.domain.people import Person
from coach.llm import detector, withheld
from coach.llm.aliases import fold
from coach.llm.chooser import Chooser
from coach.llm.detector import WORD, Named, Sort, bare, parts

COACH = "coach"
"""The role of what the coach itself said."""


class _Mask:
    """One name's word and the made-up word for it, in the spellings of capitals that occur."""

    def __init__(self, name: Named, word: str) -> None:
        self.loose = name.loose
        self.name, self.word = name.word, word
        self._out: dict[str, str] = {}
        self._back: dict[str, str] = {}

    def covers(self, name: str) -> bool:
        """Whether a spelling means this name."""
        return self.loose or name == self.name or name[:1].isupper()

    def out(self, name: str) -> str:
        """Return the made-up word in capitals like the name's; every spelling of the name has its own."""
        if name not in self._out:
            like = str.upper if name.isupper() and len(name) > 1 else str.lower if name.islower() else str
            others = ("".join(each) for each in itertools.product(*((c.upper(), c.lower()) for c in self.word)))
            word = next(each for each in itertools.chain([like(self.word)], others) if each not in self._back)
            self._out[name], self._back[word] = word, name
        return self._out[name]

    def back(self, word: str) -> str:
        """Return the name that a spelling of the made-up word stands for."""
        if word in self._back:
            return self._back[word]
        if word.isupper():
            return self.name.upper()
        # Whoever writes all in small letters is answered in usual ones.
        small = self.name.islower() and word[:1].isupper()
        return self.name[:1].upper() + self.name[1:] if small else self.name


class Disguise:
    """Maps real names to made-up ones for one prompt and its reply. An empty one changes nothing."""

    def __init__(self) -> None:
        self._masks: dict[str, _Mask] = {}  # by the folded name
        self._words: dict[str, _Mask] = {}  # by the made-up word, lower case
        self._whole: dict[str, str] = {}  # what is replaced as it stands: contacts, clauses, initials
        self._wholes_back: Mapping[str, str] = {}
        self._kept: frozenset[str] = frozenset()  # identifiers that stay
        self._out = self._back = WORD

    def text(self, text: str) -> str:
        """Return a text with everything covered disguised."""
        done: dict[str, str] = dict(self._whole)  # most words of a text stand in it many times

        def replaced(hit: re.Match[str]) -> str:
            word = hit.group()
            if word not in done:
                done[word] = self._worded(word)
            return done[word]

        return self._out.sub(replaced, text)

    def _worded(self, word: str) -> str:
        if word[0] == "\\":
            return _escaped(word, self._masked)
        if "_" not in word:
            return self._masked(word)
        return word if word in self._kept else WORD.sub(lambda hit: self._masked(hit.group()), word)

    def restored(self, text: str) -> str:
        """Return a text with every pseudonym turned back."""
        return self._back.sub(lambda hit: self._wholes_back.get(hit.group()) or self._unworded(hit.group()), text)

    def restored_word(self, word: str) -> str:
        """Return one word with the pseudonyms in it turned back."""
        return self._unmasked(word)

    def prompt(self, prompt: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the messages disguised, the coach's own words as part of the user's message before them."""
        worn: list[tuple[str, str]] = []
        for role, text in prompt:
            if role == COACH and worn:
                role, before = worn.pop()
                worn.append((role, f"{before}\n\n{self.text(text)}"))
            else:
                worn.append((role, self.text(text)))
        return worn

    def data(self, value: Any) -> Any:
        """Return JSON-ready data with every string disguised."""
        return _mapped(value, self.text)

    def restored_data(self, value: Any) -> Any:
        """Return JSON-ready data with every string restored."""
        return _mapped(value, self.restored)

    @property
    def empty(self) -> bool:
        """Whether nothing is disguised."""
        return not self._masks and not self._whole

    def may_name(self, word: str) -> bool:
        """Whether a word of a reply that is not over yet may become, or hold, a made-up one."""
        lower = word.lower()
        return any(made_up in lower for made_up in self._words) or any(
            made_up.startswith(lower[at:]) for made_up in self._words for at in range(len(lower))
        )

    @property
    def made_up(self) -> Sequence[str]:
        """The made-up words, in lower case."""
        return list(self._words)

    @property
    def wholes(self) -> Sequence[str]:
        """A stand-in that replaces something as a whole, and that may come back split."""
        return list(self._wholes_back)

    def found_back(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of a reply that are looked at one by one."""
        return (hit.span() for hit in self._back.finditer(text))

    def _masked(self, word: str) -> str:
        return _wordwise(word, lambda part: self._mask(part))

    def _mask(self, word: str) -> str | None:
        mask = self._masks.get(fold(word))
        return mask.out(word) if mask is not None and mask.covers(word) else None

    def _unmasked(self, word: str) -> str:
        return _wordwise(word, lambda part: it.back(part) if (it := self._words.get(part.lower())) else None)

    def _unworded(self, word: str) -> str:
        return _escaped(word, self._unmasked) if word[0] == "\\" else self._unmasked(word)

    # ---- how it is made

    def cover(self, name: Named, word: str) -> None:
        """Let a made-up word stand for a name."""
        mask = _Mask(name, word)
        self._masks[fold(name.word)] = self._words[word.lower()] = mask

    def covers(self, name: Named) -> bool:
        """Whether something stands for a name already."""
        return fold(name.word) in self._masks

    def cover_whole(self, as_written: str, word: str) -> None:
        """Let something stand for what is replaced as it is written."""
        self._whole[as_written] = word

    def mask(self, word: str) -> str | None:
        """Return what stands for a word, None when it stands for itself."""
        return self._mask(word)

    def seal(self, kept: Collection[str] = ()) -> Disguise:
        """Make ready for use, after everything is covered. ``kept``: identifiers that stay, whoever is called so."""
        self._kept = frozenset(kept)
        self._wholes_back = {word: as_written for as_written, word in self._whole.items()}
        self._out, self._back = _pattern(self._whole, _IDENTIFIER), _pattern(self._wholes_back)
        return self


def _wordwise(word: str, change: Callable[[str], str | None]) -> str:
    """Change a word as a whole, else without its possessive or plural end, else each of its parts."""
    if (whole := change(word)) is not None:
        return whole
    stem = bare(word)
    if stem != word and (changed := change(stem)) is not None:
        return changed + word[len(stem) :]
    if len(word) > 3 and word[-1] in "sS" and (changed := change(word[:-1])) is not None:
        return changed + word[-1]
    pieces = parts(word)
    if len(pieces) == 1:
        return word
    return "".join(_wordwise(piece, change) if WORD.fullmatch(piece) else piece for piece in pieces)


def _escaped(word: str, change: Callable[[str], str]) -> str:
    """Change a word after a backslash: after a line end as JSON writes it (\\ntom), or after a domain (GLOBEX\\tom)."""
    whole = change(word[1:])
    return f"\\{whole}" if whole != word[1:] else word[:2] + change(word[2:])


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _mapped(each, change) for name, each in value.items()}
    return [_mapped(each, change) for each in value] if isinstance(value, list | tuple) else value


_IDENTIFIER = r"(?<!\w)[a-z]+(?:_[a-z0-9]+)+(?!\w)"
_ESCAPED = rf"\\[nrt]{WORD.pattern}"


def _pattern(wholes: Collection[str], *further: str) -> re.Pattern[str]:
    longest = sorted(wholes, key=lambda it: (-len(it), it))
    return re.compile("|".join([*map(re.escape, longest), _ESCAPED, *further, WORD.pattern]))


def disguise(
    prompt: Sequence[tuple[str, str]],
    people: Sequence[Person],
    names: Sequence[str],
    secret: bytes,
    ordinary: Collection[str],
    whole: bool = False,
    known: Collection[str] = (),
    kept: Iterable[str] = (),
) -> Disguise:
    """Return the disguise for a prompt.

    ``people`` is the whole journal, oldest first, so that each keeps their word; ``secret`` is the user's. Names that
    neither hold are looked for in every message but the system's, in the coach's as far as they have a capital or are
    known; ``ordinary`` and ``known`` are other words.
    ``whole``: nothing is left out for being private. ``kept``: names and values of a schema, which stay as they are.
    """
    kept = list(kept)
    texts = [text for role, text in prompt if role not in {"system", COACH}]
    everything = "\n".join([*(text for _, text in prompt), *kept])
    worn, chosen = Disguise(), Chooser(secret, everything)
    if not whole:
        for clause in dict.fromkeys(clause for text in texts for clause in withheld.private(text)):
            worn.cover_whole(clause, chosen.left_out())
    for text in texts:
        for sort, as_written in detector.contacts(text):
            worn.cover_whole(as_written, chosen.contact(sort, as_written))
    for full in [person.name for person in people] + [name for name in names if name]:
        _cover_person(worn, chosen, full)
    answered = [text for role, text in prompt if role == COACH]
    for name in (*detector.names(texts, ordinary, known), *detector.answered(answered, ordinary)):
        _cover(worn, chosen, name)
    return worn.seal(kept)


def _cover(worn: Disguise, chosen: Chooser, name: Named) -> None:
    if not worn.covers(name):
        worn.cover(name, chosen.word(name))


def _cover_person(worn: Disguise, chosen: Chooser, full: str) -> None:
    found = list(detector.of_person(full))
    for name in found:
        _cover(worn, chosen, name)
    if not found and (script := re.search(r"[^\W\d_]{2,}", full)) and not WORD.search(full):
        worn.cover_whole(script.group(), chosen.word(Named(full, Sort.THEY)))
    for first, last in itertools.pairwise(name.word for name in found):
        new_first, new_last = worn.mask(first), worn.mask(last)
        if new_first and new_last:
            worn.cover_whole(f"{first[0]}. {last}", f"{new_first[0]}. {new_last}")
            worn.cover_whole(f"{first} {last[0]}.", f"{new_first} {new_last[0]}.")
            worn.cover_whole(f"{first[0]}.{last[0]}.", f"{new_first[0]}.{new_last[0]}.")
