"""Days on which people work. Knows dates alone."""

from __future__ import annotations

from datetime import date, timedelta


def workday(day: date) -> date:
    """Return the day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
