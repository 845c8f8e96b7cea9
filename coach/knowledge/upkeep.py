"""Upkeep of the index: when it is lost or damaged, it is built again while the coach goes on without it.

Knows threads and what the index should hold. Does not know cards, nor what a search is for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from coach.errors import KnowledgeTrouble
from coach.knowledge.features import Progress
from coach.knowledge.index import Index, Shelf

log = logging.getLogger(__name__)

TROUBLE = "The index of cards could not be opened, so cards of your own packs are found by their words alone."
UNOPENED = "The index of cards is not ready yet."
AGAIN = "The index of cards is being built again; until then cards of your own packs are found by their words alone."
PAUSE_S = 30.0
"""Between two attempts to build what could not be built."""

Found = tuple[NDArray[np.int64], NDArray[np.float32]]


class Upkeep:
    """The index with whoever looks after it. ``trouble``: what is wrong with it now, in a sentence, or None."""

    trouble: str | None

    def __init__(self, index: Index, shelves: Callable[[Progress | None], Sequence[Shelf]]) -> None:
        self.index, self.trouble = index, UNOPENED
        self._shelves = shelves
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._mending: Future[None] | None = None
        self._lock, self._building, self._last = Lock(), Lock(), -PAUSE_S

    def ensure(self, progress: Progress | None = None, *, anew: bool = False) -> int:
        """Make every shelf searchable, all ``anew`` or what is missing; return how many passages were built.

        Raises KnowledgeTrouble.
        """
        with self._building:
            try:
                built = self.index.ensure(self._shelves(progress), progress, anew=anew)
            except KnowledgeTrouble:
                self.trouble, self._last = TROUBLE, time.monotonic()
                raise
            self.trouble = None
            return built

    def search(self, pack: str, vector: NDArray[np.float32]) -> Found:
        """Return places and cosines of a pack's nearest passages; nothing while the index is in trouble."""
        if self.trouble is None:
            try:
                return self.index.search(pack, vector)
            except KnowledgeTrouble as error:
                log.warning("%s", error)
        self.mend()
        return np.zeros(0, np.int64), np.zeros(0, np.float32)

    def check(self) -> str | None:
        """Return what is wrong with the index after searching it, None when nothing is; what is wrong is mended."""
        if self.trouble is None and self.index.whole():
            return None
        self.mend()
        return self.trouble

    def mend(self) -> None:
        """Have the index built again in a thread, unless that is being done or failed a moment ago."""
        with self._lock:
            if self.trouble == UNOPENED:
                return
            if self._mending is not None and not self._mending.done():
                return
            self.trouble = self.trouble or AGAIN
            if not self.index.home():
                self.trouble = TROUBLE  # whoever puts the data folder back finds nothing in its place
                return
            if time.monotonic() - self._last >= PAUSE_S:
                self.trouble = AGAIN
                self._mending = self._threads.submit(self._mend)

    def _mend(self) -> None:
        try:
            self.index.reopen()
            self.ensure()
            log.warning("the index was lost or damaged, and has been built again")
        except KnowledgeTrouble as error:
            log.warning("%s", error)
        except Exception as error:
            self.trouble = TROUBLE
            log.warning("the index could not be built again (%s)", type(error).__name__)
        finally:
            self._last = time.monotonic()

    def close(self) -> None:
        """Wait for what is being done, and let go of the index."""
        self._threads.shutdown()
        self.index.close()
