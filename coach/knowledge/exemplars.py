"""Exemplars: authored situations with their labels, and the moments marked inside them.

Knows the form written down in ``knowledge/README.md``. Does not know what is learned from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coach.domain.moments import By, Landed
from coach.domain.readings import ROUTES, Kind, Route, Toward
from coach.knowledge.cards import Sheet

_MARK = re.compile(r"\{\s*(\w+)\s+(\w+)\s*:\s*([^{}]*)\}")
_PARTS = ("none", "possible", "clear")


@dataclass(frozen=True, slots=True)
class MarkedMoment:
    """A moment marked in an exemplar; offsets are into its clean text."""

    start: int
    end: int
    landed: Landed
    by: By


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One authored situation: ``text`` is free of marks, ``principles`` are most relevant first.

    ``toward``: who is harmed and by whom, where it says so. ``fragment``: a line as it stands in a thread, which
    teaches the table of lines and no other. ``like``: the kind of harm that an ordinary message only looks like; it may
    do without principles, and then teaches what harm is not and no ranking.
    """

    id: str
    kind: Kind
    text: str
    principles: tuple[str, ...]
    part: str
    moments: tuple[MarkedMoment, ...]
    toward: Toward | None = None
    fragment: bool = False
    like: Kind | None = None


def unmark(text: str) -> tuple[str, tuple[MarkedMoment, ...]]:
    """Return the text without its ``{landed by: words}`` marks, and the moments. Raises ValueError.

    >>> unmark("Then {harmed me: I laughed} at it.")[0]
    'Then I laughed at it.'
    """
    clean, found, at = "", [], 0
    for mark in _MARK.finditer(text):
        clean += text[at : mark.start()]
        words = mark[3].strip()
        found.append(MarkedMoment(len(clean), len(clean) + len(words), Landed(mark[1]), By(mark[2])))
        clean += words
        at = mark.end()
    clean += text[at:]
    if "{" in clean or "}" in clean:
        raise ValueError("an open mark")
    return clean, tuple(found)


def load_exemplars(folder: Path, known: Iterable[str] | None = None) -> tuple[Exemplar, ...]:
    """Return the exemplars of every ``*.yaml`` in a folder, by file and place. Raises BadCard.

    ``known`` are the ids of the cards; a label that is not one of them is refused.
    """
    ids = None if known is None else set(known)
    found: dict[str, Exemplar] = {}
    for path in sorted(folder.glob("*.yaml")):
        sheet = Sheet(path.name, path.read_text(encoding="utf-8"), 1)
        if sheet.data is None:
            continue
        if not isinstance(sheet.data, list):
            sheet.fail((), "the file is not a list of exemplars", "Begin each exemplar with '- id:'.")
        for at in range(len(sheet.data)):
            exemplar = _exemplar(sheet, at, ids)
            if exemplar.id in found:
                sheet.fail((at, "id"), "this id is taken", "Number the exemplars of a file in a row.")
            found[exemplar.id] = exemplar
    return tuple(found.values())


def _exemplar(sheet: Sheet, at: int, known: set[str] | None) -> Exemplar:
    kind = Kind(sheet.one_of(tuple(Kind), at, "kind"))
    try:
        text, moments = unmark(sheet.text(at, "text"))
    except ValueError:
        mend = "Write each mark as {helped|harmed|indifferent me|them: words}, with no mark inside another."
        sheet.fail((at, "text"), "a mark in this text is not complete", mend)
    principles = sheet.texts(at, "principles", least=0, most=6)
    if known is not None:
        for place, principle in enumerate(principles):
            if principle not in known:
                sheet.fail((at, "principles", place), "there is no card of this id", "Use the name of a card file.")
    fragment = bool(sheet.value((at, "fragment")))
    like = Kind(sheet.one_of(tuple(Kind), at, "like")) if sheet.value((at, "like")) is not None else None
    if ROUTES[kind] is Route.IN_SCOPE and not (principles or fragment or like):
        sheet.fail((at, "principles"), "an exemplar in scope has no principle", "Name two to five, best first.")
    part = sheet.one_of(_PARTS, at, "part") if sheet.value((at, "part")) is not None else "none"
    told = sheet.value((at, "toward")) is not None
    toward = Toward(sheet.one_of(tuple(Toward), at, "toward")) if told else None
    return Exemplar(sheet.text(at, "id"), kind, text, principles, part, moments, toward, fragment, like)
