"""A letter: what someone wrote, with its numbered sentences, its clauses, and the places of words in it.

Knows punctuation and joining words; nothing of meaning, of people or of days. This is the only place that cuts a text
into sentences, so that a number means the same sentence to a label, a language model and a page.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

_MARK = r"[.!?…]+[\"”’')\]]*(?=\s|$)"
_SENTENCE = re.compile(rf"{_MARK}|\n+")
_TITLE = r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)"
_PIECE = re.compile(rf"{_TITLE}{_MARK}|\n+|;\s|\s[-–—]{{1,2}}\s|:\s(?=[A-Z“\"])")
_OPENERS = (
    "but|so|yet|then|because|while|although|though|since|until|after|before|when|where|who|which|even|only|except"
)
_PRONOUNS = "i|i'm|i've|i'd|i'll|he|she|they|we|it|you|there|my|his|her|their|our"
_HEADS = "now|then|since|today|yesterday|everyone|everybody|nobody|noone|someone|how|what|why|any"
_SUBJECT = rf"(?:(?i:{_PRONOUNS}|{_HEADS})|[A-Z][a-z]+)"
_JOINTS = (
    rf",\s+(?=(?:and|{_OPENERS})\b|{_SUBJECT}(?:\s|'))",
    r"(?<!\s)\s+(?=(?:but|because|although|though|whereas|and\s+then)\s)",
    rf"(?<!\band)(?<!\s)\s+(?=(?:and|so|then)\s+(?:then\s+|now\s+|also\s+)?{_SUBJECT}(?:\s|'))",
)
_JOINT = re.compile("|".join(_JOINTS))
_STRAIGHT = dict.fromkeys(map(ord, "’‘ʼ`´＇"), "'") | dict.fromkeys(map(ord, "“”„‟«»"), '"')
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\t]")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD], None)
_LEADING = re.compile(r"^(?:[\s,;:.!?…\"“”()\[\]–—-]|\b(?:and|but|so|then|yet|also)\b(?=\s))+", re.IGNORECASE)

Place = tuple[int, int]
"""Where something begins and ends in a text."""


# ---- a letter


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a letter: its number in the conversation, where it stands, and its words, trimmed."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a letter as they stand in it, and the number of the sentence they begin in."""

    start: int
    end: int
    text: str
    sentence: int


@dataclass(frozen=True)
class Letter:
    """A text that someone wrote. Its sentences are numbered from ``first``: a conversation goes on counting."""

    text: str
    first: int = 1

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences: cut after . ! ? … (and a closing quote or bracket) before a blank, and at line ends."""
        places = _cut(self.text, _SENTENCE)
        return tuple(Sentence(n, a, b, self.text[a:b]) for n, (a, b) in enumerate(places, self.first))

    @cached_property
    def clauses(self) -> tuple[Place, ...]:
        """Where each clause stands, in order."""
        return tuple(clauses(self.text))

    def sentence(self, number: int) -> Sentence | None:
        """Return the sentence of a number, None when this letter has none of it."""
        at = number - self.first
        return self.sentences[at] if 0 <= at < len(self.sentences) else None

    def quote(self, words: str, number: int | None = None) -> Quote | None:
        """Return where words stand in the letter (in the sentence of a number), None when they do not.

        Quotation marks, blanks and capitals may differ; the words of the quote are the letter's own. A part of a word
        is not found, nor are words that have no letter or figure in them.
        """
        within = self.sentence(number) if number is not None else None
        if number is not None and within is None:
            return None
        wanted = [re.escape(word) for word in straight(words).split()]
        if not any(map(str.isalnum, words)):
            return None
        start, end = (within.start, within.end) if within else (0, len(self.text))
        form = r"(?<!\w)" + r"\s+".join(wanted) + r"(?!\w)"
        hit = re.compile(form, re.IGNORECASE).search(straight(self.text), start, end)
        if hit is None:
            return None
        held = next(each.number for each in reversed(self.sentences) if each.start <= hit.start())
        return Quote(hit.start(), hit.end(), self.text[hit.start() : hit.end()], held)


def in_order(texts: Iterable[str]) -> tuple[Letter, ...]:
    """Return the letters of a conversation, each numbered on from the one before."""
    letters: list[Letter] = []
    first = 1
    for text in texts:
        letters.append(Letter(text, first))
        first += len(letters[-1].sentences)
    return tuple(letters)


def _cut(text: str, border: re.Pattern[str]) -> list[Place]:
    """Return what stands between borders, trimmed; each border belongs to what is before it."""
    ends = [0, *(mark.end() for mark in border.finditer(text)), len(text)]
    trimmed = (_trim(text, start, end) for start, end in pairwise(ends))
    return [(start, end) for start, end in trimmed if end > start]


def around(places: Sequence[Place], start: int, end: int, most: int = 300) -> Place:
    """Return the place that holds ``start``, drawn out to hold ``end``; of a long one ``most`` letters on either side.

    ``places`` are in order and apart; where none of them holds ``start``, the letters on either side are returned.
    """
    at = bisect_right(places, (start, sys.maxsize)) - 1
    first, last = places[at] if at >= 0 and start < places[at][1] else (0, sys.maxsize)
    return max(first, start - most), max(end, min(last, end + most))


def brief(text: str, most: int = 14) -> str:
    """Return words as they stand, cut after so many with a mark that they go on."""
    every = text.split()
    return text.strip(" .") if len(every) <= most else f"{' '.join(every[:most])} …"


# ---- pieces and clauses


def pieces(text: str) -> list[Place]:
    """Return where each piece stands: a sentence, cut at a semicolon, a dash and a colon too, and after no title.

    Wording is judged piece by piece.
    """
    return _cut(text, _PIECE)


def clauses(text: str) -> list[Place]:
    """Return where each clause stands, in order, without joining words at its head.

    A clause of fewer than three words is joined to the one before it in the same piece.
    """
    even = straight(text)
    if even.isupper() and len(even.lower()) == len(even):  # shouted: joining words are looked for in small letters
        even = even.lower()
    found: list[Place] = []
    for first, last in pieces(even):
        cuts = [first, *(first + joint.start() for joint in _JOINT.finditer(even[first:last])), last]
        parts: list[Place] = []
        for begin, end in pairwise(cuts):
            if parts and (len(even[begin:end].split()) < 4 or len(even[slice(*parts[-1])].split()) < 3):
                parts[-1] = (parts[-1][0], end)
            else:
                parts.append((begin, end))
        found.extend(parts)
    trimmed = (_trim(even, *_behead(even, *span)) for span in found)
    return [span for span in trimmed if any(map(str.isalnum, even[slice(*span)]))]


def _behead(text: str, start: int, end: int) -> Place:
    head = _LEADING.match(text[start:end])
    return (start + head.end(), end) if head and head.end() < end - start else (start, end)


def _trim(text: str, start: int, end: int) -> Place:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# ---- spelling


def plain(text: str) -> str:
    """Return the text for matching: NFKC, straight quotes, no invisible characters, single spaces, lower case.

    Lengths change, so offsets into the result mean nothing in the original.
    """
    if not text.isascii() or "`" in text:
        text = unicodedata.normalize("NFKC", text).translate(_STRAIGHT).translate(_INVISIBLE)
    return " ".join(text.casefold().split())


def even(text: str) -> str:
    """Return the text for comparing quotes: straight quotes, single spaces, no capitals."""
    return " ".join(straight(text).split()).casefold()


def bare(quote: str) -> str:
    """Return a quotation as it stands inside a sentence, without its own full stop."""
    return quote.rstrip(" .,;!")


def straight(text: str) -> str:
    """Return the text with curly quotes and odd spaces replaced one for one, so that offsets stay true."""
    if text.isascii() and "`" not in text and "\t" not in text:  # as most texts are; asked of every sentence
        return text
    return _ODD_SPACE.sub(" ", text.translate(_STRAIGHT))


def cleaned(text: str) -> str:
    """Return the text with full-width letters as usual ones, no invisible characters and single spaces within lines."""
    return placed(text)[0]


def placed(text: str) -> tuple[str, Sequence[int]]:
    """Return the text as ``cleaned`` gives it, and for each of its characters (and its end) where it stood before."""
    if text.isascii() and "  " not in text and "\t" not in text:
        return text, range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for mark in _usual(letter):
            if mark == " " and (not letters or letters[-1] in " \n"):
                continue
            letters.append(mark)
            places.append(place)
    return "".join(letters), [*places, len(text)]


@lru_cache(maxsize=1024)
def _usual(letter: str) -> str:
    """Return what replaces a character: itself, except for wide letters, ligatures, odd spaces and invisible ones."""
    if ord(letter) in _INVISIBLE:
        return ""
    if letter.isspace() and letter != "\n":
        return " "
    return letter if letter in "´…" else unicodedata.normalize("NFKC", letter)


_TOKENS = re.compile(r"\[/?INST\]|#{2,}|={3,}|-{3,}|`{2,}", re.IGNORECASE)


def as_data(text: str) -> str:
    """Return a text as it enters a prompt between delimiters: on one line, unable to close them."""
    even = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(_TOKENS.sub(" ", even.translate({ord("<"): "‹", ord(">"): "›"})).split())
