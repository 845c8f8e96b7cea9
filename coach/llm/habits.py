"""What one server takes, learnt from what it refuses: options, the role of the system, a schema. Pure.

Knows how a request is shaped without what a server does not take; how servers say so are the rows of ``words/refused``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coach.llm.pieces import Prompt, Schema
from coach.rows import rows

_STATUSES = {400, 422, 500, 501}


class Habits:
    """What a server has refused so far. It is asked without that from then on."""

    def __init__(self, forms: Sequence[str] = ("json_schema", "json_object")) -> None:
        self._forms = tuple(forms)
        self._refused: set[str] = set()
        self.thinks = False
        """It closes thoughts that it has not opened."""

    def form(self, schema: Schema | None) -> str | None:
        """Return how JSON is asked for: "json_schema", "json_object" or "tools"; None: in words alone."""
        return None if schema is None else next(filter(self.takes, self._forms), None)

    def strict(self, schema: Schema) -> bool:
        """Whether the server is asked to keep to the schema strictly: where the schema has the form for it."""
        return self.takes("strict") and _strict(schema)

    def takes(self, option: str) -> bool:
        """Whether an option may be sent, as far as is known."""
        return option not in self._refused

    def learn(self, error: Exception, sent: Sequence[str]) -> bool:
        """Take an error for the refusal of something that was sent, if it is one; return whether it is."""
        status = getattr(error, "status_code", None)
        if status is not None and status not in _STATUSES:
            return False
        said = f"{error}\n{getattr(error, 'body', '')}".casefold()
        refused = next((row.id for row in rows("words/refused") if row.id in sent and row.pattern.search(said)), None)
        if refused is not None:
            self._refused.add(refused)
        return refused is not None

    def shaped(self, prompt: Prompt, schema: Schema | None, told: Callable[[Schema, bool], str]) -> Prompt:
        """Return the messages as this server takes them. ``told``: (schema, fenced) → how it is asked for in words."""
        form = self.form(schema)
        if schema is not None and form in {"json_object", None}:
            prompt = _also(prompt, told(schema, form is None))
        return prompt if self.takes("system") else _folded(prompt)


def _also(prompt: Prompt, words: str) -> Prompt:
    """Return the messages with words added to what the system says."""
    (role, text), *rest = prompt
    return [("system", f"{text}\n\n{words}"), *rest] if role == "system" else [("system", words), *prompt]


def _folded(prompt: Prompt) -> Prompt:
    """Return the messages with the system's as part of the user's next, and never two of one role in a row."""
    folded: list[tuple[str, str]] = []
    for role, text in prompt:
        meant = "user" if role == "system" else role
        if folded and folded[-1][0] == meant:
            folded[-1] = (meant, f"{folded[-1][1]}\n\n{text}")
        else:
            folded.append((meant, text))
    return folded


def _strict(schema: Any) -> bool:
    """Whether a schema has the form that strict servers ask for: every object closed, every property required."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties")
        if isinstance(properties, Mapping) and (
            schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(properties)
        ):
            return False
        return all(_strict(value) for value in schema.values())
    return all(map(_strict, schema)) if isinstance(schema, list | tuple) else True
