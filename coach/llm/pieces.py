"""What goes to a language model and what comes back: a prompt, a schema, and the reply bit by bit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Prompt = Sequence[tuple[str, str]]
"""(role, text) messages; the roles are system, user, coach (what was answered before) and assistant."""

Schema = Mapping[str, object]
"""A JSON schema of an object."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of a reply. Its text may be empty (a sign of life); the last one has the server's counts of tokens."""

    text: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
