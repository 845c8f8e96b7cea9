"""Computes the vectors that a message will need before they are asked for, on a thread of its own.

Knows how the library cuts a message; does not know what the vectors are for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from coach.domain import letters
from coach.errors import CoachError
from coach.knowledge.machine import give_back_memory
from coach.knowledge.plain import plain
from coach.ports import Embedder
from coach.safety.long_texts import LONG

log = logging.getLogger(__name__)

_MOST = 4
"""Messages that may wait to be looked at ahead."""

_TIDIED = 2
"""After so many messages, memory that lies about in pieces goes back to the system: some 10 MB, and it takes 1 ms."""


class Ahead:
    """What is computed ahead, message by message, in order."""

    def __init__(self, embedder: Embedder | None, known: Callable[[str], bool]) -> None:
        """``known`` says whether a message has been looked at meanwhile: then there is nothing left to do."""
        self._embedder, self._known = embedder, known
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="foresee")
        self._messages = self._under_way = 0

    def begin(self, text: str) -> None:
        """Begin with a message, and return immediately. Where many come at once, some are left to whoever asks.

        What is computed long before it is asked for would be forgotten by then, and computed twice.
        """
        if self._embedder is not None and self._under_way < _MOST:
            self._under_way += 1
            self._thread.submit(self._work, self._embedder, text).add_done_callback(self._over)

    def _over(self, done: object) -> None:
        del done
        self._under_way -= 1

    def close(self) -> None:
        """Finish what was begun."""
        self._thread.shutdown()

    def _work(self, embedder: Embedder, text: str) -> None:
        if self._known(text):
            return
        self._messages += 1
        try:
            embedder.embed(pieces(text))
        except CoachError as error:
            log.warning("%s", error)  # whoever asks for the vectors will be told
        if self._messages % _TIDIED == 0:
            give_back_memory()


def pieces(text: str) -> list[str]:
    """Return what is embedded of a message: itself and its clauses. A long text needs few of these."""
    even = letters.cleaned(text)
    clauses = [plain(even[a:b]) for a, b in letters.clauses(even)] if len(text) <= LONG else []
    return [plain(even), *clauses]
