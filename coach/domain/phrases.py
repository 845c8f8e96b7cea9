"""Names for people without a name: from a phrase such as "a lady at work" to what the coach says to the user.

Knows English determiners and plurals; guesses nothing about anyone.
"""

from __future__ import annotations

import re

_AFTER_THE_NOUN = (
    "who", "whom", "whose", "that", "which", "i", "we", "i've", "we've", "from", "in", "at", "on", "under", "over",
    "next to", "above", "below", "around", "here", "there",
)  # fmt: skip
_CUT = re.compile(rf"(?:,|\s+(?:{'|'.join(_AFTER_THE_NOUN)})\b).*$", re.IGNORECASE | re.DOTALL)
_YOURS = {"my": "your", "our": "your", "i": "you", "me": "you", "we": "you", "us": "you"}
_MINE = re.compile(r"\b(my|our|i|me|we|us)\b", re.IGNORECASE)
_NOBODY_KNOWN = ("someone", "somebody", "some person", "anyone", "a person", "those", "these", "they", "he", "she")
_VAGUE = re.compile(rf"^(?:{'|'.join(_NOBODY_KNOWN)})\b", re.IGNORECASE)
_NEAR = re.compile(r"^(?:an?|another|some|one)\s+(?=(?:\w+\s)?(?:colleagues?|co-?workers?)$)", re.IGNORECASE)
_SOME = re.compile(r"^(?:an?|another|some)\s+", re.IGNORECASE)
_ONE_OF = re.compile(r"^(one|each|another) of\b", re.IGNORECASE)
_SEVERAL_OF = re.compile(r"^(?:two|three|four|five|some|a few|several|both) of\b", re.IGNORECASE)
_CROWDS = {
    "others", "people", "folk", "folks", "team", "crew", "women", "men", "staff", "everyone", "everybody", "group",
    "half", "lot", "rest",
}  # fmt: skip
_ONE_OF_MINE = re.compile(r"^one of (my|our|the|his|her|their)\s+(.+)$", re.IGNORECASE)
"""Said back as it stands ("alone with one of your drivers"), it would be any of them."""
_PLURAL = re.compile(r"[^su'i]s$")
_TEAMS = {"people", "folk", "folks", "team", "crew", "staff", "group", "lot"}
_PERSONS = ("people", "woman", "man", "lady", "guy", "bloke", "girl", "boy", "person")
_AT_A_PLACE = re.compile(rf"\b(?:{'|'.join(_PERSONS)}) (?:from|in|at|on) (?:\w+ ?){{1,3}}$", re.IGNORECASE)
"""Nouns that say nothing of the person by themselves keep the place: "the woman in your team"."""
_MOST = {"most", "least", "favourite", "best", "worst"}
_HEADS = {
    "the", "your", "his", "her", "their", "one", "two", "three", "four", "five", "several", "all", "both",
}  # fmt: skip
_MOST_WORDS = 6


def called(phrase: str) -> str:
    """Return how the coach calls them: "my boss" → "your boss", "a lady I know" → "the lady"; "" where it is vague."""
    text = " ".join(phrase.split())
    if not text or _VAGUE.match(text):
        return ""
    if hit := _ONE_OF_MINE.match(bare(text)):
        return _one_of(hit[1], hit[2])
    kept = text if _AT_A_PLACE.search(text) else bare(text)
    head = _SOME.sub("the ", _NEAR.sub("your ", kept))
    head = _MINE.sub(lambda hit: _YOURS[hit[0].lower()], head)
    words = head.split()
    if not words or len(words) > _MOST_WORDS:
        return ""
    if words[0].lower() in _HEADS or head[:1].isupper():
        return head
    return f"your {head}" if words[-1] in {"colleagues", "colleague"} else f"the {head}"


def bare(phrase: str) -> str:
    """Return a phrase without what follows its noun: "a lady at work" → "a lady"; it can then stand in a genitive."""
    text = " ".join(phrase.split())
    return _CUT.sub("", text) or text


def _one_of(whose: str, group: str) -> str:
    """Return one of a group as the noun alone: "drivers" → "the driver"; "" where the group has no such noun.

    One of the best is not the best, so such a word goes.
    """
    words = [word for word in group.split() if word.lower() not in _MOST] or [""]
    last = words[-1].lower()
    if len(words) > _MOST_WORDS - 1 or last in _TEAMS or not _PLURAL.search(last):
        return ""
    noun = words[-1][:-3] + "y" if last.endswith("ies") else words[-1][:-1]
    owner = _YOURS.get(whose.lower(), whose.lower()) if last == "colleagues" else "the"
    return " ".join((owner, *words[:-1], noun))


def is_several(phrase: str) -> bool:
    """Return whether a phrase names several people by its own words: "the others", "two of the porters"."""
    text = " ".join(phrase.split())
    if _ONE_OF.match(text):
        return False
    if _SEVERAL_OF.match(text):
        return True
    words = re.split(r"\s+of\s+", _CUT.sub("", text).lower())[0].split()
    last = words[-1] if words else ""
    return last in _CROWDS or ((len(words) > 1 or last == "colleagues") and bool(_PLURAL.search(last)))
