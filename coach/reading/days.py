"""Days in words: from "on Tuesday", "12 November" or "two weeks ago" to a date. Pure; time enters as ``today``.

Knows how English names a day, and when a day that is named is only what something is about ("Friday's numbers"). How a
day is put is data (knowledge/words/days.yaml), and so are what makes a topic of it (not_days.yaml) and what shows that
it is meant for later (tenses.yaml). Knows nothing of moments, plans or people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from coach.domain.letters import around, clauses, pieces, straight
from coach.errors import BadInput
from coach.reading.dates import Lean, Named, reckoned
from coach.rows import pattern, rows, words

__all__ = ["Day", "Lean", "day", "days", "local_day"]


MOST = 40
"""Nobody tells of more days; a text that names a thousand must not hold others up, nor be asked about each."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names: its date, and where the words stand that name it.

    ``topic``: something is about that day, and what the text tells or plans is not on it.
    """

    on: date
    start: int
    end: int
    lean: Lean
    topic: bool = False

    def fits(self, today: date) -> bool:
        """Whether what is told or planned can be on it."""
        return not self.topic and (self.on <= today if self.lean is Lean.TOLD else self.on >= today)


def day(text: str, today: date, lean: Lean | None = None, *, month_first: bool = False) -> date | None:
    """Return the first day that a text names as the day of what it tells or plans; None: it names none.

    ``lean`` None: as the verbs lean, what is told before what is planned. ``month_first``: 12/11 is in December.
    """
    fit = [each for each in days(text, today, lean, month_first=month_first) if each.fits(today)]
    return next((each.on for wanted in Lean for each in fit if each.lean is wanted), None)


def days(text: str, today: date, lean: Lean | None = None, *, month_first: bool = False) -> tuple[Day, ...]:
    """Return every day that a text names, in order, topics too; of a list of days some, MOST in all."""
    some = islice(_days(straight(text), today, lean, month_first), MOST)
    return tuple(sorted(some, key=lambda each: each.start))


def local_day(now: datetime, zone: str) -> date:
    """Return the day it is in a time zone such as Europe/Berlin. ``now`` has a zone of its own. Raises BadInput."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError) as error:
        raise BadInput("There is no such time zone. Give its name, for example Europe/Berlin.") from error


# ---- where days stand


def _days(text: str, today: date, lean: Lean | None, month_first: bool) -> Iterator[Day]:
    taken = bytearray(len(text))
    sentences, parts = pieces(text), clauses(text)
    for row in rows("words/days"):
        for hit in row.pattern.finditer(text):
            start, end = hit.span()
            if any(taken[start:end]):
                continue
            (a, b), (first, last) = around(sentences, start, end), around(parts, start, end)
            tense = _tense(text[first:start], hit.group(), text[end:last], text[end:b])
            leans = lean or tense.lean or Lean.TOLD
            on = reckoned(Named(hit, row, today, leans, month_first))
            if on is not None:
                taken[start:end] = b"1" * (end - start)
                piece = f"{text[a:start]}§{text[end:b]}".casefold()
                told = leans is Lean.TOLD if lean else not tense.meant
                leans = Lean.PLANNED if not (lean or tense.lean) and on > today else leans
                yield Day(on, start, end, leans, _topic(piece, told) or _said(text, start, leans, lean, tense))


def _topic(piece: str, told: bool) -> bool:
    """Whether a day, §, is what its sentence is about, and not when what it tells took place."""
    for row in rows("words/not_days"):
        if (told or not row.more.get("told")) and row.pattern.search(piece):
            return str(row.more["is"]) == "topic"
    return False


def _said(text: str, start: int, leans: Lean, lean: Lean | None, tense: _Tense) -> bool:
    """Whether a day stands in direct speech that is told, or in what someone said they would do."""
    if leans is Lean.TOLD and text.count('"', 0, start) % 2 == 1:
        return True
    return tense.meant and (lean is Lean.TOLD or (lean is None and tense.reported))


# ---- told or planned


@dataclass(frozen=True, slots=True)
class _Tense:
    """How a day's verb leans. ``meant``: it says what will be; ``reported``: it does so within something told."""

    lean: Lean | None
    meant: bool = False
    reported: bool = False


_MAY = re.compile(r"(?<=\w )May\b")
_OPENING = 4
"""A day after more words than this does not open its sentence, and the verb of a later clause is not its own."""


def _leans(what: str) -> re.Pattern[str]:
    return pattern("words/leanings", what)


@cache
def _past() -> re.Pattern[str]:
    """The words that show something as past."""
    told = "|".join(sorted(words("words/past_verbs")))
    return re.compile(rf"\b(?:(?!need|feed|speed|indeed|hundred|seed|shed)\w{{2,}}ed|{told})\b(?!')")


def _tense(before: str, said: str, after: str, rest: str) -> _Tense:
    """Return how the verb leans that a day belongs to: the last before it in its clause, else the first after it."""
    before = _MAY.sub("", before).casefold()
    meant = max((hit.end() for row in rows("words/tenses") for hit in row.pattern.finditer(before)), default=0)
    if _leans("since").search(before) or said.casefold().startswith("since"):
        return _Tense(Lean.TOLD)
    if meant and not _past().search(before, meant):
        return _Tense(Lean.PLANNED, meant=True, reported=bool(_past().search(before, 0, meant)))
    if _past().search(before):
        return _Tense(Lean.TOLD)
    first = _leans("first-word").match(before)
    sets_out = first is not None and first[1] in words("words/act_verbs")
    if not sets_out and _leans("being").search(before):
        return _Tense(Lean.PLANNED)
    opens = len(before.split()) <= _OPENING
    later = _first_verb(after.casefold()) or (_first_verb(rest.casefold()) if opens else None)
    later = Lean.PLANNED if sets_out else later
    if later:
        return _Tense(later, meant=later is Lean.PLANNED)
    return _Tense(Lean.PLANNED if _leans("now").search(before) or _leans("now").search(after.casefold()) else None)


def _first_verb(after: str) -> Lean | None:
    """Return how the first verb after a day leans."""
    meant = min((hit.start() for row in rows("words/tenses") for hit in row.pattern.finditer(after)), default=None)
    past = _past().search(after)
    if meant is not None and (past is None or meant < past.start()):
        return Lean.PLANNED
    return Lean.TOLD if past else None
