"""The times of a calendar's entries: single ones, and those of a series, each unless it has an entry of its own.

Knows dateutil and the rules of RFC 5545, and nothing of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

_COARSE = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_MOST = 20_000
"""Times of a series that are gone through."""
_CYCLE = 400
"""Years after which days, weeks and leap years come round. dateutil looks for a rule's next day up to the year 9999: a
rule that no day fits is given up soon when it is asked for as late as that."""

_CITY = re.compile(r"[^\W\d_][\w .'-]+")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is invited, or invites. ``name`` may be empty. ``answer`` is PARTSTAT, in capitals.
    ``own``: the file says it is the user."""

    mailbox: str
    name: str = ""
    answer: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry at one time (UTC). ``key`` tells it from others of its series: when it was first meant to be.

    ``off``: called off; ``dropped``: only taken out of its series, nobody says by whom; ``moved``: to another day;
    ``changed``: when its state was last written. ``where``: its place and links, only to tell how they spoke.
    """

    uid: str
    key: str
    start: datetime
    end: datetime
    title: str
    organizer: Guest | None
    guests: tuple[Guest, ...]
    all_day: bool = False
    off: bool = False
    dropped: bool = False
    moved: date | None = None
    private: bool = False
    free: bool = False
    method: str = ""
    changed: datetime | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Single:
    """An entry as it stands, with the rule it repeats by, if it does.

    ``instead``: the time of a series for which it stands; ``of_day``: only the day of that is told.
    """

    event: Any
    first: datetime
    length: timedelta
    of: Appointment
    instead: datetime | None
    of_day: bool
    version: tuple[int, datetime]


def zone_of(name: str) -> tzinfo | None:
    """Return a zone by its name, or by a city in what a program made of it: "(UTC+01:00) Amsterdam, Berlin"."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        cities = (each.strip().replace(" ", "_") for each in _CITY.findall(name))
        return next((ZoneInfo(_cities()[city]) for city in cities if city in _cities()), None)


@cache
def _cities() -> dict[str, str]:
    named = (name for name in sorted(available_timezones()) if "/" in name and not name.startswith(("Etc/", "US/")))
    return {name.rpartition("/")[2]: name for name in named}


def moment_of(told: date | datetime, zone: tzinfo | None) -> datetime:
    """Return a time with its zone: the file's, else this machine's; a day begins at midnight."""
    at = told if isinstance(told, datetime) else datetime.combine(told, time())
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone) if zone else at.astimezone()
    return at


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def expanded(singles: Sequence[Single], since: datetime, until: datetime) -> Iterator[Appointment]:
    """Yield what takes place between two times: single entries, and each time of a series unless it has its own."""
    own: set[tuple[str, date]] = {(each.of.uid, each.instead.astimezone(UTC)) for each in singles if each.instead}
    own |= {(each.of.uid, each.instead.date()) for each in singles if each.instead and each.of_day}
    for each in singles:
        if each.instead is not None or not (_rules(each.event) or each.event.get("RDATE")):
            if each.of.end >= since and each.of.start <= until:
                yield each.of
            continue
        dropped = _dropped(each)
        for at in _times(each, since, until):
            start = at.astimezone(UTC)
            if not {(each.of.uid, start), (each.of.uid, at.date())} & own:
                out = at in dropped or at.date() in dropped
                yield replace(each.of, key=start.isoformat(), start=start, end=start + each.length, dropped=out)


def _rules(event: Any) -> list[Any]:
    rules = listed(event.get("RRULE"))
    return [rule for rule in rules if str(rule.get("FREQ", [""])[0]).upper() in _COARSE]


def _times(single: Single, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the times of a series, on the clock of its own zone."""
    from dateutil.rrule import rrulestr

    zone, first = single.first.tzinfo, single.first.replace(tzinfo=None)
    begin, end = ((at.astimezone(zone)).replace(tzinfo=None) for at in (since, until))
    rules = _rules(single.event)
    if not rules and begin <= first <= end:  # a series of single days, which begins with its own
        yield single.first
    for rule in rules:
        parts = {str(name).upper(): value for name, value in rule.items()}
        if int(_first(parts.get("INTERVAL"), 1)) < 1:
            continue
        last = _first(parts.pop("UNTIL", None), None)
        text = type(rule)(parts).to_ical().decode()
        stop = end if last is None else min(end, _until(last, zone))
        if first > stop:
            continue
        later = (MAXYEAR - stop.year) // _CYCLE * _CYCLE
        for n, shifted in enumerate(rrulestr(f"RRULE:{text}", dtstart=first.replace(year=first.year + later))):
            at = shifted.replace(year=shifted.year - later)
            if at > stop or n > _MOST:
                break
            if at >= begin:
                yield at.replace(tzinfo=zone)
    for extra in _dates(single.event.get("RDATE")):
        at = moment_of(extra, zone).astimezone(zone)
        if begin <= at.replace(tzinfo=None) <= end:
            yield at


def _until(last: date | datetime, zone: tzinfo | None) -> datetime:
    if not isinstance(last, datetime):
        return datetime.combine(last, time.max)
    return last.astimezone(zone).replace(tzinfo=None) if last.tzinfo else last


def _dropped(single: Single) -> set[date | datetime]:
    zone = single.first.tzinfo
    gone: set[date | datetime] = set()
    for told in _dates(single.event.get("EXDATE")):
        gone.add(moment_of(told, zone).astimezone(zone) if isinstance(told, datetime) else told)
    return gone


def _dates(value: Any) -> Iterator[date | datetime]:
    for some in listed(value):
        for each in getattr(some, "dts", ()):
            if isinstance(each.dt, date):
                yield each.dt


def _first(value: Any, otherwise: Any) -> Any:
    return value[0] if isinstance(value, list) and value else otherwise if value is None else value
