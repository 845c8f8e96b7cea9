"""JSON out of a text, and whether it fits its schema. Pure.

Knows JSON and JSON Schema; nothing of servers or of what the JSON is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator


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


def whole(text: str) -> bool:
    """Whether a text is one JSON value and nothing else."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def misfit(value: Mapping[str, Any], schema: Mapping[str, object]) -> str | None:
    """Return where a value does not fit a schema and how, None when it fits. Never says what stands there."""
    error = next(_validator(json.dumps(schema, sort_keys=True)).iter_errors(value), None)
    if error is None:
        return None
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".")
    wanted = error.validator_value if isinstance(error.validator_value, str | int | list) else ""
    return f"{place or 'the object'}: {error.validator} {json.dumps(wanted, ensure_ascii=False)}"


def words_of(schema: object) -> Iterator[str]:
    """Yield the names and the fixed values of a schema: what must come back as it is."""
    if isinstance(schema, Mapping):
        for name, value in schema.items():
            if name == "properties" and isinstance(value, Mapping):
                yield from map(str, value)
            elif name in {"enum", "const"}:
                yield from (each for each in (value if name == "enum" else [value]) if isinstance(each, str))
            yield from words_of(value)
    elif isinstance(schema, list | tuple):
        for each in schema:
            yield from words_of(each)


@lru_cache(maxsize=32)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))
