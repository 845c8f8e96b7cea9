"""Names of senders as programs put them into the heads of messages. Pure; knows badges and labels, no people."""

from __future__ import annotations

import re

from coach.rows import pattern, rows, words

_LONGEST = 48
_LONGEST_WITH_ADDRESS = 400
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202c\u2068\u2069"))


def sender(written: str, *, saved: bool = False) -> str:
    """Return a sender's name without address, badge and status; ``saved``: of an address book, whose emoji stay."""
    name = _form("address").sub("", written[:_LONGEST_WITH_ADDRESS]).translate(_MARKS).replace('"', "")
    name = name.strip(" \t,*'~·•")
    if not saved:
        while (bare := _form("status").sub("", _form("badge").sub("", name))) != name and bare.strip(" ,"):
            name = bare.strip(" ,")
    name = name.removesuffix(":").strip()
    if "@" in name[1:] and " " not in name:
        name = name.split("@")[0].replace(".", " ").replace("_", " ").title()
    return name


def looks_like_a_name(written: str) -> bool:
    """Whether words may be the name of a sender: few, each as names are written, and no label of a list."""
    name = sender(written) if len(written) <= 2 * _LONGEST else ""
    if not name or len(name) > _LONGEST or is_label(name) or _is_day(name) or _form("no-name").search(name):
        return False
    parts = name.strip("@").replace(",", " ").split()
    if len(parts) > 6 or not (any(map(str.isalpha, name)) or _form("sign").match(name)):
        return False
    return len(parts) == 1 or all(map(_is_capital, parts))


def _is_day(name: str) -> bool:
    """Whether it is a day in words, which programs put before a time: "Gestern", "lundi"."""
    return any({"weekday", "ago"} & row.more.keys() and row.pattern.match(name) for row in rows("words/calendar"))


def is_label(name: str) -> bool:
    """Whether what stands before a colon or a time is the head of a list, a form or an agenda, or a short answer."""
    return name.casefold().strip(" .!") in words("words/labels")


def _is_capital(part: str) -> bool:
    """Whether a part of a name is written as such: no small letter at its head, but for "von", "de" and their like."""
    first = part.lstrip("(\"'")[:1]
    return bool(_form("particle").match(part)) or not first.islower()


def first_name_first(name: str) -> str:
    """Return "Tom Baker" for "Baker, Tom", and every other name as it is."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}".strip() if comma and first else name


def _form(id_: str) -> re.Pattern[str]:
    return pattern("words/senders", id_)
