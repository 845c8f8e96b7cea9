"""Contacts, activities, calls and conversations from Monica's JSON export.

Monica nests ``{"count", "type", "values"}`` under ``account.data`` (its first exports named the lists instead:
``account.contacts.values``). Activities stand once and are named by their uuid in each contact. The file does not say
how a moment landed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.errors import BadInput
from coach.foreign import birthdays
from coach.foreign.found import Found, addresses, cut, same_id

_PLURALS = {"contact": "contacts", "activity": "activities", "call": "calls", "conversation": "conversations"}
Thing = Mapping[str, Any]


def read(text: str, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return people and moments of an export. Raises BadInput when it is not one."""
    try:
        account = json.loads(text)["account"]
        contacts = list(_values(account, "contact"))
        activities = {str(it["uuid"]): it for it in _values(account, "activity")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadInput("This JSON is not an export of Monica, nor of the coach.") from None
    if not contacts:
        raise BadInput("This export of Monica holds no contacts.")
    me = {str(_known(user).get("me_contact")) for user in _values(account, "user")}
    people: list[Person] = []
    moments: dict[str, Moment] = {}
    left_out: list[str] = []
    for n, contact in enumerate(contacts, 1):
        known = _known(contact)
        person = _person(contact, known, now)
        if str(contact.get("uuid")) in me:
            left_out.append(f"Contact {n} is you.")
        elif known.get("is_partial") or known.get("is_dead") or person is None:
            left_out.append(f"Contact {n} is not somebody to be in touch with.")
        else:
            people.append(person)
            for moment in _moments(contact, person, activities, now):
                moments.setdefault(moment.id, moment)
        if n % 50 == 0:
            progress(n, len(contacts))
    return Found("Monica export", tuple(people), tuple(moments.values()), tuple(left_out), unsaid=True)


def _values(thing: Thing, kind: str) -> Iterator[Any]:
    """The things of a kind under another, in either form of the export."""
    for group in thing.get("data") or ():
        if isinstance(group, Mapping) and group.get("type") == kind:
            yield from group.get("values") or ()
    plural = _PLURALS.get(kind, f"{kind}s")
    for holder in (thing, _known(thing)):
        named = holder.get(plural)
        if isinstance(named, Mapping):
            yield from named.get("values") or ()


def _known(thing: Thing) -> Thing:
    properties = thing.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _person(contact: Thing, known: Thing, now: datetime) -> Person | None:
    parts = (known.get(name) for name in ("first_name", "middle_name", "last_name"))
    name = " ".join(str(part).strip() for part in parts if part) or str(known.get("nickname") or "").strip()
    if not name or not contact.get("uuid"):
        return None
    role = ", ".join(str(part) for part in (known.get("job"), known.get("company")) if part)
    often = known.get("stay_in_touch_frequency")
    date = known.get("birthdate")
    born = date if isinstance(date, Mapping) and not date.get("is_age_based") else {}
    return Person(
        id=same_id("monica", str(contact["uuid"])),
        name=name[:200],
        created_at=_time(contact.get("created_at")) or now,
        role=role[:200] or None,
        beyond=cut(str(known.get("description") or "")),
        addresses=addresses(
            _known(each).get("data") for each in _values(contact, "contact_field") if isinstance(each, Mapping)
        ),
        celebrations=birthdays.celebrations([("birthday", str(born.get("date") or ""))], month_first=True)[0],
        ideal_days=often if isinstance(often, int) and 1 <= often <= 730 else None,
    )


def _moments(contact: Thing, person: Person, activities: Mapping[str, Thing], now: datetime) -> Iterator[Moment]:
    for uuid in _values(contact, "activity"):
        told = _known(activities.get(str(uuid), {}))
        words = ". ".join(
            str(part).strip().rstrip(".") for part in (told.get("summary"), told.get("description")) if part
        )
        yield from _moment(person, str(uuid), told.get("happened_at"), words, Channel.IN_PERSON, By.ME, now)
    for call in _values(contact, "call"):
        told = _known(call)
        by = By.THEM if told.get("contact_called") else By.ME
        words = str(told.get("content") or "") or ("They called me" if by is By.THEM else "I called them")
        yield from _moment(person, str(told.get("called_at")), told.get("called_at"), words, Channel.CALL, by, now)
    for talk in _values(contact, "conversation"):
        for message in _known(talk).get("messages") or ():
            told = _known(message)
            by = By.ME if told.get("written_by_me") else By.THEM
            at = told.get("written_at") or _known(talk).get("happened_at")
            yield from _moment(person, f"{at}{by}", at, str(told.get("content") or ""), Channel.CHAT, by, now)


def _moment(
    person: Person, key: str, at: object, words: str, channel: Channel, by: By, now: datetime
) -> Iterator[Moment]:
    when, what = _time(at), cut(words)
    if when is not None and what is not None:
        id_ = same_id("monica", person.id, key, channel, what)
        yield Moment(id_, person.id, when, channel, by, what, Landed.INDIFFERENT, now)


def _time(value: object) -> datetime | None:
    """A time as Monica writes it, "2021-03-04" or "2021-03-04T10:00:00Z", in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(hour=12 if len(str(value)) == 10 else found.hour, tzinfo=UTC)
    return found.astimezone(UTC)
