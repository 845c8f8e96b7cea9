"""Restores the names in a reply that comes in pieces: in plain text, and in the strings of JSON. Pure.

Holds back no more than what may yet become a made-up name. Knows disguises and how JSON writes a string.
"""

from __future__ import annotations

import json
import re

from coach.llm.detector import WORD
from coach.llm.pseudonyms import Disguise

_JOINERS = ("-", "'", "’")
_WORD = re.compile(r"[\w'’\\-]+")


class Restoring:
    """Restores a text's pieces as they come."""

    def __init__(self, worn: Disguise) -> None:
        self._worn, self._held = worn, ""
        self._last = ""
        """The last character of a word that was given back before it was over, as no name can come of it."""

    def restored(self, piece: str) -> str:
        """Return what of the pieces so far is settled and was not given back yet."""
        if self._worn.empty:
            return piece
        passed, text = self._passed(self._held + piece)
        if not text:
            return passed
        word, whole = _word_start(text, len(text)), self._whole_begun(text)
        cut = max([min(word, whole), *(end for start, end in self._worn.found_back(text) if start < min(word, whole))])
        self._held = text[cut:]
        if cut == word < whole == len(text) and self._free(self._held):
            cut, self._held, self._last = len(text), "", text[-1]
        return passed + self._worn.restored(text[:cut])

    def end(self) -> str:
        """Return what was held back, when the text is over."""
        held, last, self._held = self._held, self._last, ""
        return self._worn.restored_word(last + held)[1:] if last else self._worn.restored(held)

    def _free(self, word: str) -> bool:
        """Whether a word that is not over yet may be given back: no made-up name can come of it."""
        return word[-1] not in _JOINERS and "\\" not in word and not self._worn.may_name(word)

    def _passed(self, text: str) -> tuple[str, str]:
        """Return how a word goes on whose beginning was given back, and the rest of the text."""
        going_on = WORD.match(self._last + text) if self._last and text else None
        if going_on is None:
            self._last = self._last if not text else ""
            return "", text
        end = going_on.end() - 1
        if end < len(text) and text[end:] not in _JOINERS:
            word, self._last = self._last + text[:end], ""
            return self._worn.restored_word(word)[1:], text[end:]
        if self._free(self._last + text):
            self._held, self._last = "", text[-1]
            return text, ""
        self._held = text
        return "", ""

    def _whole_begun(self, text: str) -> int:
        """Return where something that is replaced as a whole may have begun; the end of the text: nowhere."""
        begun = len(text)
        for whole in self._worn.wholes:
            for length in range(min(len(whole), len(text)), 0, -1):
                if text.endswith(whole[:length]):
                    begun = min(begun, _word_start(text, len(text) - length))
                    break
        return begun


_QUOTE = re.compile('"')
_PART = re.compile(
    r"[^\"\\]+|\"|"
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]"
)
"""What a string of JSON is made of: plain characters, the closing mark, a pair of surrogates, one escape."""

_HALF = re.compile(r"\\(?:u[0-9a-fA-F]{0,3}|u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?)?")
"""An escape that is not whole yet, or one that may be the first of a pair."""


class JsonRestoring:
    """Restores the strings of JSON that comes in pieces. What it gives back is JSON again, whatever a name holds.

    Line ends that stand bare in a string, and escapes that JSON does not know, are mended on the way.
    """

    def __init__(self, worn: Disguise) -> None:
        self._worn = worn
        self._string: Restoring | None = None
        self._half = ""

    def restored(self, piece: str) -> str:
        """Return what of the pieces so far is settled and was not given back yet."""
        text, self._half = self._half + piece, ""
        out: list[str] = []
        at = 0
        while at < len(text):
            if self._string is None:
                opened = _QUOTE.search(text, at)
                end = opened.end() if opened else len(text)
                out.append(text[at:end])
                self._string = Restoring(self._worn) if opened else None
                at = end
            elif _HALF.fullmatch(text, at):
                self._half, at = text[at:], len(text)
            else:
                part = _PART.match(text, at)
                out.append(self._inside(part.group() if part else text[at]))
                at = part.end() if part else at + 1
        return "".join(out)

    def end(self) -> str:
        """Return what was held back, when the reply is over."""
        return _written(self._string.end()) if self._string is not None else ""

    def _inside(self, part: str) -> str:
        assert self._string is not None
        if part == '"':
            rest, self._string = _written(self._string.end()), None
            return rest + '"'
        return _written(self._string.restored(_meant(part)))


def mended(text: str) -> str:
    """Return JSON with its strings mended, and no name changed."""
    it = JsonRestoring(Disguise())
    return it.restored(text) + it.end()


def _meant(part: str) -> str:
    """Return the characters that a part of a string stands for."""
    if part[0] != "\\":
        return part
    try:
        meant = str(json.loads(f'"{part}"'))
    except ValueError:
        return part[1:] if part[1:] == "'" else part
    return meant if meant.isascii() or not "\ud800" <= meant[0] <= "\udfff" else "\ufffd"


def _written(text: str) -> str:
    """Return a text as it stands in a string of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _word_start(text: str, at: int) -> int:
    """Return the beginning of the word that a place is in, or just after."""
    while at > 0 and _WORD.match(text[at - 1]):
        at -= 1
    return at
