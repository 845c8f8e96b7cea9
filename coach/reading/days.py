"""Days in words: from "on Tuesday" or "the 12th" to a date. Pure; time enters as ``today``."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"
)  # fmt: skip
_SMALL = {"a": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?s?"
WHEN = (
    rf"(?:(?:on |by |this |next |every |each |until |before )?\b(?:{DAY})\b(?!'s)(?: (?:morning|afternoon|evening|noon|lunch(?:time)?|next week|this week))?"
    r"|\b(?:later )?today\b|\btonight\b|\btomorrow(?: (?:morning|afternoon|evening))?\b|\bthe day after tomorrow\b"
    r"|\b(?:this|next) (?:week|morning|afternoon|evening)\b|\b(?:by |at )?the end of (?:the|this|next) (?:week|day)\b"
    r"|\bin (?:a|one|two|three|four|five|a couple of|\d+) (?:days?|weeks?)\b|\b(?:on )?\d{4}-\d\d-\d\d\b"
    rf"|\b(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{'|'.join(_MONTHS)})\b|\b(?:on )?(?:{'|'.join(_MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?\b|\b(?:on )?the \d{{1,2}}(?:st|nd|rd|th)\b)"
)


def day(text: str, today: date) -> date | None:
    """Return the first day a text names, today or later; None: it names none."""
    words = text.casefold()
    if "day after tomorrow" in words:
        return today + timedelta(days=2)
    if re.search(r"\btomorrow\b", words):
        return today + timedelta(days=1)
    if re.search(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|end of the day)\b", words):
        return today
    if hit := re.search(rf"\b(next )?({DAY})\b", words):
        wanted = next(n for n, name in enumerate(_DAYS) if name.startswith(hit[2].rstrip("s")[:3]))
        ahead = (wanted - today.weekday()) % 7 or 7
        following = (hit[1] or "next week" in words) and today.weekday() + ahead < 7
        return today + timedelta(days=ahead + (7 if following else 0))
    return _numbered(words, today) or _loose(words, today)


def _numbered(words: str, today: date) -> date | None:
    if hit := re.search(r"\b(\d{4})-(\d\d)-(\d\d)\b", words):
        return _date(int(hit[1]), int(hit[2]), int(hit[3]), today)
    if hit := re.search(r"\bin (a|one|two|three|four|five|six|ten|a couple of|\d{1,2}) (day|week)s?\b", words):
        n = _SMALL.get(hit[1]) or int(hit[1])
        return today + timedelta(days=n * (7 if hit[2] == "week" else 1))
    names = "|".join(_MONTHS)
    if hit := re.search(
        rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({names})\b|\b({names}) (\d{{1,2}})(?:st|nd|rd|th)?\b", words
    ):
        month, number = _MONTHS.index(hit[2] or hit[3]) + 1, int(hit[1] or hit[4])
        found = _date(today.year, month, number, today)
        return found or _date(today.year + 1, month, number, today)
    if hit := re.search(r"\bthe (\d{1,2})(?:st|nd|rd|th)\b", words):
        later = today.replace(day=28) + timedelta(days=7)
        return _date(today.year, today.month, int(hit[1]), today) or _date(later.year, later.month, int(hit[1]), today)
    return None


def _loose(words: str, today: date) -> date | None:
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    if re.search(r"\bend of next week\b", words):
        return friday + timedelta(days=7)
    if re.search(r"\b(?:end of (?:the|this) week|this week)\b", words):
        return friday
    if re.search(r"\bnext week\b", words):
        return today + timedelta(days=7 - today.weekday())
    return None


def _date(year: int, month: int, number: int, today: date) -> date | None:
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return found if found >= today else None
