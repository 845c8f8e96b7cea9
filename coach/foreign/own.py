"""People and moments in files of our own: an export of the coach, or a list that somebody wrote (JSON, YAML).

A written list has ``people`` and ``moments``, each entry with the names that a table has as titles. Of an export only
these two are taken here; the rest is taken back on the page Privacy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.errors import BadInput
from coach.foreign.entries import Entry, moments_of, people_of
from coach.foreign.found import Found

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_OURS = (
    "This file is neither an export of Monica or of the coach, nor a list with people: or moments:, each with a name."
)
_REST = ("conversations", "turns", "plans", "drafts", "commitments", "sessions", "outcomes")


def read(text: str, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return the people and moments of a file of our own. Raises BadInput when it is not one."""
    try:
        data: Any = json.loads(text) if text.lstrip()[:1] in {"{", "["} else yaml.load(text, _LOADER)  # noqa: S506
    except (ValueError, yaml.YAMLError, RecursionError):
        raise BadInput(_NOT_OURS) from None
    if isinstance(data, Mapping) and data.get("format") == "coach-export":
        return _export(data)
    if isinstance(data, list):
        data = {"people": data}
    lists = ("people", "moments")
    if not isinstance(data, Mapping) or not any(isinstance(data.get(name), list) for name in lists):
        raise BadInput(_NOT_OURS)
    people = people_of(list(_entries(data, "people", "Person")), "list", now, month_first=False)
    moments = moments_of(list(_entries(data, "moments", "Moment")), "list", now, progress)
    known = {each.id for each in people.people}
    further = tuple(each for each in moments.people if each.id not in known)
    return Found("list", (*people.people, *further), moments.moments, (*people.left_out, *moments.left_out))


def _entries(data: Mapping[str, Any], name: str, word: str) -> Iterator[Entry]:
    held = data.get(name)
    for n, each in enumerate(held if isinstance(held, list) else (), 1):
        fields = each if isinstance(each, Mapping) else {}
        yield Entry(f"{word} {n}", {str(key).casefold(): _words(value) for key, value in fields.items()})


def _words(value: object) -> str:
    if isinstance(value, list):  # of words; a list of lists may stand for billions of them
        return "\n".join(_words(each) for each in value[:20] if not isinstance(each, list))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float | date | datetime) else ""


def _export(data: Mapping[str, Any]) -> Found:
    try:
        people = TypeAdapter(list[Person]).validate_python(data.get("people") or [])
        moments = TypeAdapter(list[Moment]).validate_python(data.get("moments") or [])
    except ValidationError:
        raise BadInput(
            "This export of the coach has people or moments in a form that this version does not know."
        ) from None
    ids = {each.id for each in people}
    here = tuple(replace(each, turn_id=None) for each in moments if each.person_id in ids)
    told = [
        f"Of this export, {name} are left out; the page Privacy takes it back whole."
        for name in _REST
        if data.get(name)
    ]
    return Found("export of the coach", tuple(people), here, tuple(told))
