"""Ways of putting things that land badly: the rows of ``knowledge/wordings/``, a file a warning. Says nothing itself.

Rows match small letters with straight quotes. Beside the fields of every row one has a ``form``, which chooses the
rewrite in ``prompts/lint/``, named groups, which the rewrite is built from, and the fields of ``Wording``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from coach.domain.drafts import Purpose
from coach.messages import pressing
from coach.rows import Row, joined, rows

FILES = (
    "conditional_apology", "apology_but", "always_never", "mind_reading", "label", "sarcasm", "passive_aggression", "public_correction_cc",
)  # fmt: skip
"""The warnings whose wordings are rows: the names of their files."""


class Reach(StrEnum):
    """How far a wording may go on."""

    SENTENCE = "sentence"
    NEXT = "next"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of putting a thing that earns a warning.

    ``unless`` names the excuse that holds when found in the same sentence, ``told`` the one that holds when found there
    before it; ``not_for``: it is none when the message serves one of these purposes. ``needs``: a sentence without one
    of these cannot hold it, which saves looking. ``reach``: it is looked for within a sentence, in a sentence and the
    next, or in the text as a whole.
    """

    warning: str
    form: str
    row: Row
    unless: str | None = None
    told: str | None = None
    reach: Reach = Reach.SENTENCE
    not_for: tuple[Purpose, ...] = ()
    needs: tuple[str, ...] = ()

    def possible(self, even: str) -> bool:
        """Return False when the text, or a part of it, holds none of the words that this one needs."""
        for word in self.needs:  # a plain loop: this is asked of every wording for every text
            if word in even:
                return True
        return not self.needs

    def excused(self, hit: re.Match[str], start: int, end: int) -> bool:
        """Return True when something in the sentence from ``start`` to ``end`` excuses a hit."""
        if self.told is not None:
            subject = hit.end("who") if hit.groupdict().get("who") else hit.start()
            if excuse(self.told).search(hit.string, start, subject):
                return True
        return self.unless is not None and bool(excuse(self.unless).search(hit.string, start, end))


@cache
def wordings() -> tuple[Wording, ...]:
    """Return every wording, in the order of the files and of their rows."""
    return (*(_wording(name, row) for name in FILES for row in rows(f"wordings/{name}")), *_tabled())


@cache
def excuse(name: str) -> re.Pattern[str]:
    """Return what excuses a wording, by the name that ``unless`` and ``told`` give."""
    entries = [row for row in rows("wordings/excuses") if row.more["excuse"] == name]
    return joined(entries) if entries else re.compile(_TABLED_EXCUSES[name])


def _wording(warning: str, row: Row) -> Wording:
    more = row.more
    return Wording(
        warning,
        more["form"],
        row,
        more.get("unless"),
        more.get("told"),
        Reach(more.get("reach", Reach.SENTENCE)),
        tuple(map(Purpose, more.get("not_for", ()))),
        tuple(more.get("needs", ())),
    )


# ---- tables of patterns that are not rows yet

_NEEDS: dict[str, tuple[str, ...]] = {
    "disguised_demand/soft": ("could", "would", "might", "can ", "may "),
    "disguised_demand/great_if": (" if ",),
    "disguised_demand/wondering": ("wonder", "suppose"),
    "disguised_demand/pressure": ("no ",),
    "disguised_demand/checking": ("checking in", "circling", "following up", "touching", "popping", "nudg", "chasing", "poking", "pinging", "bumping"),
    "disguised_demand/whenever": ("when", "if you", "at your"),
    "disguised_demand/free": ("free", "welcome", "hesitate"),
    "disguised_demand/sure": ("sure", "certain", "confident", "trust", "assume", "presume", "take it", "expect", "hope", "won't mind"),
    "disguised_demand/choice": ("but ",),
    "disguised_demand/someone": ("someone", "somebody", "one of"),
    "guilt_trip/because": ("because of", "thanks to", "account of", "due to", "sake of"),
    "guilt_trip/matter": ("matter", "count", "exist", "deserve", "important", "worth", "good enough", "priority", "invited"),
    "guilt_trip/sacrifice": ("you", "team", "cry", "because", "just for this"),
    "asks_forgiveness/please": ("forgiv", "pardon", "accept", "hate", "angry", "mad", "cross", "upset", "chance", "tell me", "say you", "say that", "move"),
    "asks_forgiveness/please.2": ("forgiv", "pardon", "accept", "angry", "mad", "hate", "chance", "cross", "upset", "tell me", "say ", "promise", "swear", "prove", "show me", "move"),
    "guilt_trip/while.2": ("you ",),
    "guilt_trip/while.3": ("while", "whilst", "so you", "so that you"),
    "guilt_trip/rest": ("the rest of us", "we others"),
    "guilt_trip/if_really": ("if you",),
    "guilt_trip/a_real": ("would",),
    "guilt_trip/some": ("some of us",),
    "disguised_demand/soft.3": ("if you",),
    "disguised_demand/great_if.2": ("if ",),
    "disguised_demand/soft.5": ("perhaps", "maybe", "so kind", "so good"),
    "disguised_demand/choice.2": ("but", "though", "however", "only", "just", "although", "except"),
}  # fmt: skip
"""What a warning's wordings cannot do without, by warning or by warning/form."""

_TABLES = (pressing,)
_TABLED_EXCUSES = {name: pattern for table in _TABLES for name, pattern in table.UNLESS.items()}


def _tabled() -> Iterator[Wording]:
    for table in _TABLES:
        for warning, entries in table.TABLE.items():
            for form, pattern, unless in entries:
                needs = _NEEDS.get(f"{warning}/{form}", _NEEDS.get(warning, ()))
                yield Wording(
                    warning,
                    form.partition(".")[0],
                    Row(f"{warning}/{form}", pattern),
                    unless,
                    None,
                    Reach.SENTENCE if needs else Reach.TEXT,
                    (Purpose.THANKS,) if warning == "guilt_trip" else (),
                    needs,
                )
