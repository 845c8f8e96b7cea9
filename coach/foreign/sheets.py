"""People or moments from a table (CSV): one row each, columns found by their titles, with any separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.errors import BadInput
from coach.foreign.found import Found, birthday, cut, same_id

E = TypeVar("E", bound=StrEnum)
Row = Mapping[str, str]

_TITLES = {
    "name": ("name", "full name", "display name", "person", "file as", "colleague"),
    "first": ("first name", "given name"),
    "last": ("last name", "family name", "surname"),
    "role": ("role", "job title", "organization title", "organization 1 - title", "title", "position"),
    "company": ("company", "organization name", "organization 1 - name", "organisation", "organization"),
    "relation": ("relation",),
    "remote": ("remote",),
    "matters": ("matters", "what matters to them"),
    "beyond": ("beyond", "beyond work", "notes", "note"),
    "birthday": ("birthday", "birth date", "date of birth"),
    "when": ("when", "date", "happened_at", "happened at", "day", "time"),
    "channel": ("channel", "where", "place"),
    "by": ("by", "who acted"),
    "what": ("what", "what happened", "moment", "description", "text"),
    "landed": ("landed", "how it landed"),
}
_WORDS = {
    "face to face": "in_person", "in person": "in_person", "person": "in_person", "phone": "call", "mail": "email",
    "e-mail": "email", "slack": "chat", "teams": "chat", "i": "me", "i did": "me", "they": "them", "they did": "them",
    "good": "helped", "bad": "harmed", "neutral": "indifferent", "my manager": "manager", "reports to me": "report",
    "another department": "other-department", "outside the company": "external",
}  # fmt: skip
_TRUE = {"yes", "true", "1", "y", "remote", "elsewhere"}
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d")


def read(text: str, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return the people, or moments with their people, of a table. Raises BadInput when its columns tell neither."""
    rows = _rows(text)
    if not rows:
        raise BadInput("The table is empty: its first line should name the columns, and a row should follow.")
    columns = rows[0].keys()
    if {"what", "when"} <= columns and _named(columns):
        return _moments(rows, now, progress)
    if _named(columns):
        return _people(rows, now)
    raise BadInput(
        "The table's first line should name its columns: name for people; name, date, channel, by, what and landed "
        "for moments."
    )


def _named(columns: object) -> bool:
    return "name" in columns or "first" in columns or "last" in columns  # type: ignore[operator]


def _rows(text: str) -> list[dict[str, str]]:
    """The rows with our names of the columns; columns without one are left out, and so are empty rows."""
    lines = text.lstrip("\ufeff")
    first = lines.split("\n", 1)[0]
    separator = max(",;\t|", key=first.count)
    ours = {title: name for name, titles in _TITLES.items() for title in titles}
    table = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
    try:
        titles = [ours.get(title.strip().casefold(), "") for title in next(table, [])]
        rows = []
        for values in table:
            row: dict[str, str] = {title: "" for title in titles if title}
            for title, value in zip(titles, values, strict=False):
                if title and not row[title]:
                    row[title] = value.strip()
            if any(value.strip() for value in values):
                rows.append({**row, "line": str(table.line_num)})
    except csv.Error as error:
        raise BadInput(f"The table cannot be read near line {table.line_num}.") from error
    return rows


def _name_of(row: Row) -> str:
    whole = row.get("name") or " ".join(part for part in (row.get("first"), row.get("last")) if part)
    return " ".join(whole.split())[:200]


def _person(row: Row, now: datetime) -> Person | None:
    name = _name_of(row)
    if not name:
        return None
    role = ", ".join(part for part in (row.get("role"), row.get("company")) if part)
    remote = row.get("remote", "").casefold()
    return Person(
        id=same_id("csv", name.casefold()),
        name=name,
        created_at=now,
        role=role[:200] or None,
        relation=_one_of(Relation, row.get("relation", "")),
        remote=remote in _TRUE if remote else None,
        matters=cut(row.get("matters")),
        beyond=cut(row.get("beyond")),
        celebrations=birthday(row.get("birthday")),
    )


def _people(rows: Sequence[Row], now: datetime) -> Found:
    people: dict[str, Person] = {}
    left_out = []
    for row in rows:
        person = _person(row, now)
        if person is None:
            left_out.append(f"Line {row['line']} has no name.")
        else:
            people.setdefault(person.id, person)
    return Found("table of people", tuple(people.values()), left_out=tuple(left_out))


def _moments(rows: Sequence[Row], now: datetime, progress: Callable[[int, int], None]) -> Found:
    people: dict[str, Person] = {}
    moments: dict[str, Moment] = {}
    left_out = []
    for n, row in enumerate(rows, 1):
        person = _person({name: value for name, value in row.items() if name in {"name", "first", "last"}}, now)
        moment = _moment(row, person, now)
        if isinstance(moment, str):
            left_out.append(f"Line {row['line']} {moment}.")
        elif person is not None:
            people.setdefault(person.id, person)
            moments.setdefault(moment.id, moment)
        if n % 500 == 0:
            progress(n, len(rows))
    return Found("table of moments", tuple(people.values()), tuple(moments.values()), tuple(left_out))


def _moment(row: Row, person: Person | None, now: datetime) -> Moment | str:
    """The moment of a row, or what is wrong with it."""
    what, at = cut(row.get("what")), _time(row.get("when", ""))
    channel, landed = _one_of(Channel, row.get("channel", "")), _one_of(Landed, row.get("landed", ""))
    by = _one_of(By, row.get("by", "")) if row.get("by") else By.ME
    wrong = {
        "has no name": person is None,
        "does not say what happened": what is None,
        "has no date such as 2024-05-06": at is None,
        f"has no channel ({', '.join(Channel)})": channel is None,
        "does not say who acted (me or them)": by is None,
        f"does not say how it landed ({', '.join(Landed)})": landed is None,
    }
    for sentence, is_wrong in wrong.items():
        if is_wrong:
            return sentence
    assert person
    assert what
    assert at
    assert channel
    assert by
    assert landed
    id_ = same_id("csv", person.id, at.isoformat(), channel, by, what)
    return Moment(id_, person.id, at, channel, by, what, landed, now)


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
