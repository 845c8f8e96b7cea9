"""Asks a language model within the time there is. Knows the port and the clock; looks at no answer."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from coach.domain.letters import as_data
from coach.domain.people import Person
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel

log = logging.getLogger(__name__)

Prompt = Sequence[tuple[str, str]]
T = TypeVar("T")

NOBODY = "this person"
"""Stands for somebody whose name holds more than a name."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all errands of one turn share. The names of ``people`` stay on this machine."""

    user: str
    turn_id: str
    people: tuple[Person, ...]
    deadline: datetime


class Asking:
    """One language model, bound to an errand, and the time by which it has to be done."""

    def __init__(
        self,
        language_model: LanguageModel,
        clock: Callable[[], datetime],
        deadline: datetime,
        unsafe: Collection[str] = (),
    ) -> None:
        self.name = language_model.name
        self._language_model, self._clock, self.deadline = language_model, clock, deadline
        self._unsafe = [form for name in unsafe for form in (name, as_data(name))]

    @property
    def left(self) -> float:
        """Seconds until the deadline; 0 when it is over."""
        return max(0.0, (self.deadline - self._clock()).total_seconds())

    async def fill(
        self, prompt: Prompt, schema: Mapping[str, object], most: float | None = None
    ) -> Mapping[str, object]:
        """Return the answer as JSON. ``most``: seconds, if less than are left. Raises LanguageModelTrouble."""
        seconds = self.left if most is None else min(most, self.left)
        deadline = self._clock() + timedelta(seconds=seconds)
        answer = await self._within(self._language_model.fill(self._masked(prompt), schema, deadline), seconds)
        if not isinstance(answer, Mapping):
            raise LanguageModelTrouble("The language model's answer has no form.")
        return answer

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str]:
        """Yield the answer in pieces. Raises LanguageModelTrouble, also when the time is over."""
        pieces = cast("AsyncGenerator[str]", self._language_model.stream(self._masked(prompt), self.deadline))
        async with aclosing(pieces):
            while True:
                try:
                    piece = await self._within(anext(pieces), self.left)
                except StopAsyncIteration:
                    return
                yield piece

    def _masked(self, prompt: Prompt) -> Prompt:
        """Return the prompt without the names that are more than names."""
        masked = [text for _, text in prompt]
        for form in sorted(self._unsafe, key=len, reverse=True):
            masked = [re.sub(re.escape(form), NOBODY, text, flags=re.IGNORECASE) for text in masked]
        return [(role, text) for (role, _), text in zip(prompt, masked, strict=True)]

    async def _within(self, answer: Awaitable[T], seconds: float) -> T:
        try:
            return await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            raise LanguageModelTrouble("The language model did not answer in time.") from None


async def ended(task: asyncio.Task[None]) -> None:
    """End a task that is no longer waited for. What went wrong in it spoils no reply; its type is logged."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("beside a reply: %s", type(error).__name__)
