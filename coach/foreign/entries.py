"""Entries of a table, or of a file of our own: fields by name → people and moments. Knows no file and no separator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.foreign import birthdays
from coach.foreign.found import Found, addresses, apart, cut, same_id
from coach.reading.senders import first_name_first
from coach.rows import pattern

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """``place``: where it stands, for the user. ``fields``: what it holds, under our names (see ``words/columns``)."""

    place: str
    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a field, or nothing."""
        return self.fields.get(name, "")


_WORDS = {
    "face to face": "in_person", "in person": "in_person", "person": "in_person", "phone": "call", "mail": "email",
    "e-mail": "email", "slack": "chat", "teams": "chat", "i": "me", "i did": "me", "they": "them", "they did": "them",
    "good": "helped", "bad": "harmed", "neutral": "indifferent", "my manager": "manager", "reports to me": "report",
    "another department": "other-department", "outside the company": "external",
}  # fmt: skip
_TRUE = {"yes", "true", "1", "y", "remote", "elsewhere"}
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d")
_EVENTS = 9


def people_of(entries: Sequence[Entry], source: str, now: datetime, *, month_first: bool) -> Found:
    """Return the people of some entries. ``month_first``: what 3/4 means where no day of the file says."""
    month_first = birthdays.month_first((told for entry in entries for _, told in _told(entry)), month_first)
    people: dict[str, Person] = {}
    left_out = []
    for entry in entries:
        person = _person(entry, now)
        if person is None:
            left_out.append(f"{entry.place} {'is a company, not a person' if entry.get('company') else 'has no name'}.")
            continue
        days, unread = birthdays.celebrations(_told(entry), month_first)
        left_out += [f"{entry.place}: the {label} is no day there is." for label in unread]
        if not apart(people, replace(person, celebrations=days)):
            left_out.append(f"{entry.place} says the same as one above.")
    return Found(source, tuple(people.values()), left_out=tuple(left_out))


def moments_of(entries: Sequence[Entry], source: str, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return the moments of some entries with their people."""
    people: dict[str, Person] = {}
    moments: dict[str, Moment] = {}
    left_out = []
    names = {"name", "first", "middle", "last", "mailbox"}
    for n, entry in enumerate(entries, 1):
        person = _person(Entry("", {name: value for name, value in entry.fields.items() if name in names}), now)
        moment = _moment(entry, person, now)
        if isinstance(moment, str):
            left_out.append(f"{entry.place} {moment}.")
        elif person is not None:
            people.setdefault(person.id, person)
            moments.setdefault(moment.id, moment)
        if n % 500 == 0:
            progress(n, len(entries))
    return Found(source, tuple(people.values()), tuple(moments.values()), tuple(left_out))


# ---- people


def _person(entry: Entry, now: datetime) -> Person | None:
    name = _name(entry)
    if not name:
        return None
    role = ", ".join(part for part in map(entry.get, ("role", "company", "department")) if part)
    remote = entry.get("remote").casefold()
    boxes = addresses(part for line in entry.get("mailbox").split("\n") for part in line.split(" ::: "))
    return Person(
        id=same_id("csv", name.casefold(), *boxes[:1]) if boxes else same_id("csv", name.casefold()),
        name=name,
        created_at=now,
        role=role[:200] or None,
        relation=_one_of(Relation, entry.get("relation")),
        remote=remote in _TRUE if remote else None,
        matters=cut(entry.get("matters")),
        beyond=cut(entry.get("beyond")),
        addresses=boxes,
    )


def _name(entry: Entry) -> str:
    parts = [part for part in map(entry.get, ("first", "middle", "last")) if part]
    whole = "" if entry.get("first") and entry.get("last") else _turned(entry.get("name"))
    name = " ".join((whole or " ".join(parts) or entry.get("nickname")).split())
    alone = name and not parts and name.casefold() == entry.get("company").casefold()
    return "" if alone else name[:200]


def _turned(name: str) -> str:
    """Return "Rosa Lang" for "Lang, Rosa", and "Tom Smith, Jr." as it is."""
    after = name.rpartition(",")[2].strip()
    return name if pattern("words/columns", "is-suffix").match(after) else first_name_first(name)


def _told(entry: Entry) -> list[tuple[str, str]]:
    """Return the days that an entry tells, each with its label; Thunderbird has a column each for year, month, day."""
    day, month = entry.get("birth_day") or entry.get("birthday"), entry.get("birth_month")
    born = f"--{month:0>2}-{day:0>2}" if month and day.isdecimal() else entry.get("birthday")
    told = [("birthday", born), ("anniversary", entry.get("anniversary"))]
    for n in range(1, _EVENTS + 1):
        label = entry.get(f"event_label{n}").strip("* ").casefold()[:200]
        told.append((label or "day to remember", entry.get(f"event_value{n}")))
    return [(label, words) for label, words in told if words]


# ---- moments


def _moment(entry: Entry, person: Person | None, now: datetime) -> Moment | str:
    """The moment of an entry, or what is wrong with it."""
    what, at = cut(entry.get("what")), _time(entry.get("when"))
    channel, landed = _one_of(Channel, entry.get("channel")), _one_of(Landed, entry.get("landed"))
    by = _one_of(By, entry.get("by")) if entry.get("by") else By.ME
    if person and what and at and channel and by and landed:
        id_ = same_id("csv", person.id, at.isoformat(), channel, by, what)
        return Moment(id_, person.id, at, channel, by, what, landed, now)
    wanted = {
        "has no name": person,
        "does not say what happened": what,
        "has no date such as 2024-05-06": at,
        f"has no channel ({', '.join(Channel)})": channel,
        "does not say who acted (me or them)": by,
        f"does not say how it landed ({', '.join(Landed)})": landed,
    }
    return next(sentence for sentence, found in wanted.items() if not found)


def _one_of(kind: type[E], text: str) -> E | None:
    word = text.strip().casefold()
    word = _WORDS.get(word, word)
    return next((it for it in kind if word in {it.value, it.value.replace("_", " ")}), None)


def _time(text: str) -> datetime | None:
    """A time in UTC: ISO 8601, or a day (its noon, where this machine is)."""
    text = text.strip()
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).replace(hour=12).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
