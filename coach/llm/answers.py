"""JSON out of a reply, and whether it fits its schema; what a language model thought aloud is left out. Pure.

Knows JSON and JSON Schema; nothing of servers or of what the JSON is about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

_OPEN, _CLOSE = "<think>", "</think>"


class Thoughts:
    """Takes a reply's pieces and gives them back without ``<think>…</think>`` at the beginning."""

    def __init__(self) -> None:
        self._held: str | None = ""

    def said(self, piece: str) -> str:
        """Return what of the pieces so far is said and was not given back yet."""
        if self._held is None:
            return piece
        self._held += piece
        start = self._held.lstrip()
        if start.startswith(_OPEN):
            _, closed, rest = start.partition(_CLOSE)
            if not closed:
                return ""
            start = rest.lstrip()
            if not start:
                self._held = _OPEN + _CLOSE  # whatever comes next is said, without the blank lines before it
                return ""
        elif _OPEN.startswith(start):
            return ""
        self._held = None
        return start

    def end(self) -> str:
        """Return what was held back, when the reply is over."""
        held = (self._held or "").lstrip()
        return "" if held.startswith(_OPEN) else held


def found(text: str) -> Mapping[str, Any] | None:
    """Return the first JSON object in a text that is not empty, or None."""
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            value, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and value:
            return value
        at = text.find("{", at + 1)
    return None


def misfit(value: Mapping[str, Any], schema: Mapping[str, object]) -> str | None:
    """Return where a value does not fit a schema and how, None when it fits. Never says what stands there."""
    error = next(_validator(json.dumps(schema, sort_keys=True)).iter_errors(value), None)
    if error is None:
        return None
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    wanted = error.validator_value if isinstance(error.validator_value, str | int | list) else ""
    return f"{place or 'the object'}: {error.validator} {json.dumps(wanted, ensure_ascii=False)}"


@lru_cache(maxsize=32)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))
