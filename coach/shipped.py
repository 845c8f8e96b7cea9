"""Finds the files that come with the program: prompts, knowledge, web. Knows folders; opens none of them."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the folder of prompts, knowledge or web: inside the wheel, or next to the package in a checkout."""
    inside = _HERE / "_shipped" / name
    return inside if inside.is_dir() else _HERE.parent / name
