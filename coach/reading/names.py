"""Names in words: who a text names, and nobody else. Pure.

A name is one of the journal's, a known first name with the surname that follows it, or a title with a surname. No other
capitalised word counts. First names and words that are not names are lists (knowledge/names/*.txt). For a first name
that is also a word, a month or a place, rows look at what stands around it (knowledge/names/around.yaml).
Knows nothing of roles, pronouns or moments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from coach.domain.letters import Place, around, pieces, straight
from coach.domain.workdays import MONTHS
from coach.rows import pattern, rows, words

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_NAMES_TOO = frozenset(("will", "may"))
_BEING = frozenset(("was", "were", "had", "been", "put", "set", "cut", "hit", "read"))
_LIKE_MONTHS = frozenset((*MONTHS, "jan", "spring", "summer", "autumn", "winter"))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name and where it stands; ``key`` is what all spellings of it share."""

    start: int
    end: int
    name: str

    @property
    def key(self) -> str:
        return fold(self.name)


def found(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names in a text, in order of first mention, each once, as written there and without a possessive.

    ``known`` are the journal's names; they come as the journal has them. Who is named in part and whole comes whole.
    """
    even = _figures().sub(lambda hit: " " * len(hit[0]), straight(text))
    taken: list[_Name] = []
    covered, sentences = bytearray(len(even)), pieces(even)
    for each in (*_of_journal(even, known), *_titled(even, sentences), *_first_names(even, sentences)):
        if not any(covered[each.start : each.end]):
            covered[each.start : each.end] = b"1" * (each.end - each.start)
            taken.append(each)
    once: dict[str, _Name] = {}
    for each in sorted(taken, key=lambda it: it.start):
        longer = next((key for key in once if key == each.key or key.startswith(f"{each.key} ")), None)
        shorter = next((key for key in once if each.key.startswith(f"{key} ") and once[key].name not in known), None)
        if shorter is not None and longer is None:
            once = {(each.key if key == shorter else key): (each if key == shorter else it) for key, it in once.items()}
        elif longer is None:
            once[each.key] = each
    return tuple(it.name for it in once.values())


def fold(word: str) -> str:
    """Return what all spellings of a word share: no capitals, no accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return bare.replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ı", "i").replace("æ", "ae")


def _form(what: str) -> re.Pattern[str]:
    """What stands in and around a name: titles, particles, honorifics …"""
    return pattern("names/forms", what)


# ---- lists


@cache
def first_names() -> frozenset[str]:
    """Return the first names that are known, folded."""
    return words("names/he") | words("names/she") | words("names/they") | words("names/everyday")


@cache
def _doubtful() -> frozenset[str]:
    """First names that are words, days, languages, tools or roles as well."""
    return words("names/everyday") | words("names/not_names") | words("names/no_surnames")


def _is_first(word: str) -> bool:
    """Whether a word is a known first name; of a double name with two capitals the first half is enough."""
    key = fold(word)
    if len(key) < 2 or key in words("names/function_words") - _NAMES_TOO:
        return False
    first, _, second = word.partition("-")
    return key in first_names() or (second[:1].isupper() and fold(first) in first_names())


@cache
def nobody() -> frozenset[str]:
    """Return the words that name nobody, whatever their capitals: days, languages, tools, most places."""
    return words("names/not_names") | words("names/places") - (first_names() - words("names/everyday"))


@cache
def _no_surnames() -> frozenset[str]:
    lists = ("no_surnames", "departments", "heads", "firms", "function_words")
    return nobody().union(words("names/places"), *(words(f"names/{name}") for name in lists))


@cache
def _figures() -> re.Pattern[str]:
    """Firms and figures whose names begin like a person's."""
    return re.compile("|".join(rf"\b{re.escape(it)}\b" for it in _no_surnames() if " " in it), re.IGNORECASE)


def _is_surname(word: str) -> bool:
    """Whether a word with a capital may be the surname after a first name or a title."""
    if _form("led").match(word):
        return True
    return word[:1].isupper() and len(word) > 1 and not word.isupper() and fold(word) not in _no_surnames()


# ---- three kinds of names


def _of_journal(text: str, known: Collection[str]) -> Iterator[_Name]:
    """The journal's names in any spelling of capitals, and first names that one of them alone has."""
    for name in sorted(known, key=len, reverse=True):
        for hit in re.finditer(rf"(?<![\w@]){re.escape(straight(name))}(?!\w)", text, re.IGNORECASE):
            yield _Name(*hit.span(), name)
    firsts = [straight(name).split()[0] for name in known if " " in name.strip()]
    for name in (name for name in known if " " in name.strip()):
        first = straight(name).split()[0]
        if [fold(each) for each in firsts].count(fold(first)) == 1 and not any(fold(first) == fold(it) for it in known):
            for hit in re.finditer(rf"(?<![\w@]){re.escape(first)}(?!\w)", text):
                yield _Name(*hit.span(), name)


def _titled(text: str, sentences: Sequence[Place]) -> Iterator[_Name]:
    for form, capital in ((_form("titled"), True), (_form("small-titled"), False)):
        for hit in form.finditer(text):
            word = _WORD.match(text, hit.end())
            if word is None or not _is_surname(_bare(word[0]) if capital else _bare(word[0]).title()):
                continue
            end = hit.end() + len(_bare(word[0]))
            if capital or _around(text, (hit.start(), end), "small", sentences):
                end = _with_surnames(text, end) if capital else end
                yield _Name(hit.start(), end, text[hit.start() : end])


def _first_names(text: str, sentences: Sequence[Place]) -> Iterator[_Name]:
    shouted = text.isupper()
    end = 0
    for hit in _WORD.finditer(text):
        word = _form("honoured").sub("", _bare(hit[0]))
        if hit.start() < end or not _is_first(word) or _in_address(text, *hit.span()):
            continue
        end = hit.start() + len(word)
        capital = word[0].isupper() and not shouted and not word.isupper()
        if not _named(text, (hit.start(), end), sentences, capital=capital):
            continue
        end = _with_surnames(text, end) if capital and hit[0] == word else end
        start = _with_family(text, hit.start()) if capital else hit.start()
        yield _Name(start, end, text[start:end])


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether a word is part of an address, a path or a tag."""
    run = text[max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1 : start]
    path = "/" in run and ("." in run or "//" in run)
    return path or run[-1:] in {"#", "_", ".", "'"} or bool(re.match(r"[@_]|\.\w", text[end : end + 2]))


def _bare(word: str) -> str:
    """Return a word without its possessive or contracted end: Tom's → Tom."""
    return re.sub(r"'(?:s|d|ll|re|ve|m)?$", "", word, flags=re.IGNORECASE)


def _with_surnames(text: str, end: int) -> int:
    """Return where a name ends, at most three words after its first one."""
    for _ in range(3):
        if text[end : end + 1] != " ":
            return end
        particle = _form("particle").match(text, end + 1)
        word = _WORD.match(text, particle.end() if particle else end + 1)
        if word is None or not (_is_surname(_bare(word[0])) or (particle and word[0][0].isupper())):
            return end + 3 if _form("initial").match(text, end) else end
        end = word.start() + len(_bare(word[0]))
        if _bare(word[0]) != word[0]:
            return end
    return end


def _with_family(text: str, start: int) -> int:
    """Return where a name begins that has its family name first, as in Wang Lei or Park Ji-won."""
    before = _form("family").search(text[max(0, start - 12) : start])
    return start - len(before[0]) if before and fold(before[1]) in words("names/family_first") else start


# ---- whether a first name names someone


def _named(text: str, place: Place, sentences: Sequence[Place], *, capital: bool) -> bool:
    """Whether a first name names someone where it stands, by what it is as well and by what is around it."""
    key = fold(text[slice(*place)]).partition("-")[0]
    doubtful = "-" not in text[slice(*place)] and key in _doubtful()
    if not capital and (doubtful or len(key) < 3):
        return False
    sort = (
        "month" if key in _LIKE_MONTHS else "place" if key in words("names/places") else "word" if doubtful else "plain"
    )
    said = _around(text, place, sort if capital else "small", sentences)
    if said is not None:
        return said
    if sort == "word" and _acts(text, place[1]):
        return True
    if not capital or sort == "month":
        return False
    head = place[0] == 0 or _form("head").search(text[max(0, place[0] - 9) : place[0]]) is not None
    if key not in words("names/not_names") and not (doubtful and head):
        return True
    return _among_names(text, place[1]) or (key not in _NAMES_TOO and _has_surname(text, place))


def _acts(text: str, end: int) -> bool:
    """Whether a past tense follows a word: Rose rose, Art stole."""
    after = re.match(r" ([a-z]+)\b", text[end : end + 20])
    return after is not None and after[1] in words("words/past_verbs") and after[1] not in _BEING


def _has_surname(text: str, place: Place) -> bool:
    """Whether a word is followed by what is a surname and no first name, or is short and so is what follows: Li Wei."""
    after = _WORD.match(text, place[1] + 1) if text[place[1] : place[1] + 1] == " " else None
    if after is None or not _is_surname(_bare(after[0])):
        return False
    return not _is_first(_bare(after[0])) or (place[1] - place[0] <= 3 and len(after[0]) <= 4)


def _among_names(text: str, end: int) -> bool:
    """Whether a word is followed by a name in a row of names: Victor, Irina and Oleh."""
    after = re.match(r"(?:,| and| or| &) ([^\W\d_]+)", text[end:])
    return after is not None and after[1][0].isupper() and _is_first(after[1]) and fold(after[1]) not in _LIKE_MONTHS


def _around(text: str, place: Place, sort: str, sentences: Sequence[Place]) -> bool | None:
    """Return what the words around a first name say of it; None: nothing."""
    start, end = around(sentences, *place)
    saint = "st. " if text.endswith("St. ", 0, place[0]) else ""
    piece = f"{saint}{text[start : place[0]]}§{text[place[1] : end]}".casefold()
    for row in rows("names/around"):
        if sort in row.more["of"] and row.pattern.search(piece):
            return str(row.more["is"]) == "name"
    return None
