"""The port of prompts/, which holds every sentence of the coach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Texts(Protocol):
    """The sentences of prompts/, filled with values. What a user wrote enters as a value only."""

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change when any text does."""

    @property
    def moves(self) -> Mapping[str, Mapping[str, Any]]:
        """Every scene file of moves by name, as written."""

    def render(self, text: str, /, **values: Any) -> str:
        """Return the text ``<text>.j2`` with its values. Raises MissingPrompt."""

    def fill(self, source: str, values: Mapping[str, Any]) -> str:
        """Return one string of a scene with its values. Raises MissingPrompt."""

    def __hash__(self) -> int:
        """Hashed by identity: what is derived from all texts is kept for each object."""
