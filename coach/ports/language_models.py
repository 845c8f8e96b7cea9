"""Ports of a language model, and of the one who hands them out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from coach.domain.people import Person
from coach.domain.sent import Errand


class LanguageModel(Protocol):
    """A language model bound to an errand. Prompts are (role, text) messages; the roles: system, user, coach.

    What people wrote belongs into messages of the user: names are looked for there. What the coach answered belongs
    into a message of the coach behind it, and goes out as part of the user's: no word in small letters is taken for a
    name there by its place. A schema goes out as it stands, so nothing that people wrote may be in it.
    ``destination``: where a request goes, as host and port.
    """

    name: str

    @property
    def destination(self) -> str:
        """Where a request goes: host and port, with the proxy on the way to it if there is one."""

    async def fill(
        self, prompt: Sequence[tuple[str, str]], schema: Mapping[str, object], deadline: datetime
    ) -> Mapping[str, object]:
        """Return JSON that fits the schema; what does not is asked for once more. Raises LanguageModelTrouble."""

    def told(
        self, prompt: Sequence[tuple[str, str]], schema: Mapping[str, object], deadline: datetime
    ) -> AsyncGenerator[str]:
        """Yield the text of one JSON object as it comes, in pieces that join to JSON and to nothing else.

        An empty piece is a sign of life: the server answers, and has said nothing of the object yet. Whether the object
        fits the schema is for the caller to see. Raises LanguageModelTrouble, also when what came so far is of use:
        "cut", "stalled" or "late" leave an object that has begun and has not closed.
        """


class LanguageModels(Protocol):
    """Gives a language model bound to an errand, so that every call is recorded with its reason."""

    @property
    def name(self) -> str:
        """The language model's name."""

    @property
    def destination(self) -> str:
        """Where requests go, as host and port."""

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> LanguageModel:
        """Return the language model for one errand. The names of ``people`` and ``names`` stay on this machine."""


class Mask(Protocol):
    """Made-up names for what a member's own program is told."""

    async def text(self, text: str) -> str:
        """Return a text as a program is told it."""

    async def data(self, value: Any) -> Any:
        """Return data, ready for JSON, as a program is told it."""

    def restored(self, value: Any) -> Any:
        """Return what a program sent, a text or data, with the names of people of the journal put back."""
