"""People from an address book: vCard 2.1, 3.0 and 4.0, folded and quoted-printable lines included. Knows vobject."""

from __future__ import annotations

import logging
import quopri
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from coach.domain.people import Celebration, Person
from coach.foreign.found import Found, birthday, cut, same_id

_CARD = re.compile(r"^BEGIN:VCARD[^\n]*\n.*?^END:VCARD[^\n]*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_FOLD = re.compile(r"\n[ \t]")
_TEXTS = re.compile(r"(?:[\w-]+\.)?(?:FN|TITLE|ROLE|NOTE|ORG)(?:;|$)", re.IGNORECASE)
_COMMA = re.compile(r"(?<!\\),")
_QUOTED = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=\"?([\w.:-]+)\"?", re.IGNORECASE)
_GROUP_KINDS = {"group", "org", "location"}


def read(text: str, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return the people of an address book. A card that cannot be read is left out and told."""
    import vobject  # its import takes a tenth of a second

    logging.getLogger("vobject.base").setLevel(logging.CRITICAL)  # it logs lines it cannot read, word for word
    cards = _CARD.findall(text.replace("\r\n", "\n").replace("\r", "\n") + "\n")
    people: dict[str, Person] = {}
    left_out: list[str] = []
    for n, card in enumerate(cards, 1):
        try:
            read_card = vobject.readOne(_plain(card), ignoreUnreadable=True)
            person = _person(read_card, now)
        except Exception:  # whatever a library makes of a broken card
            person = None
        if person is None:
            left_out.append(f"Card {n} has no name of a person.")
        else:
            people.setdefault(person.id, person)
        if n % 50 == 0:
            progress(n, len(cards))
    broken = text.upper().count("BEGIN:VCARD") - len(cards)
    if broken > 0:
        left_out.append(f"{broken} cards at the end are cut off.")
    return Found("address book", tuple(people.values()), left_out=tuple(left_out))


def _plain(card: str) -> str:
    """Return a card unfolded, its quoted-printable values written plainly (vCard 2.1 has them, in any character set).

    Commas in texts are escaped, which not every program does: the library would cut the text there.
    """
    lines: list[str] = []
    rest = iter(_FOLD.sub("", card).split("\n"))
    for line in rest:
        head, colon, value = line.partition(":")
        if colon and _QUOTED.search(head):
            while value.endswith("="):  # a soft line break
                value = value[:-1] + next(rest, "").lstrip(" \t")
            charset = _CHARSET.search(head)
            text = _decoded(value, charset[1] if charset else "utf-8")
            head = _CHARSET.sub("", _QUOTED.sub("", head))
            line = f"{head}:" + text.replace("\r\n", "\n").rstrip("\n").replace("\n", "\\n")
        if _TEXTS.match(head):
            line = _COMMA.sub(r"\,", line)
        lines.append(line)
    return "\n".join(lines)


def _decoded(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8"))
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("cp1252", errors="replace")


def _person(card: Any, now: datetime) -> Person | None:
    name = _name(card)
    if name is None or _text(card, "kind").casefold() in _GROUP_KINDS:
        return None
    title, organisation = _text(card, "title") or _text(card, "role"), _organisation(card)
    role = ", ".join(part for part in (title, organisation) if part)
    key = _text(card, "uid") or f"{name}|{role}"
    return Person(
        id=same_id("vcard", key),
        name=name,
        created_at=now,
        role=role[:200] or None,
        beyond=cut(_text(card, "note")),
        celebrations=birthday(_text(card, "bday")) + _anniversary(card),
    )


def _name(card: Any) -> str | None:
    full = _text(card, "fn")
    if not full and "n" in card.contents:
        parts = card.contents["n"][0].value
        some = (getattr(parts, name, "") for name in ("given", "additional", "family"))
        full = " ".join(part if isinstance(part, str) else " ".join(part) for part in some)
    full = " ".join((full or _text(card, "nickname")).split())
    return full[:200] or None


def _organisation(card: Any) -> str:
    if "org" not in card.contents:
        return ""
    value = card.contents["org"][0].value
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(part).strip() for part in parts if str(part).strip())


def _anniversary(card: Any) -> tuple[Celebration, ...]:
    days = birthday(_text(card, "anniversary") or _text(card, "x-anniversary"))
    return tuple(Celebration("anniversary", day.month, day.day) for day in days)


def _text(card: Any, name: str) -> str:
    """The first value of a property that has one, unescaped."""
    for line in card.contents.get(name, ()):
        if isinstance(line.value, str) and line.value.strip():
            return str(line.value).replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").strip()
    return ""
