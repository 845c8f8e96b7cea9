"""The lines of a kept reply, and how far they are said: in a language model's words, or in their own. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.coaching import wording
from coach.coaching.wording import Line
from coach.planning import verification


class Lines:
    """What is still to be said of a reply. Whatever a language model leaves out comes in the kept words."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines, self._at = list(lines), 0
        self._said: dict[int, int] = {}
        self._closed: set[int] = set()
        asking = {line.number: wording.questions(line.text) for line in self._lines if line.number}
        self._unasked = {number: found[-1] for number, found in asking.items() if found}
        self._last = max(asking, default=0)

    def done(self, number: int) -> bool:
        """True when nothing that comes after a sentence of a line can be said any more."""
        full = self._said.get(self._last, 0) >= wording.MOST_SENTENCES
        return number > self._last or (number == self._last and (full or self._last in self._closed))

    def before(self, number: int) -> list[str]:
        """Return the kept lines that stand before a numbered one and are still to be said."""
        at = next((at for at, line in enumerate(self._lines) if line.number == number), None)
        return [] if at is None else self._until(at)

    def rest(self) -> list[str]:
        """Return the kept lines that are left."""
        return self._until(len(self._lines))

    def _until(self, end: int) -> list[str]:
        kept = []
        while self._at < end:
            line = self._lines[self._at]
            if not (line.number and (self.said(line) or line.number in self._closed)):
                kept.append(line.before + line.text)
            elif line.number in self._unasked and line.number not in self._closed:
                kept.append(" " + self._unasked[line.number])
            self._at += 1
        return kept

    def open(self, number: int) -> Line | None:
        """Return the line that a sentence may still be said in, or None."""
        if self._at >= len(self._lines) or not number or number in self._closed:
            return None
        line = self._lines[self._at]
        fits = line.number == number and self._said.get(number, 0) < wording.MOST_SENTENCES
        return line if fits else None

    def expected(self, line: Line, *, asked: bool) -> verification.Expected:
        """Return what the next sentence of a line has to be; only its first has to keep the line's sense."""
        wanted = replace(line.expected, asks=line.expected.asks and not asked)
        return replace(wanted, near=(), must=frozenset()) if self.said(line) else wanted

    def said(self, line: Line) -> bool:
        """True when something was said in this line."""
        return bool(self._said.get(line.number))

    def say(self, line: Line, sentence: str) -> str:
        """Return a sentence with the space before it."""
        first = not self.said(line)
        if "?" in sentence:
            self._unasked.pop(line.number, None)
        self._said[line.number] = self._said.get(line.number, 0) + 1
        return (line.before if first else " ") + sentence

    def give_up(self, line: Line) -> str:
        """Close a line; return the kept one with the space before it, or nothing when the line has begun already."""
        self._closed.add(line.number)
        return "" if self.said(line) else line.before + line.text
