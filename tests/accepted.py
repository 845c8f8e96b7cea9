"""Texts as they were last accepted, kept in snapshots/, so that a change of what is said shows in a diff.

``HOW`` says how a change is accepted.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"
HOW = "To accept what is new: COACH_SNAPSHOTS=write .venv/bin/pytest <the test>; then read git diff tests/snapshots."


def accepted(name: str, text: str) -> str:
    """Return what was accepted as ``snapshots/<name>``; ``text`` itself when changes are being accepted."""
    file = FOLDER / name
    if os.environ.get("COACH_SNAPSHOTS") == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8") if file.exists() else ""
