"""Where a day begins and ends in UTC, for the zone of this machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def midnight(day: date | None, later: int = 0) -> datetime | None:
    """Return the beginning of a day, or of the day so many ``later``, in UTC; None for no day."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=later), time()).astimezone().astimezone(UTC)
    except (OverflowError, ValueError):
        return datetime.combine(day, time(), UTC)
