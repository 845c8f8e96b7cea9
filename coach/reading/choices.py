"""The ask card for a letter: who, what happened, what is wanted. Pure; it offers and establishes nothing.

The card is sure of a person only when they are in the journal and nobody else is named. Knows names, roles, days and
the catalogue; plans nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from coach.domain.accounts import Number, Standing
from coach.domain.asks import Ask, DayChoice, EventChoice, FactChoice, GroupChoice, PersonChoice, TappedPerson
from coach.domain.events import Catalogue, Doer, Entry, Want
from coach.domain.people import Person, Relation
from coach.domain.phrases import called, is_several
from coach.noticing import wording
from coach.rows import rows

MOST_LINES = 4
"""Events shown at once; the rest of a group is one tap away."""

MOST_PEOPLE = 6

OFTEN = (Want.CLEAR_UP, Want.DECIDE, Want.PUT_RIGHT, Want.GET_CLOSER, Want.FIND_WORDS)
"""The wants people have most, first on the card."""

_STANDINGS = {
    Relation.MANAGER: Standing.ABOVE,
    Relation.REPORT: Standing.LED,
    Relation.OTHER_DEPARTMENT: Standing.ELSEWHERE,
    Relation.EXTERNAL: Standing.ELSEWHERE,
}


def typed(text: str, number: Number = Number.ONE, standing: Standing | None = None) -> TappedPerson:
    """Return the person whom someone typed instead of tapping: a name has a capital and at most three words."""
    named = text[:1].isupper() and len(text.split()) <= 3
    return TappedPerson("typed", text if named else None, None if named else text, None, number, standing)


def card(
    ask_id: str,
    text: str,
    people: Sequence[Person],
    catalogue: Catalogue,
    ranked: Sequence[tuple[str, float]],
    names: Sequence[str] = (),
    days: Iterable[DayChoice] = (),
) -> Ask:
    """Return the card for a letter.

    ``people`` are the journal's; ``ranked`` the catalogue's events, likeliest first; ``names`` those found in the
    letter, ``days`` the days it names.
    """
    who, sure = _people(text, people, names)
    order = [catalogue.entry(event) for event, _ in ranked if event in catalogue]
    sure_call = next((each.call for each in who if each.id == sure), None)
    call = sure_call or ""
    return Ask(
        id=ask_id,
        people=who,
        sure=sure,
        groups=_groups(catalogue, order, call),
        best=tuple(choice(entry, catalogue, call) for entry in order[:MOST_LINES]),
        wants=(*OFTEN, *(want for want in Want if want not in OFTEN)),
        tried=tuple(FactChoice(fact, catalogue.facts[fact]) for fact in catalogue.tried),
        days=tuple(days),
    )


def choice(entry: Entry, catalogue: Catalogue, call: str) -> EventChoice:
    """Return an event as a line to tap, worded for a person."""
    doer, receiver = {Doer.ME: ("me", "them"), Doer.THEM: ("them", "me")}.get(entry.by, (None, None))
    asks = tuple(FactChoice(fact, catalogue.facts[fact]) for fact in entry.ask)
    return EventChoice(entry.id, entry.named(call), doer, receiver, entry.mirror, asks, entry.wants)


def _groups(catalogue: Catalogue, order: Sequence[Entry], call: str) -> tuple[GroupChoice, ...]:
    """Return every group, the one with the likeliest event first, each with its likeliest events."""
    place = {entry.id: at for at, entry in enumerate(order)}
    found = []
    for group in catalogue.groups:
        own = sorted(catalogue.of(group.id), key=lambda entry: place.get(entry.id, len(place)))
        first = min((place.get(entry.id, len(place)) for entry in own if entry.group == group.id), default=len(place))
        lines = tuple(choice(entry, catalogue, call) for entry in own[:MOST_LINES])
        found.append((first, GroupChoice(group.id, group.text, lines)))
    return tuple(group for _, group in sorted(found, key=lambda each: each[0]))


def _people(text: str, people: Sequence[Person], names: Sequence[str]) -> tuple[tuple[PersonChoice, ...], str | None]:
    """Return whom it may be about, in the order of the letter, and the id of the one it is surely about."""
    known = [(place, person) for person in people if (place := named(text, person.name)) is not None]
    places: list[tuple[int, PersonChoice]] = [
        (place, PersonChoice(person.id, person.name, person.name, person.role, person.id, None, _standing(person)))
        for place, person in known
    ]
    taken = {word.casefold() for _, person in known for word in person.name.split()}
    for number, name in enumerate(names):
        if not {word.casefold() for word in name.split()} & taken:
            places.append((max(0, text.find(name)), PersonChoice(f"n{number}", name, name)))
    for start, end, role in _roles(text):
        whose = next((n for n, each in enumerate(places) if _apposed(text, each, start, end)), None)
        if whose is None or role.number is not None:
            places.append((start, role))
        else:  # "Maya, my manager" is one person
            place, each = places[whose]
            places[whose] = (place, replace(each, standing=each.standing or role.standing))
    places.sort(key=lambda each: each[0])
    choices = tuple(each for _, each in places[:MOST_PEOPLE])
    sure = known[0][1].id if len(known) == 1 and len(places) == 1 else None
    return choices, sure


def named(text: str, name: str) -> int | None:
    """Return where a person of the journal is named: their whole name, or their first one."""
    small = text.lower() if text.isascii() else ""
    for form in (name, wording.called(name)) if name.split() else ():
        if small and form.isascii() and form.lower() not in small:
            continue  # as of nearly everybody: to make a pattern of each name takes far longer
        if hit := re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE):
            return hit.start()
    return None


_BESIDE = re.compile(r"\s*(?:[,(–—-]|is|was)?\s*")
_LISTED = re.compile(r"\s*,?\s*(?:and|or|&)\b")


def _apposed(text: str, place: tuple[int, PersonChoice], start: int, end: int) -> bool:
    """Whether a role from ``start`` to ``end`` is that of somebody named beside it, and not the next of a list."""
    at, each = place
    if each.name is None:
        return False
    hit = next((form for form in (each.name, wording.called(each.name)) if text[at:].startswith(form)), "")
    after = at + len(hit)
    between = text[after:start] if after <= start else text[end:at]
    listed = "s" not in between and _LISTED.match(text, max(after, end))  # "is" and "was" list nobody
    return bool(hit and _BESIDE.fullmatch(between)) and not listed


def _roles(text: str) -> list[tuple[int, int, PersonChoice]]:
    """Return who is named by what they are: from where, to where, and who."""
    found: dict[str, tuple[int, int, PersonChoice]] = {}
    for row in rows("words/roles"):
        for hit in re.finditer(row.match, text, re.IGNORECASE):
            phrase = " ".join(hit[0].split())
            phrase = phrase if phrase.isupper() else phrase[:1].lower() + phrase[1:]
            number = Number(row.more["number"]) if "number" in row.more else None
            if number is None and is_several(phrase):
                number = Number.SEVERAL
            standing = Standing(row.more["standing"]) if "standing" in row.more else None
            made = PersonChoice(f"r{len(found)}", called(phrase) or phrase, None, phrase, None, number, standing)
            found.setdefault(made.call.lower(), (hit.start(), hit.end(), made))
    return list(found.values())


def _standing(person: Person) -> Standing | None:
    if person.relation in _STANDINGS:
        return _STANDINGS[person.relation]
    return Standing.ELSEWHERE if person.remote else None
