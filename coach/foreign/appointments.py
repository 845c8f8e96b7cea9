"""The entries of a calendar file (iCalendar), recurring ones expanded inside a window. Knows icalendar and dateutil.

Of an entry only its time, title, people and state are looked at; descriptions, notes and attachments are dropped before
anything is read. Knows nothing of people and moments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from coach.errors import BadInput
from coach.foreign.contentlines import logical

_KEPT = re.compile(
    r"(?:BEGIN|END|UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|STATUS|SEQUENCE|SUMMARY|LOCATION"
    r"|ORGANIZER|ATTENDEE|CLASS|DTSTAMP|LAST-MODIFIED|CONFERENCE|X-GOOGLE-CONFERENCE|X-MICROSOFT-SKYPETEAMSMEETINGURL"
    r"|X-MICROSOFT-CDO-BUSYSTATUS)[;:]"
)
_LOOKED_AT = {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_COARSE = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_ROOMS = {"ROOM", "RESOURCE", "GROUP"}
_MOST = 5000
"""Entries of a file, expanded."""


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
class Entries:
    """What a file holds inside the window. ``owner``: the mailbox it says it is of. ``unread``: what cannot be read."""

    appointments: tuple[Appointment, ...]
    owner: str = ""
    unread: tuple[str, ...] = ()


def read(raw: bytes, since: datetime, until: datetime) -> Entries:
    """Return the entries of a calendar between two times. Raises BadInput when it is none."""
    from icalendar import Calendar

    lines = list(_kept(logical(raw)))
    try:
        calendars = Calendar.from_ical("\r\n".join(lines) + "\r\n", multiple=True)
    except (ValueError, IndexError, KeyError):
        calendars = []
    if not calendars or "END:VEVENT" not in lines or "BEGIN:VEVENT" not in lines:
        raise BadInput("This calendar cannot be read, or holds no entries: it may be cut off or mixed up.")
    found: list[Appointment] = []
    unread = ["The last entry is cut off."] if lines.count("BEGIN:VEVENT") > lines.count("END:VEVENT") else []
    for calendar in calendars:
        zone = _zone(str(calendar.get("X-WR-TIMEZONE", "")))
        method = str(calendar.get("METHOD", "")).upper()
        singles, told = _versions(calendar, zone, method)
        unread += told
        found += _expanded(singles, since, until)
        if len(found) > _MOST:
            unread.append(f"Only the first {_MOST} entries are looked at.")
            break
    owner = next((str(it.get("X-WR-CALNAME", "")) for it in calendars if "@" in str(it.get("X-WR-CALNAME", ""))), "")
    return Entries(tuple(found[:_MOST]), owner.strip().casefold(), tuple(unread))


def _kept(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that are looked at. Time zones stay whole."""
    skipped, zone = 0, False
    for line in lines:
        told = line.strip().upper()
        name = told.partition(":")[2]
        if told.startswith("BEGIN:") and (skipped or name not in _LOOKED_AT):
            skipped += 1
        elif told.startswith("END:") and skipped:
            skipped -= 1
        elif not skipped and told:
            zone = (zone or told == "BEGIN:VTIMEZONE") and told != "END:VTIMEZONE"
            if zone or _KEPT.match(told) or told.startswith(("METHOD:", "X-WR-", "VERSION:", "END:VTIMEZONE")):
                yield line.strip()


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError):
        return None


# ---- one entry


@dataclass(frozen=True, slots=True)
class _Single:
    """An entry as it stands, with the rule it repeats by, if it does."""

    event: Any
    first: datetime
    length: timedelta
    of: Appointment
    instead: datetime | None
    version: tuple[int, datetime]


def _versions(calendar: Any, zone: tzinfo | None, method: str) -> tuple[list[_Single], list[str]]:
    """Return the newest version of each entry, and what could not be read."""
    newest: dict[tuple[str, str], _Single] = {}
    unread = []
    for n, event in enumerate(calendar.walk("VEVENT"), 1):
        try:
            single = _single(event, zone, method)
        except (ValueError, TypeError, AttributeError, OverflowError, KeyError):
            single = None
        if single is None:
            unread.append(f"Entry {n} has no time that can be read.")
            continue
        key = (single.of.uid or f"#{n}", single.instead.isoformat() if single.instead else "")
        if key not in newest or newest[key].version <= single.version:
            newest[key] = single
    return list(newest.values()), unread


def _single(event: Any, zone: tzinfo | None, method: str) -> _Single | None:
    if "DTSTART" not in event:
        return None
    told = event["DTSTART"].dt
    first = _moment(told, zone)
    length = _length(event, told, first, zone)
    instead = _moment(event["RECURRENCE-ID"].dt, zone) if "RECURRENCE-ID" in event else None
    changed = next((event[name].dt for name in ("LAST-MODIFIED", "DTSTAMP") if name in event), None)
    stamp = _moment(changed, zone).astimezone(UTC) if changed is not None else None
    status = str(event.get("STATUS", "")).upper()
    appointment = Appointment(
        uid=str(event.get("UID", "")),
        key=instead.astimezone(UTC).isoformat() if instead else "",
        start=first.astimezone(UTC),
        end=(first + length).astimezone(UTC),
        title=" ".join(str(event.get("SUMMARY", "")).split())[:200],
        organizer=_guest(event["ORGANIZER"]) if "ORGANIZER" in event else None,
        guests=tuple(guest for each in _list(event.get("ATTENDEE")) if (guest := _guest(each)) is not None),
        all_day=not isinstance(told, datetime),
        off=status == "CANCELLED" or method == "CANCEL",
        moved=instead.date() if instead and instead.date() != first.date() else None,
        private=str(event.get("CLASS", "")).upper() in {"PRIVATE", "CONFIDENTIAL"},
        free=str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() in {"OOF", "FREE"},
        method=method,
        changed=stamp,
        where=" ".join(str(event.get(name, "")) for name in _PLACES),
    )
    version = (int(event.get("SEQUENCE", 0) or 0), stamp or datetime.min.replace(tzinfo=UTC))
    return _Single(event, first, length, appointment, instead, version)


_PLACES = ("LOCATION", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")


def _moment(told: date | datetime, zone: tzinfo | None) -> datetime:
    """Return a time with its zone: the file's, else this machine's; a day begins at midnight."""
    at = told if isinstance(told, datetime) else datetime.combine(told, time())
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone) if zone else at.astimezone()
    return at


def _length(event: Any, told: date | datetime, first: datetime, zone: tzinfo | None) -> timedelta:
    if "DTEND" in event:
        return max(timedelta(), _moment(event["DTEND"].dt, zone) - first)
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return max(timedelta(), length)
    return timedelta() if isinstance(told, datetime) else timedelta(days=1)


def _guest(told: Any) -> Guest | None:
    """Return a person; None for a room, a list or a thing."""
    parameters = getattr(told, "params", {})
    box = str(told).strip().casefold()
    own = box.endswith("/principal/")  # Apple's, and of the user alone
    box = (box if box.startswith("mailto:") else str(parameters.get("EMAIL", box)).casefold()).removeprefix("mailto:")
    room = str(parameters.get("CUTYPE", "")).upper() in _ROOMS or "@resource.calendar." in box or "@group." in box
    if room or "@" not in box:
        return None
    name = " ".join(str(parameters.get("CN", "")).strip("'\" ").split())
    return Guest(box.strip(), "" if "@" in name else name, str(parameters.get("PARTSTAT", "")).upper(), own)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


# ---- series


def _expanded(singles: Sequence[_Single], since: datetime, until: datetime) -> Iterator[Appointment]:
    """Yield what takes place between two times: single entries, and each time of a series unless it has its own."""
    own = {(each.of.uid, each.instead.astimezone(UTC)) for each in singles if each.instead is not None}
    for each in singles:
        if each.instead is not None or not _rules(each.event):
            if each.of.end >= since and each.of.start <= until:
                yield each.of
            continue
        dropped = _dropped(each)
        for at in _times(each, since, until):
            start = at.astimezone(UTC)
            if (each.of.uid, start) not in own:
                out = at in dropped or at.date() in dropped
                yield replace(each.of, key=start.isoformat(), start=start, end=start + each.length, dropped=out)


def _rules(event: Any) -> list[Any]:
    rules = _list(event.get("RRULE"))
    return [rule for rule in rules if str(rule.get("FREQ", [""])[0]).upper() in _COARSE]


def _times(single: _Single, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the times of a series, on the clock of its own zone."""
    from dateutil.rrule import rrulestr

    zone, first = single.first.tzinfo, single.first.replace(tzinfo=None)
    begin, end = ((at.astimezone(zone)).replace(tzinfo=None) for at in (since, until))
    for rule in _rules(single.event):
        parts = {str(name).upper(): value for name, value in rule.items()}
        if int(_first(parts.get("INTERVAL"), 1)) < 1:
            continue
        last = _first(parts.pop("UNTIL", None), None)
        text = type(rule)(parts).to_ical().decode()
        stop = end if last is None else min(end, _until(last, zone))
        for n, at in enumerate(rrulestr(f"RRULE:{text}", dtstart=first)):
            if at > stop or n > _MOST * 4:
                break
            if at >= begin:
                yield at.replace(tzinfo=zone)
    for extra in _dates(single.event.get("RDATE")):
        at = _moment(extra, zone).astimezone(zone)
        if begin <= at.replace(tzinfo=None) <= end:
            yield at


def _until(last: date | datetime, zone: tzinfo | None) -> datetime:
    if not isinstance(last, datetime):
        return datetime.combine(last, time.max)
    return last.astimezone(zone).replace(tzinfo=None) if last.tzinfo else last


def _dropped(single: _Single) -> set[date | datetime]:
    zone = single.first.tzinfo
    gone: set[date | datetime] = set()
    for told in _dates(single.event.get("EXDATE")):
        gone.add(_moment(told, zone).astimezone(zone) if isinstance(told, datetime) else told)
    return gone


def _dates(value: Any) -> Iterator[date | datetime]:
    for some in _list(value):
        for each in getattr(some, "dts", ()):
            if isinstance(each.dt, date):
                yield each.dt


def _first(value: Any, otherwise: Any) -> Any:
    return value[0] if isinstance(value, list) and value else otherwise if value is None else value
