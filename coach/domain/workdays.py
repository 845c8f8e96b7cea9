"""Weekdays and months by name, and the days on which people work. Knows dates alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def workday(day: date) -> date:
    """Return the day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day by its numbers, None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def midnight(day: date | None, later: int = 0) -> datetime | None:
    """Return the beginning of a day, or of the day so many ``later``, in UTC; None for no day."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=later), time()).astimezone().astimezone(UTC)
    except (OverflowError, ValueError):
        return datetime.combine(day, time(), UTC)
