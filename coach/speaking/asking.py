"""Asks a language model within the time there is. Knows the port and the clock; looks at no answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from coach.domain.people import Person
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel

log = logging.getLogger(__name__)

Prompt = Sequence[tuple[str, str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all errands of one turn share. The names of ``people`` stay on this machine."""

    user: str
    turn_id: str
    people: tuple[Person, ...]
    deadline: datetime


class Asking:
    """One language model, bound to an errand, and the time by which it has to be done."""

    def __init__(self, language_model: LanguageModel, clock: Callable[[], datetime], deadline: datetime) -> None:
        self.name = language_model.name
        self._language_model, self._clock, self.deadline = language_model, clock, deadline

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
        answer = await self._within(self._language_model.fill(prompt, schema, deadline), seconds)
        if not isinstance(answer, Mapping):
            raise LanguageModelTrouble("The language model's answer has no form.")
        return answer

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str]:
        """Yield the answer in pieces. Raises LanguageModelTrouble, also when the time is over."""
        pieces = cast("AsyncGenerator[str]", self._language_model.stream(prompt, self.deadline))
        async with aclosing(pieces):
            while True:
                try:
                    piece = await self._within(anext(pieces), self.left)
                except StopAsyncIteration:
                    return
                yield piece

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
