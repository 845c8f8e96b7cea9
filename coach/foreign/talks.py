"""Talks with people, from the entries of a calendar: who with, held or called off, and by whom where the file says it.

Talks of two are offered; of small groups only if the user ticks them; of larger ones none. Nothing of a place or a
description is kept, and of a private entry no title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.foreign import appointments
from coach.foreign.found import Found, alike, same_id
from coach.foreign.series import Appointment, Guest
from coach.reading import names
from coach.reading.senders import first_name_first, sender
from coach.rows import where

SOURCE = "calendar"
"""The kind of file, for the user."""

WINDOW = timedelta(days=183)
"""How far back talks are looked for."""

AHEAD = timedelta(days=61)
"""How far ahead talks are looked for that were called off."""

_GROUP = 5
"""The most others in a group that is asked about."""

_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
"""What directories put behind a name: (Sales), [External]."""

_DECLINED = "DECLINED"
_OPEN = {"NEEDS-ACTION", "TENTATIVE"}


@dataclass(slots=True)
class _Gathered:
    """What is found while the entries go by."""

    now: datetime
    call: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    left: Counter[str] = field(default_factory=Counter)


def read(raw: bytes, now: datetime, progress: Callable[[int, int], None], call: str = "") -> Found:
    """Return the talks of a calendar file in the last half year. ``call``: what the user is called, "" if unknown.
    Raises BadInput when it is none."""
    entries = appointments.read(raw, now - WINDOW, now + AHEAD)
    owner = entries.owner or (_named(entries.appointments, entries.title) if " " in entries.title else "")
    me = _me(entries.appointments, owner) or (_named(entries.appointments, call) if call else "")
    gathered = _Gathered(now, call)
    for n, each in enumerate(entries.appointments, 1):
        _gather(gathered, each, me)
        if n % 200 == 0:
            progress(n, len(entries.appointments))
    told = [f"{words}: {n}." for words, n in gathered.left.items()]
    doubtful = {each.id for each in gathered.moments.values()} - gathered.sure
    return Found(
        SOURCE,
        tuple(gathered.people.values()),
        tuple(sorted(gathered.moments.values(), key=lambda it: it.happened_at, reverse=True)),
        (*entries.unread, *told),
        unsaid=True,
        doubtful=frozenset(doubtful),
        of_talks=True,
    )


def _named(entries: Sequence[Appointment], called: str) -> str:
    """Return the one mailbox of somebody of a name, by the name beside it or the one inside it."""
    boxes = {
        guest.mailbox
        for each in entries
        for guest in _all(each)
        for name in (_name(guest), sender(guest.mailbox))
        if " " in name and alike(called, name)
    }
    return boxes.pop() if len(boxes) == 1 else ""


def _me(entries: Sequence[Appointment], owner: str) -> str:
    """Return the user's own mailbox: the one the file names, else the one that is in most entries of several.

    Of two in equally many, the one who invites: what others invite to is of many people.
    """
    own = owner or next((guest.mailbox for each in entries for guest in _all(each) if guest.own), "")
    if own:
        return own
    met: Counter[str] = Counter()
    for each in {each.uid: each for each in entries}.values():
        met.update({guest.mailbox: 4 for guest in _all(each)})
        if each.organizer and each.method not in {"REQUEST", "CANCEL"}:
            met[each.organizer.mailbox] += 1
    most = met.most_common(2)
    if most and most[0][1] > 5 and (len(most) == 1 or most[0][1] > most[1][1]):
        return most[0][0]
    received = {each.organizer.mailbox for each in entries if each.organizer and each.method in {"REQUEST", "CANCEL"}}
    others = set(met) - received
    if received and len(others) == 1:
        return others.pop()
    answered = {each.organizer.mailbox for each in entries if each.organizer and each.method == "REPLY"}
    return answered.pop() if len(answered) == 1 else ""


def _all(entry: Appointment) -> tuple[Guest, ...]:
    return (entry.organizer, *entry.guests) if entry.organizer else entry.guests


def _gather(gathered: _Gathered, entry: Appointment, me: str) -> None:
    title = entry.title
    off = entry.off or bool(_shows("cancelled", title))
    others = _others(entry, me, gathered.call)
    if (entry.free and not off) or _shows("none", title):
        gathered.left["No talks (days off, birthdays, time kept free)"] += 1
    elif not others:
        gathered.left["Entries that name nobody"] += 1
    elif len(others) > _GROUP:
        gathered.left[f"Talks of more than {_GROUP + 1} people"] += 1
    elif entry.end > gathered.now and not off:
        gathered.left["Talks still to come"] += 1
    elif len(others) > 1 and _answer(entry, me) == _DECLINED:
        gathered.left["Meetings of several that you did not go to"] += 1
    elif entry.dropped and not _mine(entry, me):
        gathered.left["Taken out of a series, the file does not say by whom"] += 1
    else:
        for guest in others:
            _talk(gathered, entry, guest, me, off or entry.dropped, len(others) == 1)


def _others(entry: Appointment, me: str, call: str) -> list[Guest]:
    """Return who else is in an entry: its guests, else whom the title of a talk of two names beside the user."""
    others: dict[str, Guest] = {}
    for guest in _all(entry):
        if guest.mailbox != me:
            told = others.get(guest.mailbox, guest)
            others[guest.mailbox] = replace(told, name=told.name or guest.name, answer=told.answer or guest.answer)
    if others or entry.guests or entry.all_day or not _shows("pair", entry.title):
        return list(others.values())
    title = where("words/appointments", "of", "cancelled").sub("", entry.title)
    named = names.found(title)[:2]
    return [Guest("", each) for each in named if len(named) == 1 or not (call and alike(call, each))]


def _talk(gathered: _Gathered, entry: Appointment, guest: Guest, me: str, off: bool, two: bool) -> None:
    mine = _answer(entry, me)
    declined = [By.ME] if mine == _DECLINED else [By.THEM] if guest.answer == _DECLINED and two else []
    by = declined[0] if declined else By.ME if _mine(entry, me) else By.THEM
    at = entry.start + timedelta(hours=12) if entry.all_day else entry.start  # a day is that day in every zone near it
    if off and at > gathered.now:
        at = min(entry.changed or gathered.now, gathered.now)
    person = _person(guest, gathered.now)
    called_off = off or bool(declined)
    id_ = same_id("ics", entry.uid or entry.title, entry.key or ("" if entry.uid else at.isoformat()), person.id)
    moment = Moment(
        id_, person.id, at, _channel(entry), by, _words(entry, by, called_off, two),
        Landed.INDIFFERENT if called_off else Landed.HELPED, gathered.now,
    )  # fmt: skip
    gathered.people.setdefault(person.id, person)
    gathered.moments.setdefault(id_, moment)
    unsure = entry.dropped or entry.all_day or (mine in _OPEN and not called_off) or not guest.mailbox
    if two and not unsure:
        gathered.sure.add(id_)


def _answer(entry: Appointment, me: str) -> str:
    return next((each.answer for each in entry.guests if each.mailbox == me), "")


def _mine(entry: Appointment, me: str) -> bool:
    return entry.organizer is None or entry.organizer.mailbox == me


def _person(guest: Guest, now: datetime) -> Person:
    name = _name(guest)
    key = guest.mailbox or name.casefold()
    return Person(same_id("box", key), name, now, addresses=(guest.mailbox,) if guest.mailbox else ())


def _name(guest: Guest) -> str:
    return first_name_first(sender(_ASIDE.sub("", guest.name) or guest.mailbox))[:200] or guest.mailbox


def _words(entry: Appointment, by: By, off: bool, two: bool) -> str:
    title = "" if entry.private else where("words/appointments", "of", "cancelled").sub("", entry.title).strip()
    if off:
        done = "I cancelled our talk" if by is By.ME else "They cancelled our talk"
    else:
        done = "We talked" if two else "We were in a meeting together"
        done += f" (moved from {entry.moved.day} {entry.moved:%B})" if entry.moved else ""
    return f"{done}: {title}" if title else done


def _channel(entry: Appointment) -> Channel:
    for kind, channel in (("video", Channel.VIDEO), ("call", Channel.CALL)):
        if _shows(kind, entry.where) or _shows(kind, entry.title):
            return channel
    return Channel.MEETING


def _shows(kind: str, words: str) -> bool:
    return bool(where("words/appointments", "of", kind).search(words))


def together(files: Iterable[bytes]) -> bytes:
    """Return several calendar files as one."""
    return b"\r\n".join(files)
