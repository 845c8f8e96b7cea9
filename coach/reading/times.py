"""The time of day that words name. Pure; the words are rows in knowledge/words. Knows no day and nobody's clock."""

from __future__ import annotations

from coach.domain.letters import straight
from coach.rows import rows

_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def clock(text: str) -> str:
    """Return the time of day that words name, as "09:00"; "" when they name none. From one to six is the afternoon."""
    even = straight(text)
    for row in rows("words/session_offers"):
        hit = row.pattern.search(even) if row.more["shows"] == "time" else None
        if hit is None:
            continue
        found = hit.groupdict()
        if found.get("noon"):
            return "12:00"
        hour = found["h"].casefold()
        hours = _HOURS.index(hour) + 1 if hour in _HOURS else int(hour)
        half = (found.get("half") or "").casefold()
        if half == "p" or (not half and not found.get("m") and hours < 7):
            hours += 12 if hours < 12 else 0
        past = {"half": 30, "quarter": 15}.get((found.get("past") or "").casefold(), 0)
        minutes = int(found.get("m") or past)
        return f"{hours:02d}:{minutes:02d}" if hours < 24 and minutes < 60 else ""
    return ""
