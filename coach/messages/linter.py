"""Looks over a message before it is sent: what in it may land badly, why, and another way to put it.

Knows the wordings and the parts of an apology. Does not know who the message is for, and keeps nothing. Why and rewrite
are worded in ``prompts/lint/``, a file a warning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coach.domain import letters
from coach.domain.drafts import Purpose, Warning
from coach.messages import rewrites, wordings
from coach.messages.abridgement import shorten, words
from coach.messages.wordings import Reach, Wording, possible
from coach.ports import Texts

WARNINGS = (
    "conditional_apology", "apology_but", "always_never", "mind_reading", "label", "sarcasm", "passive_aggression",
    "disguised_demand", "guilt_trip", "asks_forgiveness", "too_long", "public_correction_cc", "missing_responsibility",
    "missing_offer",
)  # fmt: skip
"""Every warning there is, by the contract's names."""

MOST_WORDS = 120
"""A longer message is too long."""

SHORTENED = 90
"""How many words the shorter version may have."""

Ear = Callable[[str], str | None]
"""Given a sentence in small letters, returns the warning that it deserves though no wording shows it, or None."""

_FEWEST = 3
"""A sentence of fewer words is not listened to."""

_QUOTED = re.compile(r'"[^"\s]+(?: [^"\s]+){2,}"')
"""Three words or more in quotation marks: somebody's words, told."""

_VAGUE, _PLAINER = "passive_aggression", {"apology_but", "guilt_trip", "public_correction_cc", "sarcasm"}
"""The same words earn the vaguer name only where none of the plainer ones fits them."""

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


@dataclass(frozen=True, slots=True)
class Found:
    """A warning's span, before it is worded. ``values`` are the user's words that the rewrite is built from."""

    warning: str
    form: str
    start: int
    end: int
    values: dict[str, Any] = field(default_factory=dict)


def lint(text: str, purpose: Purpose, prompts: Texts, hear: Ear | None = None) -> tuple[Warning, ...]:
    """Return what may land badly in a message, in the order of the text. Offsets are of ``text`` as given.

    ``hear`` is asked of every sentence in which no wording stands.
    """
    even, places = _even(text)
    found = _found(even, purpose)
    if hear is not None:
        found += list(_heard(even, found, hear))
    found.sort(key=lambda each: (each.start, each.end, WARNINGS.index(each.warning)))
    return tuple(_worded(each, text, places, prompts) for each in found)


def names(text: str, purpose: Purpose) -> tuple[str, ...]:
    """Return the names of the warnings that wordings earn, in the order of the contract; quicker than ``lint``."""
    given = {each.warning for each in _found(_even(text)[0], purpose)}
    return tuple(name for name in WARNINGS if name in given)


def _found(even: str, purpose: Purpose) -> list[Found]:
    if not even.strip():
        return []
    message = _Message(even)
    found = list(_apart(_wordings(message, purpose), message))
    if purpose is Purpose.APOLOGY:
        found += _missing(message, found)
    if words(even) > MOST_WORDS:
        found.append(Found("too_long", "too_long", *_trimmed(even), {"words": words(even), "most": MOST_WORDS}))
    return found


def excused(warning: str, sentence: str) -> bool:
    """Return True where what is heard in a sentence is no guess, since they have said it themselves."""
    return warning == "mind_reading" and bool(wordings.excuse("not_said").search(sentence))


def _heard(even: str, found: Sequence[Found], hear: Ear) -> Iterator[Found]:
    message = _Message(even)
    worded = [one for one in found if one.warning in wordings.FILES]
    for start, end in message.spans:
        sentence = even[start:end]
        if len(sentence.split()) < _FEWEST or message.quotes(start, end):
            continue
        if any(one.start < end and start < one.end for one in worded):
            continue
        warning = hear(sentence)
        if warning is not None and not excused(warning, sentence):
            yield Found(warning, "heard", start, start + len(sentence.rstrip(" .!?\n")))


def _even(text: str) -> tuple[str, Sequence[int]]:
    """Return the text for matching, and the place in ``text`` of each of its characters and of its end."""
    straight = letters.straight(text).replace("…", ".")
    if straight.isascii():
        return straight.lower(), range(len(text) + 1)
    kept = [at for at, character in enumerate(straight) if character not in _INVISIBLE]
    even = "".join(low if len(low := straight[at].lower()) == 1 else straight[at] for at in kept)
    return even, [*kept, len(text)]


class _Message:
    """A message for matching: its text and the spans of its sentences."""

    def __init__(self, even: str) -> None:
        self.even = even
        self.spans = letters.pieces(even)
        self._starts = [start for start, _ in self.spans]
        self._quoted = [found.span() for found in _QUOTED.finditer(even) if len(found[0]) < len(even.strip())]

    def hits(self, wording: Wording) -> Iterator[re.Match[str]]:
        """Yield where a wording stands, excused or not, as far as it may reach."""
        if wording.reach is Reach.TEXT:
            yield from wording.row.pattern.finditer(self.even)
            return
        done = 0
        for at, (first, last) in enumerate(self.spans):
            if wording.possible(self.even[first:last]):
                if wording.reach is Reach.NEXT:
                    last = self.spans[min(at + 1, len(self.spans) - 1)][1]
                for hit in wording.row.pattern.finditer(self.even, max(first, done), last):
                    done = hit.end()
                    yield hit

    def quotes(self, start: int, end: int) -> bool:
        """Return True when a span is told as what somebody said, and not said."""
        return any(first <= start and end <= last for first, last in self._quoted)

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return from where the sentence begins that holds ``start`` to where the one ends that holds ``end``."""
        first = self.spans[max(0, bisect_right(self._starts, start) - 1)][0]
        last = self.spans[max(0, bisect_right(self._starts, max(start, end - 1)) - 1)][1]
        return min(first, start), max(last, end)


def _wordings(message: _Message, purpose: Purpose) -> Iterator[Found]:
    for wording in possible(message.even):
        if purpose in wording.not_for:
            continue
        for hit in message.hits(wording):
            if not (message.quotes(*hit.span()) or wording.excused(hit, *message.around(*hit.span()))):
                start, end = _trimmed(message.even, *hit.span())
                at = {name: hit.span(name) for name, value in hit.groupdict().items() if value is not None}
                yield Found(wording.warning, wording.form, start, end, {"at": at})


def _apart(found: Iterator[Found], message: _Message) -> Iterator[Found]:
    """Yield the findings without those that overlap an earlier or longer one of the same warning, or a plainer one."""
    ordered = sorted(found, key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for each in ordered:
        if any(one.warning == each.warning and each.start < one.end for one in kept):
            continue
        kept.append(each)
        if each.warning != _VAGUE or not any(_plainer(one, each, message) for one in ordered):
            yield each


def _plainer(one: Found, vague: Found, message: _Message) -> bool:
    start, end = one.start, one.end
    if one.warning == "public_correction_cc":  # whoever is in copy, the sentence is about that
        start, end = message.around(start, end)
    return one.warning in _PLAINER and start < vague.end and vague.start < end


def _missing(message: _Message, found: list[Found]) -> Iterator[Found]:
    """Yield what an apology lacks. What stands under a condition, or after a but, is not owned."""
    even = certain = message.even
    for each in found:
        if each.warning == "conditional_apology":
            certain = _without(certain, each.start, each.end)
    owned = certain
    for each in found:
        if each.warning == "apology_but" and "rest" in each.values["at"]:
            owned = _without(owned, *each.values["at"]["rest"])
    if not wordings.owns(owned):
        said = wordings.says_sorry(even)
        at = said.start() if said else 0
        first = next((span for span in message.spans if at < span[1]), message.spans[0])
        yield Found("missing_responsibility", "missing_responsibility", *first)
    if not wordings.offers(certain):
        yield Found("missing_offer", "missing_offer", *_last(even, message.spans))


def _without(even: str, start: int, end: int) -> str:
    return even[:start] + " " * (end - start) + even[end:]


def _last(even: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the last sentence that is more than a signature."""
    return next((span for span in reversed(spans) if len(even[slice(*span)].split()) > 2), spans[-1])


def _trimmed(even: str, start: int = 0, end: int | None = None) -> tuple[int, int]:
    end = len(even) if end is None else end
    while start < end and even[start] in " ,\n\r;:":
        start += 1
    while end > start and even[end - 1] in " ,\n\r;:":
        end -= 1
    return start, end


def _worded(found: Found, text: str, places: Sequence[int], prompts: Texts) -> Warning:
    """Return the warning with its sentences; the rewrite begins and ends as its place in the text asks."""
    start, end = places[found.start], places[found.end - 1] + 1
    span = text[start:end]
    own = {name: text[places[a] : places[b - 1] + 1] for name, (a, b) in found.values.get("at", {}).items() if b > a}
    form, values = rewrites.values(found.warning, found.form, span, own)
    if found.warning == "too_long":
        values["rest"] = shorten(span, SHORTENED)
    values |= {name: found.values[name] for name in ("words", "most") if name in found.values}
    name = f"lint/{found.warning}.fixed"
    why = prompts.render(name, part="why", form=form, **values)
    rewrite = prompts.render(name, part="rewrite", form=form, **values)
    end, rewrite = rewrites.fitted(text, start, end, rewrite)
    return Warning(found.warning, start, end, why, rewrite)
