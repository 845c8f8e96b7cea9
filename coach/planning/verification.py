"""Looks over what a language model wrote: what the checker says of it, and what only a language model does wrong.

It invents days, names and figures, wanders off what it was given, leaks its orders, refuses, repeats itself, changes
the language or the form. Knows English words and the checker; nothing of prompts, servers or plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from coach.domain.letters import straight
from coach.domain.readings import Kind
from coach.domain.violations import Context
from coach.domain.workdays import MONTHS, WEEKDAYS
from coach.messages import apologies
from coach.planning import checks
from coach.rows import joined, rows
from coach.rows import words as listed
from coach.safety import floor

LEAKED_RUN = 6
"""So many words in a row that also stand in the orders given to the language model are a leak."""

GROUNDED = 0.6
"""At least this share of a sentence's telling words must come from what the language model was given."""

_SLACK = 0.2
"""Spares short sentences, in which one word is half."""

LONGEST_SENTENCE = 40

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _function_words() -> frozenset[str]:
    """Words that carry no meaning of their own."""
    return listed("names/function_words")


_DAYS = frozenset((*WEEKDAYS, "tomorrow", "tonight"))
_MONTHS = frozenset(MONTHS) - {"may"}
_NUMBERS = _set(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred "
    "thousand million half"
)
_MAY = re.compile(r"\b(?:in|on|by|until|since|before|after|of|this|next|last|\d+) (?:May|March)\b")
_HEDGE = re.compile(r"\b(?:may|might|could|perhaps|possibly|maybe|probably|seems?|whether|if)\b|\?")


@cache
def _sign(name: str) -> re.Pattern[str]:
    """Return what finds what only a language model writes: ``markup``, ``role``, ``machine`` or ``refusal``."""
    signs = (row for row in rows("words/machine") if row.more["sign"] == name)
    return joined(signs, 0 if name == "markup" else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Standard:
    """What holds for every turn: the orders that language models are given, and the coach's own vocabulary (stems)."""

    orders: tuple[str, ...]
    vocabulary: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a language model was given for its words, and what they are judged by.

    ``texts`` are the texts it may draw on: of a sentence's telling words GROUNDED have to come from there; those of the
    coach's own vocabulary count half. ``context`` is what the checker needs; ``no_apology``: the user has no part in
    it, so that there is nothing to be sorry for; ``english``: the reply is to be in English.
    """

    texts: tuple[str, ...]
    standard: Standard
    context: Context
    no_apology: bool = False
    english: bool = True


@dataclass(frozen=True, slots=True)
class Expected:
    """What one sentence has to be beside sound.

    ``near``: texts it rewords, of which ``near_least`` telling words must come back (empty: anything given will do).
    ``must``: words it must keep. ``asks``: whether it may ask a question, ``must_ask``: whether it has to. ``part``: as
    in ``Context``. ``hedged``: it must only suppose.
    """

    near: tuple[str, ...] = ()
    must: frozenset[str] = frozenset()
    asks: bool = True
    part: str = "said"
    hedged: bool = False
    most_words: int = LONGEST_SENTENCE
    near_least: int = 2
    must_ask: bool = False


def faults(sentence: str, ground: Ground, expected: Expected) -> tuple[str, ...]:
    """Return by name what is wrong with a sentence, the checker's violations first; nothing: it may be said."""
    found = [violation.name for violation in checks.violations(sentence, replace(ground.context, part=expected.part))]
    kept = any(apologies.says_sorry(_even(text)) for text in expected.near)
    if ground.no_apology and not kept and apologies.says_sorry(_even(sentence)):
        found.append("misplaced_apology")
    found += _form(sentence, expected)
    found += _machine(sentence, ground)
    if ground.english:
        found += _drawn(sentence, ground, expected)
    return tuple(dict.fromkeys(found))


def _form(sentence: str, expected: Expected) -> Iterator[str]:
    words = sentence.split()
    if not any(map(str.isalpha, sentence)):
        yield "empty"
    if len(words) > expected.most_words:
        yield "too_long"
    if not re.search(r"[.?…][\"”’')\]]*$", sentence.strip()):
        yield "unfinished"
    if _sign("markup").search(sentence) or _sign("role").search(sentence):
        yield "markup"
    if not expected.asks and "?" in _unquoted(sentence):
        yield "question"
    if expected.hedged and not _HEDGE.search(_even(sentence)):
        yield "certain"
    if repeats(sentence):
        yield "repeats"


def _machine(sentence: str, ground: Ground) -> Iterator[str]:
    bare = _unquoted(sentence)
    if _sign("machine").search(bare):
        yield "machine"
    if _sign("refusal").search(bare):
        yield "refusal"
    if leaks(sentence, ground.standard.orders):
        yield "leak"
    if floor.telling(bare, Kind.INJECTION):
        yield "order"


def _drawn(sentence: str, ground: Ground, expected: Expected) -> Iterator[str]:
    """What a sentence holds that it was not given, and what it was given to keep and does not hold."""
    if not is_english(sentence):
        yield "language"
    given = _given((*ground.texts, *expected.near))
    words = _words(sentence)
    telling = [word for word in words if word not in _function_words()]
    for kind, names in (("day", _DAYS | _MONTHS), ("figure", _NUMBERS)):
        if any(word in names and word not in given.words for word in words):
            yield kind
    if any(figure not in given.figures for figure in re.findall(r"\d+", sentence)):
        yield "figure"
    if any(name.casefold() not in given.words for name in _names(sentence)) or _MAY.search(_unquoted(sentence)):
        yield "name"
    people = {word for name in ground.context.people for word in _words(name)}
    stems = [_stem(word) for word in telling if word.removesuffix("'s") not in people]
    grounded = sum(1.0 if stem in given.stems else 0.5 * (stem in ground.standard.vocabulary) for stem in stems)
    if grounded < GROUNDED * len(stems) - _SLACK:
        yield "strays"
    near = _given(expected.near)
    if len(set(stems) & near.stems) < min(expected.near_least, len(near.stems), (len(stems) + 1) // 2):
        yield "strays"
    if not expected.must <= set(words) or (expected.must_ask and "?" not in sentence):
        yield "lost"


def leaks(text: str, told: Iterable[str]) -> bool:
    """Return whether a text repeats six words in a row of the orders it was given."""
    runs = _runs(tuple(told))
    words = _words(text)
    return any(tuple(words[at : at + LEAKED_RUN]) in runs for at in range(len(words) - LEAKED_RUN + 1))


def repeats(text: str) -> bool:
    """Return whether the same few words come round and round."""
    words = _words(text)
    for size in (1, 2, 3, 4, 5):
        for at in range(len(words) - 3 * size + 1):
            first = words[at : at + size]
            if first == words[at + size : at + 2 * size] == words[at + 2 * size : at + 3 * size]:
                return True
    return len(words) >= 30 and len(set(words)) < 0.4 * len(words)


def is_english(text: str) -> bool:
    """Return whether a text reads as English: Latin letters, and enough of the small words that English never lacks."""
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return True
    if sum(ord(character) > 0x024F for character in letters) > 0.1 * len(letters):
        return False
    words = _words(text)
    return len(words) < 5 or sum(word in _function_words() for word in words) >= 0.25 * len(words)


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Return the stems of the telling words of texts."""
    return frozenset(_stem(word) for text in texts for word in _words(text) if word not in _function_words())


def must_keep(line: str) -> frozenset[str]:
    """Return the words of a sentence that a rewording has to keep: its days."""
    return frozenset(word for word in _words(line) if word in _DAYS)


@dataclass(frozen=True, slots=True)
class _Given:
    words: frozenset[str]
    stems: frozenset[str]
    figures: frozenset[str]


@lru_cache(maxsize=64)
def _given(texts: tuple[str, ...]) -> _Given:
    words = frozenset(word for text in texts for word in _words(text))
    return _Given(
        words | {word.removesuffix("'s") for word in words},
        frozenset(_stem(word) for word in words if word not in _function_words()),
        frozenset(figure for text in texts for figure in re.findall(r"\d+", text)),
    )


@lru_cache(maxsize=16)
def _runs(told: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    found = set()
    for text in told:
        words = _words(text)
        found |= {tuple(words[at : at + LEAKED_RUN]) for at in range(len(words) - LEAKED_RUN + 1)}
    return frozenset(found)


def _names(sentence: str) -> list[str]:
    """Return the capitalised words that do not open a sentence or a quotation."""
    found = re.findall(r"(?<![.?!:“\"'‘(…] )(?<!^)(?<![“\"'‘(])\b[A-Z][^\W\d_]*(?:['’][a-z]+)?", straight(sentence))
    names = (word.removesuffix("'s") for word in found)
    return [
        word for word in names if word != "I" and not word.startswith("I'") and word.casefold() not in _function_words()
    ]


def _words(text: str) -> list[str]:
    return _WORD.findall(_even(text))


def _even(text: str) -> str:
    return straight(text).lower()


def _unquoted(text: str) -> str:
    return re.sub(r'"[^"]*"', " ", straight(text))


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """Return a word's rough stem: enough that ask, asks, asked and asking meet."""
    word = word.split("'")[0]
    for ending in (
        "ingly",
        "edly",
        "ments",
        "ment",
        "ness",
        "ings",
        "ing",
        "ies",
        "ied",
        "ers",
        "er",
        "ed",
        "es",
        "ly",
        "s",
        "e",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.removesuffix("i").removesuffix("y")
