"""Splits a message into clauses, each a small thing said. Knows punctuation and joining words; nothing of meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

_SENTENCE = re.compile(
    r"""(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)   # no break after a title
        [.!?…]+["”’')\]]*(?=\s|$) | \n+ | ;\s | \s[-–—]{1,2}\s | :\s(?=[A-Z"“])""",
    re.VERBOSE,
)
_SUBJECT = (
    r"(?:(?i:i|i'm|i've|i'd|i'll|he|she|they|we|it|you|there|now|then|since|today|yesterday|everyone|everybody|nobody|no one|someone|"
    r"one of|the (?:two|other|others|rest|boss|manager|team|client)|my|his|her|their|our|not one|"
    r"how|what|why|is there|is it|do i|should i|can i|could i|any)|[A-Z][a-z]+)"
)
_JOINT = re.compile(
    rf"""[,]\s+(?=(?:and|but|so|yet|then|because|while|although|though|since|until|after|before|when|where|who|which|even|only|except)\b)
       | [,]\s+(?={_SUBJECT}(?:\s|'))
       | \s+(?=(?:but|because|although|though|whereas)\s)
       | (?<!\band)\s+(?=(?:and|so|then)\s+(?:then\s+|now\s+|also\s+)?{_SUBJECT}(?:\s|'))
       | \s+(?=and\s+then\s)
    """,
    re.VERBOSE,
)
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´＇"), "'")
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»"), '"')
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD], None)
_LEADING = re.compile(r"^(?:[\s,;:.!?…\"“”()\[\]–—-]|\b(?:and|but|so|then|yet|also)\b(?=\s))+", re.IGNORECASE)


def plain(text: str) -> str:
    """Return the text for matching: NFKC, straight quotes, no invisible characters, single spaces, lower case.

    Lengths change, so offsets into the result mean nothing in the original.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).translate(_QUOTES).translate(_INVISIBLE)
    return " ".join(folded.casefold().split())


def bare(quote: str) -> str:
    """Return a quotation as it stands inside a sentence, without its own full stop."""
    return quote.rstrip(" .,;!")


def straight(text: str) -> str:
    """Return the text with curly quotes and odd spaces replaced one for one, so that offsets stay true."""
    return re.sub(r"[\u00a0\u2000-\u200a\u202f\u3000\t]", " ", text.translate(_APOSTROPHES).translate(_QUOTES))


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
    """Return what a character stands for: itself but for wide letters, ligatures, odd spaces and invisible ones."""
    if ord(letter) in _INVISIBLE:
        return ""
    if letter.isspace() and letter != "\n":
        return " "
    return letter if letter in "´…" else unicodedata.normalize("NFKC", letter)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of each sentence, trimmed, in order; the closing mark is inside."""
    spans, start = [], 0
    for mark in _SENTENCE.finditer(text):
        spans.append((start, mark.end()))
        start = mark.end()
    spans.append((start, len(text)))
    return [span for span in (_trim(text, *span) for span in spans) if span[1] > span[0]]


def split(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) offsets of each clause, in order, without joining words at its head.

    A clause of fewer than three words is joined to the one before it in the same sentence.
    """
    even = straight(text)
    if even.isupper() and len(even.lower()) == len(even):  # shouted: joining words are looked for in small letters
        even = even.lower()
    clauses: list[tuple[int, int]] = []
    for first, last in sentences(even):
        cuts = [first, *(first + joint.start() for joint in _JOINT.finditer(even[first:last])), last]
        parts: list[tuple[int, int]] = []
        for begin, end in pairwise(cuts):
            if parts and (len(even[begin:end].split()) < 4 or len(even[slice(*parts[-1])].split()) < 3):
                parts[-1] = (parts[-1][0], end)
            else:
                parts.append((begin, end))
        clauses.extend(parts)
    trimmed = (_trim(even, *_behead(even, *span)) for span in clauses)
    return [span for span in trimmed if any(map(str.isalnum, even[slice(*span)]))]


def _behead(text: str, start: int, end: int) -> tuple[int, int]:
    head = _LEADING.match(text[start:end])
    return (start + head.end(), end) if head and head.end() < end - start else (start, end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_TOKENS = re.compile(r"\[/?INST\]|#{2,}|={3,}|-{3,}|`{2,}", re.IGNORECASE)


def as_data(text: str) -> str:
    """Return a text as it enters a prompt between delimiters: on one line, unable to close them."""
    even = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(_TOKENS.sub(" ", even.translate({ord("<"): "‹", ord(">"): "›"})).split())
