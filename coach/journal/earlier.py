"""Turns as earlier versions of the coach wrote them, brought into the form of today's noun.

A reading once held what was guessed from the words: people, signals, guesses, how grave it is. Those fields are
dropped; the words they were read from are still in the turn. Days ago become the day. Plain data in and out; knows no
noun's class.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

READING = frozenset({"severity", "people", "signals", "guesses", "asked", "goal", "tried", "also"})
"""Fields that a reading no longer has."""

MOMENT = frozenset({"start", "end", "days_ago", "pattern"})
"""Fields that a proposed moment no longer has."""


def turn(data: object) -> object:
    """Return a turn's data without the fields of before; data of any other form as they are."""
    if not isinstance(data, Mapping) or not isinstance(data.get("reading"), Mapping):
        return data
    reading = {name: value for name, value in data["reading"].items() if name not in READING}
    if isinstance(reading.get("moments"), list):
        reading["moments"] = [_moment(moment, data.get("at")) for moment in reading["moments"]]
    return {**data, "reading": reading}


def _moment(data: object, told_at: object) -> object:
    if not isinstance(data, Mapping) or not MOMENT & data.keys():
        return data
    kept: dict[str, Any] = {name: value for name, value in data.items() if name not in MOMENT}
    ago = data.get("days_ago")
    if isinstance(ago, int) and isinstance(told_at, str) and "day" not in kept:
        with suppress(ValueError, OverflowError):
            kept["day"] = (datetime.fromisoformat(told_at) - timedelta(days=ago)).date().isoformat()
    return kept
