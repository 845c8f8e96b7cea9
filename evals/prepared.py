"""A language model whose answers are prepared, for whole turns without one: it tells what it is given to tell.

The second call may be left to a real one, so that a reader's premises are measured and not code's.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from coach.app import now
from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.ports import LanguageModel, LanguageModels

Prompt = Sequence[tuple[str, str]]


class Prepared:
    """A ``ports.LanguageModels`` that is its own language model. Set ``answer`` before a turn.

    ``clear``: what the second call says of an own harm. ``premises``: who answers that call instead, if anyone does.
    ``asked``: the names of what each call wanted. ``seconds``: what the other one has for its call; the deadline that
    comes with it is of a clock that stands still.
    """

    def __init__(self, premises: LanguageModels | None = None, seconds: float = 60.0) -> None:
        self.name, self.destination = "prepared", "nowhere"
        self.answer: Mapping[str, Any] = {}
        self.clear = False
        self.asked: list[tuple[str, ...]] = []
        self._premises, self._limit = premises, timedelta(seconds=seconds)
        self._real: LanguageModel | None = None

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> Prepared:
        """Return itself; the real one is bound to the same errand."""
        self._real = self._premises.bound(errand, people, names) if self._premises else None
        return self

    async def told(self, prompt: Prompt, schema: Mapping[str, object], deadline: datetime) -> AsyncGenerator[str]:
        """Yield the prepared answer in pieces."""
        del prompt, schema, deadline
        text = json.dumps(self.answer, ensure_ascii=False)
        for start in range(0, len(text), 200):
            yield text[start : start + 200]

    async def fill(self, prompt: Prompt, schema: Mapping[str, object], deadline: datetime) -> Mapping[str, object]:
        """Return no flag (or the real one's), and nothing for parts that are asked for again."""
        del deadline
        wanted: Any = schema.get("properties", {})
        self.asked.append(tuple(wanted))
        if "flags" not in wanted:
            return {}
        if self._real is not None:
            return await self._real.fill(prompt, schema, now() + self._limit)
        return {"flags": [], "own_harm": "yes" if self.clear else "no", "own_sentence": 1 if self.clear else None}
