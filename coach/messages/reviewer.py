"""Asks a language model what may land badly in a message. Knows the port; what comes back is checked word for word.

Any trouble with it leaves the rows alone: looking a message over never fails for want of a language model.
They are the floor: what they warn of is always there. A finding counts when its warning is known and its words stand in
the message; a rewrite when the rows have nothing against it and it tells nothing that the message does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from coach.beside import within
from coach.domain import letters
from coach.domain.drafts import Purpose, Warning
from coach.domain.moments import Channel
from coach.domain.people import Person
from coach.domain.readings import Level
from coach.domain.sent import Errand
from coach.errors import LanguageModelTrouble
from coach.messages import linter
from coach.messages.rewrites import fitted
from coach.ports import LanguageModels, Texts
from coach.rows import rows

SECONDS = 8.0
"""How long looking a message over may take; then the rows alone are told."""

_GRACE = 0.2
"""So much longer, in seconds, a call is waited for than its own deadline."""

MOST_LETTERS = 4_000
"""A longer message is not sent to a language model: the rows say first that it is too long."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A message to look over: whose it is, what it is for and where it goes, and what must not leave by name."""

    user: str
    text: str
    purpose: Purpose
    channel: Channel | None
    people: Sequence[Person]
    names: Sequence[str]


class Reviewer:
    """Looks messages over with the configured language model. Holds no state."""

    def __init__(
        self,
        models: LanguageModels,
        texts: Texts,
        clock: Callable[[], datetime],
        level: Callable[[], Level],
    ) -> None:
        self._models, self._texts, self._clock, self._level = models, texts, clock, level

    @property
    def on(self) -> bool:
        """Whether the language model is asked at all."""
        return self._level() is not Level.ASKS

    async def review(self, looked: Looked, floor: Sequence[Warning], seconds: float = SECONDS) -> Sequence[Warning]:
        """Return the rows' warnings and what the language model adds; ``floor`` itself when it is off or fails."""
        text = looked.text
        if not self.on or not text.strip() or len(text) > MOST_LETTERS:
            return floor
        prompt = (
            ("system", self._texts.render("lint/review.system", apology=looked.purpose is Purpose.APOLOGY)),
            ("user", self._texts.render("lint/review.user", message=looked)),
        )
        try:
            model = self._models.bound(Errand(looked.user, "", "lint"), looked.people, looked.names)
            until = self._clock() + timedelta(seconds=seconds)
            found = await within(seconds + _GRACE, model.fill(prompt, SCHEMA, until))
        except LanguageModelTrouble:
            return floor
        return floor if found is None else joined(text, looked.purpose, floor, found.get("warnings"), self._texts)


MOST = 12
"""More findings than this are not looked at."""

_LEAST, _MOST_WHY = 2, 240
_COUNTED = frozenset({"too_long"})
_BLANK = re.compile(r"\[[^\]]*\]")
_NAMED = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]+")

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "warnings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "warning": {"type": "string", "enum": [name for name in linter.WARNINGS if name not in _COUNTED]},
                    "words": {"type": "string"},
                    "why": {"type": "string"},
                    "rewrite": {"type": "string"},
                },
                "required": ["warning", "words", "why", "rewrite"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["warnings"],
    "additionalProperties": False,
}
"""What a language model has to return."""


def joined(text: str, purpose: Purpose, floor: Sequence[Warning], found: object, texts: Texts) -> tuple[Warning, ...]:
    """Return what the rows warn of and what a language model adds to it, in the order of the text.

    ``found`` is the list of findings as it came. Where both give a warning to the same words it stands once, with the
    rows' span; the language model's reason and rewrite take the place of the rows' only where the spans are one.
    """
    given = list(floor)
    for each in _findings(text, purpose, found, texts):
        same = [at for at, one in enumerate(given) if one.warning == each.warning and _overlap(one, each)]
        if not same:
            given.append(each)
        elif (given[same[0]].start, given[same[0]].end) == (each.start, each.end) and each.rewrite:
            given[same[0]] = each
    order = linter.WARNINGS.index
    return tuple(sorted(given, key=lambda one: (one.start, one.end, order(one.warning))))


def _findings(text: str, purpose: Purpose, found: object, texts: Texts) -> Iterator[Warning]:
    for each in (found if isinstance(found, list) else [])[:MOST]:
        if not isinstance(each, Mapping):
            continue
        name, words = str(each.get("warning", "")), str(each.get("words", ""))
        at = _place(text, words)
        if name not in linter.WARNINGS or name in _COUNTED or at is None:
            continue
        if name.startswith("missing_") and purpose is not Purpose.APOLOGY:
            continue
        why = " ".join(str(each.get("why", "")).split())
        if not why or len(why) > _MOST_WHY:
            why = texts.render(f"lint/{name}.fixed", part="why", form="", words=0, most=0)
        yield _rewritten(Warning(name, *at, why, ""), text, purpose, str(each.get("rewrite", "")).strip(' "“”'))


def _place(text: str, words: str) -> tuple[int, int] | None:
    """Return where the words stand, letter for letter but for the shape of quotation marks and blanks."""
    sought = letters.straight(words).strip(' "\n').split()
    hit = re.search(r"\s+".join(map(re.escape, sought)), letters.straight(text)) if sought else None
    return None if hit is None or len(hit[0]) < _LEAST else hit.span()


def _overlap(one: Warning, other: Warning) -> bool:
    return one.start < other.end and other.start < one.end


def _rewritten(warning: Warning, text: str, purpose: Purpose, rewrite: str) -> Warning:
    """Return the warning with its rewrite, or as it is when the rewrite does not hold."""
    if not rewrite or rewrite == text[warning.start : warning.end]:
        return warning
    end, rewrite = fitted(text, warning.start, warning.end, rewrite)
    mended = text[: warning.start] + rewrite + text[end:]
    fresh = set(linter.names(mended, purpose)) - set(linter.names(text, purpose))
    if fresh or linter.names(rewrite, Purpose.OTHER) or not tells_nothing_new(rewrite, text):
        return warning
    return replace(warning, end=end, rewrite=rewrite)


def tells_nothing_new(rewrite: str, text: str) -> bool:
    """Return True when every figure, day, name and deed of a rewrite stands in the message; blanks tell nothing."""
    said = letters.straight(_BLANK.sub(" [] ", rewrite))
    even, known = said.lower(), letters.straight(text).lower()
    for row in rows("wordings/facts"):
        for hit in row.pattern.finditer(even):
            if hit["key"][: row.more.get("stem")] not in known:
                return False
    return all(name.lower() in known for name in _NAMED.findall(said))
