"""Disguising a text and restoring a reply, also when it comes in pieces. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.domain.people import Person
from coach.domain.readings import Mention


class Restoring:
    """Restores pieces as they come."""

    def restored(self, piece: str) -> str:
        """Return what of the pieces so far is settled."""
        return piece

    def end(self) -> str:
        """Return what was held back, when the reply is over."""
        return ""


class Disguise:
    """What stands for what, in one prompt and its reply."""

    def text(self, text: str) -> str:
        """Return a text with everything covered disguised."""
        return text

    def restored(self, text: str) -> str:
        """Return a text with every pseudonym turned back."""
        return text

    def restoring(self) -> Restoring:
        """Return what restores a reply that comes in pieces."""
        return Restoring()

    def prompt(self, prompt: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return the messages disguised."""
        return [(role, self.text(text)) for role, text in prompt]

    def data(self, value: Any) -> Any:
        """Return JSON-ready data with every string disguised."""
        return _mapped(value, self.text)

    def restored_data(self, value: Any) -> Any:
        """Return JSON-ready data with every string restored."""
        return _mapped(value, self.restored)


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _mapped(each, change) for name, each in value.items()}
    return [_mapped(each, change) for each in value] if isinstance(value, list | tuple) else value


def disguise(
    prompt: Sequence[tuple[str, str]],
    people: Sequence[Person],
    mentions: Sequence[Mention],
    secret: bytes,
    whole: bool = False,
) -> Disguise:
    """Return the disguise for a prompt."""
    return Disguise()
