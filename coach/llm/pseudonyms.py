"""Disguising a text, and restoring a reply. Pure.

Names are disguised word by word, so that a full name, a first name alone and a possessive go together; capitals are
kept (tom → alden, TOM → ALDEN). Every word stands for one name and every name for one word, in this prompt and its
reply.
Which word a name gets is the user's secret: it is chosen by a keyed hash (HMAC-SHA256).
"""

from __future__ import annotations

import hmac
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from coach.domain.people import Person
from coach.llm import aliases, detector, withheld
from coach.llm.detector import WORD, Named, Sort, bare, fold, parts

LEFT_OUT = "[left out]"
"""Stands for a withheld clause. In the reply the clause is put back."""

_FORMS: Mapping[str, Callable[[int], str]] = {
    "email": lambda n: f"person{n}@mail.example",
    "link": lambda n: f"https://link{n}.example",
    "handle": lambda n: f"@person{n}",
    "phone": lambda n: f"020 7946 0{n}",  # numbers that Ofcom keeps for plays and films
}


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
        return self.name.upper() if word.isupper() else self.name


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
        return self._out.sub(lambda hit: self._whole.get(hit.group()) or self._worded(hit.group()), text)

    def _worded(self, word: str) -> str:
        if "_" not in word:
            return self._masked(word)
        return word if word in self._kept else WORD.sub(lambda hit: self._masked(hit.group()), word)

    def restored(self, text: str) -> str:
        """Return a text with every pseudonym turned back."""
        return self._back.sub(lambda hit: self._wholes_back.get(hit.group()) or self._unmasked(hit.group()), text)

    def prompt(self, prompt: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the messages disguised."""
        return [(role, self.text(text)) for role, text in prompt]

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


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _mapped(each, change) for name, each in value.items()}
    return [_mapped(each, change) for each in value] if isinstance(value, list | tuple) else value


_IDENTIFIER = r"(?<!\w)[a-z]+(?:_[a-z0-9]+)+(?!\w)"


def _pattern(wholes: Collection[str], *further: str) -> re.Pattern[str]:
    longest = sorted(wholes, key=lambda it: (-len(it), it))
    return re.compile("|".join([*map(re.escape, longest), *further, WORD.pattern]))


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
    neither hold are looked for in every message but the system's; ``ordinary`` and ``known`` are other words.
    ``whole``: nothing is left out for being private. ``kept``: names and values of a schema, which stay as they are.
    """
    kept = list(kept)
    texts = [text for role, text in prompt if role != "system"]
    everything = "\n".join([*(text for _, text in prompt), *kept])
    worn, chosen = Disguise(), _Chooser(secret, everything)
    if not whole:
        for clause in dict.fromkeys(clause for text in texts for clause in withheld.private(text)):
            worn.cover_whole(clause, chosen.left_out())
    for text in texts:
        for sort, as_written in detector.contacts(text):
            worn.cover_whole(as_written, chosen.contact(sort, as_written))
    for full in [person.name for person in people] + [name for name in names if name]:
        _cover_person(worn, chosen, full)
    for name in detector.names(texts, ordinary, known):
        _cover(worn, chosen, name)
    return worn.seal(kept)


def _cover(worn: Disguise, chosen: _Chooser, name: Named) -> None:
    if not worn.covers(name):
        worn.cover(name, chosen.word(name))


def _cover_person(worn: Disguise, chosen: _Chooser, full: str) -> None:
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


class _Chooser:
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
    for hit in WORD.finditer(text):
        yield hit.group().lower()
        yield from (part.lower() for part in parts(hit.group()))
        yield bare(hit.group()).lower()
