"""Steps as calendar entries (RFC 5545). An entry names nobody and says nothing of the step unless the user wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from coach.domain.plans import Step
from coach.noticing.occasions import Block, Occasion

if TYPE_CHECKING:
    from icalendar import Component

_SOON = timedelta(minutes=10)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``name``: whom the step is about. ``changed``: when the step was taken on or moved (UTC)."""

    block: Block
    step: Step
    changed: datetime
    name: str | None = None


@dataclass(frozen=True, slots=True)
class AllDay:
    """An occasion as it stands in a calendar: ``summary`` is already without a name where the user wants none."""

    occasion: Occasion
    summary: str


def ics(entries: Sequence[Entry], names: bool, address: str, days: Sequence[AllDay] = ()) -> bytes:
    """Return the entries as a calendar file. ``address``: where Today is. Times are UTC, so no zone has to be told."""
    from icalendar import Alarm, Calendar, Event  # its import takes a tenth of a second

    calendar = Calendar()
    calendar.add("prodid", "-//Coach//Relationships at work//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Coach")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = Event()
        event.add("sequence", _sequence(entry.changed))
        event.add("uid", f"{entry.step.id}@coach.invalid")
        event.add("dtstamp", entry.changed.astimezone(UTC))
        event.add("dtstart", entry.block.start.astimezone(UTC))
        event.add("dtend", entry.block.end.astimezone(UTC))
        event.add("summary", _summary(entry, names))
        event.add("description", _description(entry) if names else "Today in the coach says what it is about.")
        event.add("url", address)
        event.add("class", "PRIVATE")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", "A small step")
        alarm.add("trigger", -_SOON)
        event.add_component(alarm)
        calendar.add_component(event)
    for each in days:
        calendar.add_component(_all_day(each, address))
    return bytes(calendar.to_ical())


def _all_day(it: AllDay, address: str) -> Component:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{it.occasion.id}@coach.invalid")
    event.add("sequence", _sequence(it.occasion.changed))
    event.add("dtstamp", it.occasion.changed.astimezone(UTC))
    event.add("dtstart", it.occasion.day)
    event.add("summary", it.summary)
    event.add("url", address)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if it.occasion.yearly:
        ends = {"bymonth": 2, "bymonthday": -1} if (it.occasion.day.month, it.occasion.day.day) == (2, 28) else {}
        event.add("rrule", {"freq": "yearly", **ends})
    return event


def _sequence(changed: datetime) -> int:
    """Return a number that grows with every change: the seconds since 2020."""
    return max(0, int((changed - _EPOCH).total_seconds()))


def _summary(entry: Entry, names: bool) -> str:
    if not names:
        return f"A small step ({entry.step.minutes} min)"
    action = entry.step.action.removeprefix("then ").strip()
    action = action[:1].upper() + action[1:]
    return f"{entry.name}: {action}" if entry.name else action


def _description(entry: Entry) -> str:
    return "\n".join(line for line in (entry.step.cue, entry.step.say) if line)
