"""The one JSON object in a reply that comes in pieces; thoughts, fences, channel marks and talk around it go. Pure.

Knows the marks that language models put around what they think; nothing of servers or of what the object is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_OPENERS = (
    "<think>",
    "<thinking>",
    "<thought>",
    "<reasoning>",
    "<seed:think>",
    "[THINK]",
    "◁think▷",
    "<|START_THINKING|>",
    "<|channel|>analysis",
    "<|channel|>commentary",
)
_CLOSERS = (
    "</think>",
    "</thinking>",
    "</thought>",
    "</reasoning>",
    "</seed:think>",
    "[/THINK]",
    "◁/think▷",
    "<|END_THINKING|>",
    "<|channel|>final",
    "<|end|>",
)
_LONGEST = max(map(len, (*_OPENERS, *_CLOSERS)))
_OPENER, _CLOSER = ("|".join(map(re.escape, marks)) for marks in (_OPENERS, _CLOSERS))
_CLOSES = re.compile(_CLOSER)
_BETWEEN = re.compile(r'[\s{}\[\],:\w.+-]*"?')
"""What stands between the strings of JSON, up to the beginning of the next one."""

_IN_STRING = re.compile(r'(?:[^"\\]|\\.)*"?', re.DOTALL)


class Reply:
    """Takes a reply's pieces and gives back those of the object, as they come.

    The object begins at a brace before a ``names`` of the schema, so that neither talk nor a wrapper is taken for it.
    ``thinks``: this language model is known to close its thoughts without having opened them.
    """

    def __init__(self, names: Iterable[str] = (), thinks: bool = False) -> None:
        self._names = tuple(names)
        either = "|".join(map(re.escape, self._names)) or r'[^"]*'
        self._start = re.compile(rf'({_OPENER})|\{{\s*"(?:{either})"')
        self.text = ""
        """All that came, with what is around the object."""
        self._at = self._from = 0  # where in it the next look begins, and where the object does
        self._thinking = self._supposed = thinks
        self._begun = self._in_string = False
        self._depth = 0
        self.closed = self.torn = False
        """The object is whole; or what came in it is no JSON."""
        self.thought_after = False
        """Thoughts were closed that nobody had opened, after the object: it was thought and not said."""

    @property
    def begun(self) -> bool:
        """Whether anything of the object was given back."""
        return self._begun

    @property
    def object(self) -> str:
        """The object as far as it has come."""
        return self.text[self._from : self._at] if self._begun else ""

    @property
    def empty(self) -> bool:
        """Whether nothing at all was said."""
        return not self.text.strip()

    def said(self, piece: str) -> str:
        """Return what of the pieces so far belongs to the object and was not given back yet."""
        self.text += piece
        if not self._begun:
            self._seek()
            self._from = self._at
        return self._more() if self._begun else ""

    def end(self) -> str:
        """Return what was held back, when the reply is over."""
        if not self._begun and self._supposed:
            self._thinking, self._at = False, 0
            self._seek()
            self._from = self._at
        if not self._begun and (at := self.text.find("{")) >= 0 and not self._thinking:
            self._begun, self._at = True, at
            self._from = at
        return self._more() if self._begun else ""

    def _seek(self) -> None:
        """Look for the beginning, after all thoughts."""
        while True:
            if self._thinking:
                closed = _CLOSES.search(self.text, self._at)
                if closed is None:
                    self._at = max(self._at, len(self.text) - _LONGEST)
                    return
                self._thinking, self._supposed, self._at = False, False, closed.end()
            found = self._start.search(self.text, self._at)
            if found is None:
                self._begun = self._begins()
                return
            if found[1] is None:
                self._begun, self._at = True, found.start()
                return
            self._thinking, self._at = True, found.end()

    def _begins(self) -> bool:
        """Whether the reply is a brace and the beginning of a name so far: then nothing need be waited for."""
        start = re.match(r'\s*(\{\s*"(\w+))$', self.text[self._at :])
        if start is None or not any(name.startswith(start[2]) for name in self._names):
            return False
        self._at += start.start(1)
        return True

    def _more(self) -> str:
        """Return the rest of the object as far as it has come, and see whether it closes."""
        start = at = self._at
        before = -1
        while before < at < len(self.text) and not self.closed and not self.torn:  # at half an escape it stays
            before, at = at, self._string(at) if self._in_string else self._marks(at)
        self._at = at
        self.thought_after = self.thought_after or (self.closed and _CLOSES.search(self.text, at) is not None)
        return self.text[start:at]

    def _string(self, at: int) -> int:
        end = _end(_IN_STRING, self.text, at)
        self._in_string = not (end > at and self.text[end - 1] == '"' and not _escaped(self.text, at, end - 1))
        return end

    def _marks(self, at: int) -> int:
        end = _end(_BETWEEN, self.text, at)
        for place in range(at, end):
            self._depth += (self.text[place] in "{[") - (self.text[place] in "}]")
            if self._depth == 0 and self.text[place] in "}]":
                self.closed = True
                return place + 1
        self._in_string = end > at and self.text[end - 1] == '"'
        self.torn = not self._in_string and end < len(self.text)
        self.thought_after = self.thought_after or (self.torn and self.text[end] in "<[")
        return end


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _escaped(text: str, start: int, at: int) -> bool:
    """Whether the mark at a place of a string follows an odd number of backslashes."""
    before = text[start:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def names_of(schema: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of a schema's own properties."""
    properties = schema.get("properties")
    return tuple(properties) if isinstance(properties, Mapping) else ()
