"""Stands in for the examined language model in every call but the first, so that a letter costs one call. Pure."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from pydantic_core import from_json

from coach.answering.course import Course
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel


class StandIn:
    """A ``ports.LanguageModel`` whose first call is the examined one's (or ``given``); no other call goes out.

    In place of the second call it says what the letter tells: ``own``, the sentence that tells a harm by the user.
    """

    def __init__(self, model: LanguageModel, own: int, given: Mapping[str, Any] | None = None) -> None:
        self._model, self._own, self.given = model, own, given
        self.name, self.destination = model.name, model.destination
        self._said = ""

    @property
    def whole(self) -> Mapping[str, Any]:
        """The answer as it came, empty when it was no JSON object."""
        try:
            value = from_json(self._said)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def cite(self, course: Course) -> None:
        """Let a given answer's first step rest on a card of this turn."""
        assert self.given is not None
        plan, given = self.given["plan"], course.given
        pairs = ((card.id, n) for card in given.cards for n in range(1, 1 + len(given.card_sentences[card.id])))
        card, number = next(pair for pair in pairs if given.citation(*pair) is not None)
        step = {**plan["first_step"], "card": card, "sentence": number}
        self.given = {**self.given, "plan": {**plan, "first_step": step}}

    async def told(self, prompt: Any, schema: Any, deadline: Any) -> AsyncGenerator[str]:
        """Yield the answer's pieces."""
        if self.given is not None:
            yield json.dumps(self.given, ensure_ascii=False)
            return
        async for piece in self._model.told(prompt, schema, deadline):
            self._said += piece
            yield piece

    async def fill(self, prompt: Any, schema: Mapping[str, Any], deadline: Any) -> Mapping[str, object]:
        """Answer in place of the language model, or not at all."""
        del prompt, deadline
        if "flags" not in schema["properties"]:
            raise LanguageModelTrouble("", "garbled")
        return {"flags": [], "own_harm": "yes" if self._own else "no", "own_sentence": self._own or None}
