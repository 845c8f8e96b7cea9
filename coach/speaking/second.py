"""A second reading, by a language model: begun early where the coach is in doubt, else beside the reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from coach.coaching import merging
from coach.domain.readings import Kind, Reading
from coach.errors import LanguageModelTrouble
from coach.ports import Texts
from coach.safety.orders import without_orders
from coach.speaking.asking import Asking, ended
from coach.speaking.budget import MESSAGE_WORDS, clipped

PATIENCE = 3.0
"""Seconds that a doubtful message waits for its second reading before anything is planned.

A plan that is shown cannot be unsaid, so where the tables leave doubt the language model is heard first. Where they
leave none, or it is slower than this, the page does not wait: what it finds later ends the reply with a caution.
"""


class SecondReading:
    """One language model's reading of one message. ``answer`` is None until it is there, or when it failed."""

    def __init__(
        self,
        read: Reading,
        doubted: Kind | None,
        proof: Callable[[str], bool],
        prompts: Texts,
        asking: Callable[[str], Asking],
    ) -> None:
        self._read, self._prompts, self._asking = read, prompts, asking
        self.proof = proof
        self.doubted = doubted
        self.answer: Mapping[str, object] | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin, unless it has begun."""
        self._task = self._task or asyncio.create_task(self._ask())

    async def wait(self, seconds: float) -> Mapping[str, object] | None:
        """Return the answer if it comes within so many seconds. Going on later is still possible."""
        self.begin()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=seconds)
        return self.answer

    async def heard(self) -> tuple[Reading, SecondReading | None]:
        """Return the reading with what the second one adds when it comes in time, else the reading and itself."""
        answer = await self.wait(PATIENCE)
        if answer is None:
            return self._read, self
        return merging.merged(self._read, answer, self.doubted, self.proof), None

    async def end(self) -> None:
        """End it if it still runs."""
        if self._task is not None:
            await ended(self._task)

    async def _ask(self) -> None:
        message = clipped(without_orders(self._read.text), MESSAGE_WORDS)
        prompt = (
            ("system", self._prompts.render("reading.system")),
            ("user", self._prompts.render("reading.user", message=message)),
        )
        try:
            self.answer = await self._asking("reading").fill(prompt, merging.schema())
        except LanguageModelTrouble:
            self.answer = None
