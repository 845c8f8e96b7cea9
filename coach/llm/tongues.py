"""Other languages in a text: whose function words they are, and what in German has a capital without being a name.

Pure; knows the function words of stopwords-iso and nothing of names.
"""

from __future__ import annotations

import re
from functools import cache

import stopwordsiso

from coach.llm.aliases import fold, genders
from coach.rows import words

_WORD = re.compile(r"[^\W\d_]+")
_FORMAL = frozenset(("sie", "ihnen", "ihr", "ihre", "ihrem", "ihren", "ihrer", "ihres"))

FEWEST_OF_A_LANGUAGE = 2
"""So many function words of another language, and more than of English, make a line one of that language."""


def of(line: str) -> str:
    """Return the code of the language whose function words a line has most of; "" for English, or too few to say."""
    heard = [fold(word) for word in _WORD.findall(line)]
    english = sum(word in function_words("en") for word in heard)
    counts = {code: sum(word in function_words(code) for word in heard) for code in _LANGUAGES}
    code = max(counts, key=lambda each: counts[each])
    return code if counts[code] >= FEWEST_OF_A_LANGUAGE and counts[code] > english else ""


_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "no", "fi", "tr", "cs", "ro", "hu")
"""Languages with capitals whose function words are known (stopwords-iso)."""


@cache
def function_words(code: str) -> frozenset[str]:
    """Return the function words of a language, folded; of English only the commonest."""
    if code == "en":
        return words("names/function_words") | words("names/stop_words")
    return frozenset(fold(word) for word in stopwordsiso.stopwords(code)) - genders().keys()


def noun(key: str, before: str) -> bool:
    """Whether a German word with a capital is a noun: after an article, or one and an adjective; or a polite "Sie"."""
    if key in _FORMAL:
        return True
    last = [fold(word) for word in _WORD.findall(before)[-2:]]
    articles = words("names/german_before_nouns")
    adjective = len(last) == 2 and last[0] in articles and last[1].endswith(("e", "en", "er", "es", "em"))
    return bool(last) and (last[-1] in articles or adjective) and before[-1:].isspace()
