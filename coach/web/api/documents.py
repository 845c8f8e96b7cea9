"""How the API describes itself, for OpenAPI: an example and the problems of each operation, from ``web/api.yaml``."""

from __future__ import annotations

from typing import Any

import yaml

from coach.shipped import shipped
from coach.web.problems import Problem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HELD: dict[str, Any] = yaml.load((shipped("web") / "api.yaml").read_text(encoding="utf-8"), _LOADER)  # noqa: S506

WRITE = (400, 401, 403, 409, 413, 415, 422, 503)
READ = (401, 403, 422, 503)


def documented(
    status: int, example: object, *problems: int, media: str = "application/json"
) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route: what success looks like, and the problems that may come instead."""
    success: dict[str, Any] = {} if example is None else {"content": {media: {"example": example}}}
    found: dict[int | str, dict[str, Any]] = {status: success} if success else {}
    for each in problems:
        told = _HELD["problems"][each]
        found[each] = {
            "model": Problem,
            "description": told["description"],
            "content": {"application/json": {"example": told["example"]}},
        }
    return found


def __getattr__(name: str) -> Any:
    """Return an example by its name in the file: one of everything, to be imported from here."""
    try:
        return _HELD["examples"][name]
    except KeyError:
        raise AttributeError(name) from None
