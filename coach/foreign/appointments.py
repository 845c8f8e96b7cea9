"""The entries of a calendar file (iCalendar), recurring ones expanded inside a window. Knows icalendar.

Of an entry only its time, title, people and state are looked at; descriptions, notes and attachments are dropped before
anything is read. Knows nothing of people and moments.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from coach.errors import BadInput
from coach.foreign.contentlines import logical
from coach.foreign.series import Appointment, Guest, Single, expanded, listed, moment_of, zone_of

_KEPT = re.compile(
    r"(?:BEGIN|END|UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|STATUS|SEQUENCE|SUMMARY|LOCATION"
    r"|ORGANIZER|ATTENDEE|CLASS|DTSTAMP|LAST-MODIFIED|CONFERENCE|X-GOOGLE-CONFERENCE|X-MICROSOFT-SKYPETEAMSMEETINGURL"
    r"|X-MICROSOFT-CDO-BUSYSTATUS)[;:]"
)
_OF_CALENDAR = ("METHOD:", "X-WR-", "X-OWNER;", "X-OWNER:", "VERSION:", "END:VTIMEZONE")
_LOOKED_AT = {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_ROOMS = {"ROOM", "RESOURCE", "GROUP"}
_MOST = 5000
"""Entries of a file, expanded."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What a file holds inside the window. ``owner``: the mailbox it says it is of; ``title``: what it is called, often
    by the user's name. ``unread``: what cannot be read."""

    appointments: tuple[Appointment, ...]
    owner: str = ""
    title: str = ""
    unread: tuple[str, ...] = ()


def read(raw: bytes, since: datetime, until: datetime) -> Entries:
    """Return the entries of a calendar between two times. Raises BadInput when it is none."""
    lines = list(_kept(logical(raw)))
    try:
        with warnings.catch_warnings(action="ignore"):  # they quote the file
            calendars = list(_calendars(lines))
    except (ValueError, IndexError, KeyError):
        calendars = []
    if not calendars or "END:VEVENT" not in lines or "BEGIN:VEVENT" not in lines:
        raise BadInput("This calendar cannot be read, or holds no entries: it may be cut off or mixed up.")
    found: list[Appointment] = []
    unread = ["The last entry is cut off."] if lines.count("BEGIN:VEVENT") > lines.count("END:VEVENT") else []
    for calendar in calendars:
        zone = zone_of(str(calendar.get("X-WR-TIMEZONE", "")))
        method = str(calendar.get("METHOD", "")).upper()
        singles, told = _versions(calendar, zone, method)
        unread += told
        found += expanded(singles, since, until)
        if len(found) > _MOST:
            unread.append(f"Only the first {_MOST} entries are looked at.")
            break
    titles = [str(it.get("X-WR-CALNAME", "")).strip() for it in calendars]
    owners = [str(it.get("X-OWNER", "")).strip().casefold().removeprefix("mailto:") for it in calendars]
    owner = next((each for each in (*owners, *map(str.casefold, titles)) if "@" in each), "")
    return Entries(tuple(found[:_MOST]), owner, next(filter(None, titles), ""), tuple(unread))


def _calendars(lines: Sequence[str]) -> Iterator[Any]:
    """Yield the calendars of a file, each with zones of its own: Exchange calls many "Customized Time Zone"."""
    from icalendar import Calendar
    from icalendar.timezone import tzp

    starts = [n for n, line in enumerate(lines) if line.upper() == "BEGIN:VCALENDAR"]
    for start, end in pairwise([0, *starts[1:], len(lines)]):
        tzp.use_default()  # forgets the zones of files before
        yield from Calendar.from_ical("\r\n".join(lines[start:end]) + "\r\n", multiple=True)


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
            if zone or _KEPT.match(told) or told.startswith(_OF_CALENDAR):
                yield line.strip()


# ---- one entry


def _versions(calendar: Any, zone: tzinfo | None, method: str) -> tuple[list[Single], list[str]]:
    """Return the newest version of each entry, and what could not be read."""
    newest: dict[tuple[str, str], Single] = {}
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
    strange = sum(_strange_zone(event) for event in calendar.walk("VEVENT")) if zone is None else 0
    if strange:
        unread.append(f"Times in a zone that nobody knows, taken as times of here: {strange}.")
    return list(newest.values()), unread


def _strange_zone(event: Any) -> bool:
    try:
        told = event.get("DTSTART")
        name, at = str(getattr(told, "params", {}).get("TZID", "")), getattr(told, "dt", None)
    except (AttributeError, ValueError):  # a broken one, which is told elsewhere
        return False
    return bool(name) and isinstance(at, datetime) and at.tzinfo is None and zone_of(name) is None


def _single(event: Any, zone: tzinfo | None, method: str) -> Single | None:
    if "DTSTART" not in event:
        return None
    told = event["DTSTART"].dt
    zone = zone_of(str(event["DTSTART"].params.get("TZID", ""))) or zone
    first = moment_of(told, zone)
    length = _length(event, told, first, zone)
    instead = moment_of(event["RECURRENCE-ID"].dt, zone) if "RECURRENCE-ID" in event else None
    changed = next((event[name].dt for name in ("LAST-MODIFIED", "DTSTAMP") if name in event), None)
    stamp = moment_of(changed, zone).astimezone(UTC) if changed is not None else None
    status = str(event.get("STATUS", "")).upper()
    appointment = Appointment(
        uid=str(event.get("UID", "")),
        key=instead.astimezone(UTC).isoformat() if instead else "",
        start=first.astimezone(UTC),
        end=(first + length).astimezone(UTC),
        title=" ".join(str(event.get("SUMMARY", "")).split())[:200],
        organizer=_guest(event["ORGANIZER"]) if "ORGANIZER" in event else None,
        guests=tuple(guest for each in listed(event.get("ATTENDEE")) if (guest := _guest(each)) is not None),
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
    of_day = instead is not None and not isinstance(event["RECURRENCE-ID"].dt, datetime)
    return Single(event, first, length, appointment, instead, of_day, version)


_PLACES = ("LOCATION", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")


def _length(event: Any, told: date | datetime, first: datetime, zone: tzinfo | None) -> timedelta:
    if "DTEND" in event:
        return max(timedelta(), moment_of(event["DTEND"].dt, zone) - first)
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
