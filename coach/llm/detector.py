"""Finds what names someone in a text: people, companies, addresses, numbers, handles, links. Pure.

A name is what the journal or the reading holds, a first name that is known, or a word with a capital that nothing else
explains. To disguise one word too many costs a little clarity; to miss a name costs someone's privacy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

from coach.domain.workdays import MONTHS, WEEKDAYS
from coach.llm import tongues
from coach.llm.aliases import everyday, fold, genders, only_names
from coach.rows import any_of, joined, rows, words


class Sort(StrEnum):
    """The sort of thing that a name stands for; the made-up name is of the same sort."""

    HE = "he"
    SHE = "she"
    THEY = "they"
    FAMILY = "family"
    PLACE = "place"  # companies, places, projects: whatever is not a person
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Named:
    """One word of a name. ``loose``: it means the name in any spelling of capitals, not with a capital alone."""

    word: str
    sort: Sort
    loose: bool = True


_CASED = "A-Za-zª-ºÀ-ÖØ-öø-ʯͰ-ͽͿ-԰Ḁ-ỿ"
WORD = re.compile(rf"[{_CASED}]+(?:[-'’][{_CASED}]+)*")
"""A word in a script that has capitals; what others write is found as it stands."""

_CAMEL = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[-'’])|(?=[-'’])")
_NOT = ("n't", "n’t", "N'T", "N’T")
_TAIL = re.compile(r"(?:['’](?:s|d|ll|re|ve|m|t)?|['’])$", re.IGNORECASE)

_ENDS = ("s", "es", "d", "ed", "ing")
"""Endings of words that are known without them. Not -er: Parker and Tasker are names as well."""

_HEADLIKE = re.compile(r"(?:ing|ly|ed|tions?|ness|ments?|[ai]ble|ful|less|ous|ive)$")
_HEAD = re.compile(r"(?:^|[.!?…\n:;>*•|\"“‘(\[/]\s*|(?:^|\s)[-–—]\s+|\d[.)]\s+|\n\d+ +)$")

_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T\s]\d{1,2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,3}(?:[,. ]\d{3})+)"
)
_NUMBERED = re.compile(r"^[1-9]\d?\W? +", re.MULTILINE)
"""The number of a sentence at the beginning of a line: no part of a telephone number that follows."""

_CAPITAL = rf"[A-ZÀ-ÖØ-Þ][{_CASED}&]*(?:[-'’.][{_CASED}]+)*"
_LOWER_EMPLOYER = re.compile(
    r"\b(?:work(?:s|ed|ing)?|employed|job|role|intern(?:ed|ing)?)\s+(?:at|for)\s+([a-z][a-z0-9&-]{2,})\b"
)


_NOBODY, _FIRMS, _DEPARTMENTS, _TITLES = "names/not_names", "names/firms", "names/departments", "names/titles"
_BEFORE, _SHORTENED = "names/before_surnames", 4
"""Titles that may be names, and the most letters of one that takes a full stop: "Madame. Lately" ends a sentence."""
_STOP = r"\.?"
_COMPANIONS = "names/beside_names"
"""Words in the name a user gave a person that are no names themselves: Tom from sales."""


def _is_one(word: str, *lists: str) -> bool:
    """Whether a word stands in one of some lists."""
    return any(word in words(name) for name in lists)


@cache
def _contacts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row.more["sort"], re.compile(row.match, re.IGNORECASE)) for row in rows("names/contacts"))


@cache
def _employer() -> re.Pattern[str]:
    """Return what finds an employer after the words that lead to one; the name is its group."""
    leads = joined(rows("names/employers")).pattern
    return re.compile(rf"(?i:{leads})((?:{_CAPITAL})(?:\s+(?:(?:&|and|of|de)\s+)?{_CAPITAL})*)")


@cache
def _firm_name() -> re.Pattern[str]:
    """Return what finds a name that ends in what companies' names end in; what stands before that is its group."""
    return re.compile(rf"((?:{_CAPITAL}\s+(?:(?:&|and|of)\s+)?){{1,4}})(?i:{'|'.join(sorted(words(_FIRMS)))})\b")


@cache
def _titled() -> re.Pattern[str]:
    """Return what finds a title, in several languages, before a name; the name is its group."""
    stopped = {each for each in words(_TITLES) if len(each) <= _SHORTENED}
    longest = sorted(words(_TITLES) | words(_BEFORE), key=len, reverse=True)
    titles = "|".join(f"{each}{_STOP}" if each in stopped else each for each in longest)
    return re.compile(rf"\b(?i:{titles})\s+({_CAPITAL})")


def bare(word: str) -> str:
    """Return a word without its possessive or contracted end: Tom's → Tom. "Don't" is no end of a name Don."""
    return word if word.isalpha() or word.endswith(_NOT) else _TAIL.sub("", word) or word


def parts(word: str) -> list[str]:
    """Return the parts of a word that joins several: Tom-led → Tom, -, led; TomAshdown → Tom, Ashdown."""
    if (word.isalpha() and (word[1:].islower() or len(word) == 1)) or word.endswith(_NOT):
        return [word]
    return [part for part in _CAMEL.split(word) if part]


def contacts(text: str) -> Iterator[tuple[str, str]]:
    """Yield (sort, as written) for every address, link, handle and telephone number."""
    taken: list[tuple[int, int]] = []
    for sort, pattern in _contacts():
        for hit in pattern.finditer(text):
            if any(start < hit.end() and hit.start() < end for start, end in taken):
                continue
            found = hit.group()
            if sort == "phone" and (number := _NUMBERED.match(text, hit.start())):
                found = text[number.end() : hit.end()]
            if sort == "phone" and _DATE.fullmatch(found.strip()):
                continue
            taken.append(hit.span())
            yield sort, found


def of_person(name: str) -> Iterator[Named]:
    """Yield the words of a name someone gave a person, first name first; words such as "my boss" are no names."""
    first = True
    for hit in WORD.finditer(name):
        word = bare(hit.group())
        key = fold(word)
        capital = word[:1].isupper() or name.islower()
        if _is_one(key, _TITLES, _NOBODY, _FIRMS) or len(word) < 2 or not capital:
            first = first and _is_one(key, _TITLES)
            continue
        if _is_one(key, _COMPANIONS):
            continue
        sort = _gender(key) if first else Sort.FAMILY
        yield Named(word, sort, loose=key not in everyday())
        first = False


def names(texts: Sequence[str], ordinary: Collection[str], known: Collection[str] = ()) -> Iterator[Named]:
    """Yield every word in the texts that names someone or something, in order.

    ``ordinary`` are words that do not, also with a capital; ``known`` further ones that do not when they have none.
    """
    lines = [(f"\n{line}", text.upper() == text) for text in texts for line in text.split("\n")]
    found = [_named(line, shouted, frozenset(ordinary), frozenset(known)) for line, shouted in lines]
    roles = frozenset[str]().union(*(_roles(line) for line, _ in lines))
    for sort in zip(*found, strict=True):
        for some in sort:
            yield from (each for each in some if each.sort is not Sort.LETTERS or each.word not in roles)


def answered(texts: Sequence[str], ordinary: Collection[str]) -> Iterator[Named]:
    """Yield what names someone in what the coach said: in any spelling where it is a known name, else as it stands.

    Small letters name nobody there: the other words of the coach are its own.
    """
    for each in names(texts, ordinary):
        yield replace(each, loose=each.loose and fold(each.word) in genders())


@lru_cache(maxsize=1024)
def _roles(line: str) -> frozenset[str]:
    """Return the letters that name a job or a thing in a line, and nobody."""
    return frozenset(hit[hit.lastindex or 0] for hit in any_of("names/roles").finditer(line))


@lru_cache(maxsize=1024)
def _named(line: str, shouted: bool, ordinary: frozenset[str], known: frozenset[str]) -> tuple[tuple[Named, ...], ...]:
    """Return what is named in a line, by the way it was found. Most lines of a prompt are the same the next time."""
    titled = (Named(bare(hit[1]), Sort.FAMILY, fold(bare(hit[1])) not in ordinary) for hit in _titled().finditer(line))
    ways = (
        _firms(line, ordinary),
        titled,
        () if shouted else _capitals(line, ordinary, tongues.of(line)),
        _known(line, ordinary),
        _strange(line, ordinary, known) if known else (),
    )
    return tuple(map(tuple, ways))


def _firms(text: str, ordinary: Collection[str]) -> Iterator[Named]:
    for pattern, of_work in ((_employer(), True), (_firm_name(), False)):
        for hit in pattern.finditer(text):
            for each in WORD.finditer(hit[1]):
                word = bare(each.group())
                key = fold(word)
                if len(word) < 2 or key in MONTHS or key in WEEKDAYS:
                    continue  # "the company was bought and I …", "gets the licence back in March"
                if key in genders() and of_work and key not in everyday():
                    yield Named(word, _gender(key))
                elif not _is_one(key, _FIRMS, _COMPANIONS) and (of_work or not _is_one(key, _NOBODY)):
                    if of_work and key in ordinary and len(hit[1].split()) == 1 and _is_one(key, _DEPARTMENTS):
                        continue
                    loose = key not in ordinary and not _is_one(key, _NOBODY) and len(word) > 2
                    yield Named(word, _proper(word), loose)
    for hit in _LOWER_EMPLOYER.finditer(text):
        if hit[1] not in ordinary and not _is_one(hit[1], _NOBODY, _COMPANIONS):
            yield Named(hit[1].title(), Sort.PLACE)


def _proper(word: str) -> Sort:
    return Sort.LETTERS if word.isupper() and len(word) <= 5 else Sort.PLACE


def _capitals(text: str, ordinary: Collection[str], language: str) -> Iterator[Named]:
    """Words with a capital that nothing else explains; a run of them after a first name is a person's whole name.

    ``language`` "" is English. In another one its function words are no names at the head of a sentence, nor are German
    nouns after an article, or "Sie".
    """
    end, person = -2, False
    for hit in WORD.finditer(text):
        word = bare(hit.group())
        key = fold(word)
        joined = person and text[end : hit.start()].isspace() and "\n" not in text[end : hit.start()]
        end, person = hit.end() if word == hit.group() else -2, False
        if not word[:1].isupper() or len(word) < 2 or word.endswith(_NOT):
            continue
        head = bool(_HEAD.search(text[max(0, hit.start() - 6) : hit.start()])) or hit.start() == 0
        if joined and not _is_one(key, _NOBODY) and (key not in ordinary or not head) and not word.isupper():
            person = True
            yield Named(word, Sort.FAMILY, key not in ordinary and key not in everyday())
        elif _is_one(key, _TITLES) or (_is_one(key, _BEFORE) and _titled().match(text, hit.start())):
            continue
        elif key in genders() and not (head and key in everyday() and key in ordinary):
            person = True
            yield Named(word, _gender(key), key not in everyday())
        elif (
            _is_one(key, _NOBODY, _COMPANIONS, _FIRMS, _DEPARTMENTS)
            or key in ordinary
            or (head and _HEADLIKE.search(key))
            or (word[1] == "-" and word[2:].islower())  # an X-ray, a T-shirt
            or (language and head and key in tongues.function_words(language))
            or (language == "de" and tongues.noun(key, text[: hit.start()]))
        ):
            continue
        else:
            yield Named(word, _proper(word), len(word) > 3)


def _known(text: str, ordinary: Collection[str]) -> Iterator[Named]:
    """First names that are known and no words, in whatever capitals."""
    for word in dict.fromkeys(WORD.findall(text)):
        key = fold(bare(word))
        if key.endswith("s") and key not in genders() and key[:-1] in genders() and key not in ordinary:
            key = key[:-1]  # toms desk
        if key in genders() and key not in everyday() and len(key) > 2:
            yield Named(key.title(), _gender(key))


def _strange(text: str, ordinary: Collection[str], known: Collection[str]) -> Iterator[Named]:
    """Words without a capital that nobody knows, where a person would stand."""
    for hit in any_of("names/asides").finditer(text):
        word = bare(hit[hit.lastindex or 0])
        stems = {word, f"{word.removesuffix('ing')}e", *map(word.removesuffix, _ENDS)}
        if (
            stems.isdisjoint(known)
            and stems.isdisjoint(ordinary)
            and not any(part in known for part in word.split("-"))
        ):
            yield Named(word.title(), _gender(fold(word)))


def _gender(key: str) -> Sort:
    return Sort(genders().get(key, "they"))


_LOWER = re.compile(r"(?<![\w'’-])[a-z]+(?:['’-][a-z]+)*(?![\w-])")
_UPPER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?![\w-])")


def ordinary(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that texts of our own use as words: more often without a capital than with one, inside."""
    lower, upper = Counter[str](), Counter[str]()
    for text in texts:
        lower.update(_LOWER.findall(text))
        upper.update(map(str.lower, _UPPER.findall(text)))
    return frozenset(word for word, n in lower.items() if n > upper[word]) - only_names()
