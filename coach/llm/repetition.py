"""Endless repetition, noticed: a weak language model may say the same words until it is stopped."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from coach.llm.faults import trouble
from coach.llm.pieces import Bit

_TAIL = 1200
_TIMES = 4
_LEAST = 60
"""Characters that the copies must fill together: "no, no, no, no" is not endless yet."""
_LONGEST = 240
_EVERY = 24
_BLANK = 300
"""White space in a row that is no layout any more; a grammar lets a weak language model write nothing else."""


class Loop:
    """Looks at a text as it grows."""

    def __init__(self) -> None:
        self._tail = ""
        self._unseen = 0

    def grown(self, piece: str) -> bool:
        """Add a piece; return whether the text now ends in the same words four times over, or more."""
        self._tail = (self._tail + piece)[-_TAIL:]
        self._unseen += len(piece)
        if self._unseen < _EVERY:
            return False
        self._unseen = 0
        return repeats(self._tail)


async def unlooped(bits: AsyncGenerator[Bit]) -> AsyncGenerator[Bit]:
    """Yield the bits as long as they say something new. Raises LanguageModelTrouble."""
    loop = Loop()
    async with aclosing(bits):
        async for bit in bits:
            if loop.grown(bit.text):
                raise trouble("repeating")
            yield bit


def repeats(text: str) -> bool:
    """Whether a text ends in copies of one piece of up to 240 characters, four at least and 60 characters together."""
    if len(text) >= _BLANK and not text[-_BLANK:].strip():
        return True
    for length in range(1, min(_LONGEST, len(text) // _TIMES) + 1):
        copies = max(_TIMES, -(-_LEAST // length))
        if length * copies <= len(text) and text.endswith(text[-length:] * copies) and text[-length:].strip():
            return True
    return False
