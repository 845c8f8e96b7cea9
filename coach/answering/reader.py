"""A TurnAnswer read while it comes: each part as soon as it is closed, the answer sentence by sentence. Pure.

Knows JSON that is not yet whole (``pydantic_core.from_json``), and nothing of what a part means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from coach.domain.letters import Letter

ROUTE = "route"
"""The part made of ``fits``, ``kind``, ``harm_words`` and ``toward``, which belong together."""
_ROUTE = ("fits", "kind", "harm_words", "toward")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is closed: its name in the TurnAnswer, and its value. The answer comes as sentences."""

    name: str
    value: Any


class Reader:
    """Takes the pieces of one reply and gives the parts that they close."""

    def __init__(self) -> None:
        self._text = ""
        self._done: set[str] = set()
        self._said = 0
        self.whole: Mapping[str, Any] = {}

    def feed(self, piece: str) -> Iterator[Part]:
        """Yield the parts that this piece closes. Text before the first brace is no part of the answer."""
        self._text += piece
        start = self._text.find("{")
        if start < 0:
            return
        try:
            value = from_json(self._text[start:], allow_partial="trailing-strings")
        except ValueError:
            return  # what follows a whole object, or is none: the end tells
        yield from self._closed(value, final=False)

    def end(self) -> Iterator[Part]:
        """Yield what the end of the reply closes. ``whole`` is empty when it was no JSON object."""
        start, stop = self._text.find("{"), self._text.rfind("}")
        if start < 0:
            return
        for text in (self._text[start : stop + 1], self._text[start:]):
            try:
                value = from_json(text, allow_partial=text is not self._text[start : stop + 1])
            except ValueError:
                continue
            if isinstance(value, dict):
                self.whole = value
                yield from self._closed(value, final=True)
                return

    def _closed(self, value: object, *, final: bool) -> Iterator[Part]:
        if not isinstance(value, dict) or not value:
            return
        names = list(value)
        ready = names if final else names[:-1]
        for name in ready:
            if name == "answer":
                yield from self._sentences(value[name], final=True)
            elif name == _ROUTE[-1] and ROUTE not in self._done:
                self._done.add(ROUTE)
                yield Part(ROUTE, {key: value.get(key) for key in _ROUTE})
            elif name not in self._done and name not in _ROUTE:
                self._done.add(name)
                yield Part(name, value[name])
        if not final and names[-1] == "answer":
            yield from self._sentences(value["answer"], final=False)

    def _sentences(self, answer: object, *, final: bool) -> Iterator[Part]:
        if not isinstance(answer, str) or "answer" in self._done:
            return
        starts = _starts(answer)
        ready = starts if final else starts[:-1]
        for index, start in enumerate(ready[self._said :], self._said):
            yield Part("answer", answer[start : starts[index + 1] if index + 1 < len(starts) else len(answer)])
        self._said = max(self._said, len(ready))
        if final:
            self._done.add("answer")


def _starts(answer: str) -> list[int]:
    """Return where the sentences of an answer start; words in “ ” belong to the sentence around them."""
    found: list[int] = []
    for each in Letter(answer).sentences:
        before = answer[found[-1] : each.start] if found else ""
        within = before.count("“") > before.count("”")
        if not found or not (within or answer[each.start].islower()):
            found.append(each.start)
    return found
