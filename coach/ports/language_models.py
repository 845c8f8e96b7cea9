"""Ports of a language model, and of the one who hands them out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from coach.domain.errands import Errand
from coach.domain.people import Person


class LanguageModel(Protocol):
    """A language model that reads and words; it never chooses a route or a source."""

    name: str

    async def fill(
        self, prompt: Sequence[tuple[str, str]], schema: Mapping[str, object], deadline: datetime
    ) -> Mapping[str, object]:
        """Return JSON that fits the schema for (role, text) messages. Raises LanguageModelTrouble."""
        ...

    def stream(self, prompt: Sequence[tuple[str, str]], deadline: datetime) -> AsyncIterator[str]:
        """Yield the reply in pieces. Raises LanguageModelTrouble."""
        ...


class LanguageModels(Protocol):
    """Gives a language model bound to an errand, so that every call is recorded with its reason."""

    name: str

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> LanguageModel:
        """Return the language model for one errand. The names of ``people`` and ``names`` stay on this machine."""
        ...
