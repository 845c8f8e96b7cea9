"""The table of docs/api.md: every request of the API with its summary, taken from OpenAPI.

``make tree`` writes it into docs/api.md; a test says when that is due.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "api.md"
BEGIN, END = "<!-- requests -->\n", "<!-- /requests -->"


def described() -> dict[str, Any]:
    """Return OpenAPI's paths, of a coach with nothing in it."""
    import fakes
    from coach.web.factory import create_app

    with tempfile.TemporaryDirectory() as folder:
        parts = asyncio.run(fakes.fake_parts(Path(folder)))
        paths: dict[str, Any] = create_app(parts).openapi()["paths"]
        asyncio.run(parts.close())
    return paths


def table(paths: dict[str, Any]) -> str:
    """Return a row for each request, by address."""
    rows = [
        f"| `{method.upper()} {path}` | {told['summary']} |"
        for path, methods in sorted(paths.items())
        for method, told in methods.items()
    ]
    return "\n".join(["| request | what it does |", "| --- | --- |", *rows]) + "\n"


def written() -> tuple[str, str, str]:
    """Return docs/api.md in three: before the table, the table, after it."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    inside, after = rest.split(END)
    return before, inside, after


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    before, _, after = written()
    PAGE.write_text(before + BEGIN + table(described()) + END + after, encoding="utf-8")
