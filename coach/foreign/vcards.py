"""People from an address book: vCard 2.1, 3.0 and 4.0. Knows vobject.

Companies, groups and places are no people and are told as such. A card that cannot be read is left out and told.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from coach.domain.people import Person
from coach.errors import BadInput
from coach.foreign import birthdays
from coach.foreign.contentlines import between, logical
from coach.foreign.found import Found, addresses, apart, cut, is_salutation, same_id
from coach.reading.senders import first_name_first

_TEXTS = re.compile(r"(?:[\w-]+\.)?(?:FN|TITLE|ROLE|NOTE|ORG)(?:;|$)", re.IGNORECASE)
_BARE_COMMA = re.compile(r"(?<!\\),")
_COMMA = r"\\,"
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_ESCAPED = re.compile(r"\\([nN,;])")
_GROUP_KINDS = {"group", "org", "location", "application", "device"}
_EVENTS = {"1": "anniversary", "3": "birthday"}
"""Android's numbers."""

_ANNIVERSARIES = ("anniversary", "x-anniversary", "x-ms-anniversary", "x-evolution-anniversary")


def read(raw: bytes, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return the people of an address book."""
    import vobject  # its import takes a tenth of a second

    logging.getLogger("vobject.base").setLevel(logging.CRITICAL)  # it logs lines it cannot read, word for word
    cards = list(between(logical(raw), "VCARD"))
    if not cards:
        raise BadInput("This address book holds no cards.")
    people: dict[str, Person] = {}
    left_out: list[str] = []
    for n, (lines, whole) in enumerate(cards, 1):
        card = _card(vobject, lines) if whole else None
        if card is None:
            left_out.append(f"Card {n} cannot be read." if whole else f"Card {n} is cut off.")
        elif why := _no_person(card):
            left_out.append(f"Card {n} {why}.")
        else:
            person, unread = _person(card, now)
            left_out += [f"Card {n}: the {label} is no day there is." for label in unread]
            if not apart(people, person):
                left_out.append(f"Card {n} says the same as one above.")
        if n % 50 == 0:
            progress(n, len(cards))
    return Found("address book", tuple(people.values()), left_out=tuple(left_out))


def _card(vobject: Any, lines: Sequence[str]) -> Any:
    """Return a card as the library reads it, or None. Commas in texts are escaped: it would cut the text there."""
    plain = []
    for line in lines:
        head, colon, value = line.partition(":")
        plain.append(f"{head}{colon}{_BARE_COMMA.sub(_COMMA, value) if _TEXTS.match(head) else value}")
    try:
        return vobject.readOne("\n".join(["BEGIN:VCARD", *plain, "END:VCARD", ""]), ignoreUnreadable=True)
    except Exception:  # whatever a library makes of a broken card
        return None


def _no_person(card: Any) -> str:
    """Return why a card is nobody's, or nothing."""
    kind = _text(card, "kind") or _text(card, "x-addressbookserver-kind")
    shown = _text(card, "x-abshowas")
    if kind.casefold() in _GROUP_KINDS - {"org"}:
        return f"is a {kind.casefold()}, not a person"
    parts, full = _parts(card), " ".join(_text(card, "fn").split())
    company = bool(full) and not any(parts) and full.casefold() in {each.casefold() for each in _organisations(card)}
    if kind.casefold() == "org" or shown.casefold() == "company" or company:
        return "is a company, not a person"
    if not _name(card):
        return "is a company, not a person" if _organisations(card) else "has no name of a person"
    return ""


def _person(card: Any, now: datetime) -> tuple[Person, list[str]]:
    """Return the person of a card, and the days of theirs that could not be read."""
    name = _name(card)
    titles = (told for name in ("title", "role") if (told := _text(card, name)) and not is_salutation(told))
    title = next(titles, "")
    role = ", ".join(part for part in (title, *_organisations(card)) if part)
    days, unread = birthdays.celebrations(_told_days(card), month_first=False)
    mailboxes = addresses(line.value for line in card.contents.get("email", ()))
    key = _text(card, "uid") or f"{name}|{mailboxes[0] if mailboxes else role}"
    person = Person(
        id=same_id("vcard", key),
        name=name,
        created_at=now,
        role=role[:200] or None,
        beyond=cut(_text(card, "note")),
        celebrations=days,
        addresses=mailboxes,
    )
    return person, unread


def _parts(card: Any) -> list[str]:
    """Return given names, further names and family name, as far as they are there."""
    if "n" not in card.contents:
        return ["", "", ""]
    parts = card.contents["n"][0].value
    some = (getattr(parts, name, "") for name in ("given", "additional", "family"))
    return [(part if isinstance(part, str) else " ".join(part)).strip() for part in some]


def _name(card: Any) -> str:
    full = " ".join(_text(card, "fn").split())
    parts = _parts(card)
    turned = bool(parts[0] and parts[2]) and full.casefold().startswith(f"{parts[2]},".casefold())
    if not full or turned:
        full = " ".join(part for part in parts if part)
    return " ".join((first_name_first(full) or _text(card, "nickname")).split())[:200]


def _organisations(card: Any) -> list[str]:
    if "org" not in card.contents:
        return []
    value = card.contents["org"][0].value
    parts = value if isinstance(value, list) else [value]
    return [str(part).strip() for part in parts if str(part).strip()]


def _told_days(card: Any) -> Iterator[tuple[str, str]]:
    yield "birthday", _text(card, "bday")
    yield "anniversary", next(filter(None, (_text(card, name) for name in _ANNIVERSARIES)), "")
    for line in card.contents.get("x-abdate", ()):
        words = next((each.value for each in card.contents.get("x-ablabel", ()) if each.group == line.group), "")
        label = _LABEL.sub(lambda hit: hit[1].lower(), str(words)).strip() or "day to remember"
        yield "day to remember" if label == "other" else label, str(line.value)
    for line in card.contents.get("x-android-custom", ()):
        kind, day, number, words, *_ = (*str(line.value).split(";"), "", "", "")
        if kind.endswith("/contact_event"):
            yield _EVENTS.get(number, words.strip() or "day to remember"), day


def _text(card: Any, name: str) -> str:
    """The first value of a property that has one, unescaped."""
    for line in card.contents.get(name, ()):
        words = line.value.decode("utf-8", "replace") if isinstance(line.value, bytes) else line.value
        if isinstance(words, str) and words.strip():
            return _ESCAPED.sub(lambda hit: "\n" if hit[1] in "nN" else hit[1], words).strip()
    return ""
