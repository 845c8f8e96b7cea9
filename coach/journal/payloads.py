"""Nouns ⇄ JSON, the inside of a payload and the items of an export.

Payloads are read leniently in two ways only: fields a noun has gained since, with a default, may be missing, and a
turn may be as earlier versions wrote it. Knows the nouns and pydantic; nothing of keys, tables or databases.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from coach.domain.sessions import Session
from coach.domain.turns import Turn
from coach.errors import BadInput, StorageTrouble

T = TypeVar("T")


_SINCE_LET_GO = b'"days_ago":'
"""Stands in every payload whose proposed moments are of the earlier form; other fields let go are passed over."""

_SINCE_ACTION = b'"action":'
"""Stands in every payload of a session whose intentions are of the earlier form."""

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(noun: type[Any]) -> TypeAdapter[Any]:
    """Return the adapter of a noun, made on first use: making them all costs a start 50 ms."""
    if noun not in _ADAPTERS:
        _ADAPTERS[noun] = TypeAdapter(noun)
    return _ADAPTERS[noun]


def to_json(thing: object) -> bytes:
    """Return a noun as JSON. Raises BadInput when it holds an invalid character (a lone surrogate)."""
    try:
        return _adapter(type(thing)).dump_json(thing)
    except (PydanticSerializationError, UnicodeError):
        raise BadInput("The text holds a broken character. Take it out and try again.") from None


def from_json(noun: type[T], data: bytes) -> T:
    """Return the noun that ``to_json`` wrote. Raises StorageTrouble when it does not fit."""
    try:
        if noun is Turn and _SINCE_LET_GO in data:
            return cast(T, _adapter(noun).validate_python(earlier_turn(json.loads(data))))
        if noun is Session and _SINCE_ACTION in data:
            return cast(T, _adapter(noun).validate_python(earlier_session(json.loads(data))))
        return cast(T, _adapter(noun).validator.validate_json(data))
    except ValueError:
        raise StorageTrouble(
            "A note in the journal has a form this version of the coach does not know. Update the coach and try again."
        ) from None


def to_data(thing: object) -> dict[str, object]:
    """Return a noun as JSON-ready data, times as ISO 8601."""
    return cast("dict[str, object]", _adapter(type(thing)).dump_python(thing, mode="json"))


def in_utc(thing: T) -> T:
    """Return a noun (a dataclass) with every time in UTC, those of its parts too.

    Raises BadInput, ending in the field's name, for a time without a zone or one that leaves the calendar in UTC.
    """
    changes: dict[str, object] = {}
    for field in dataclasses.fields(cast(Any, thing)):
        value = getattr(thing, field.name)
        if isinstance(value, datetime) and value.tzinfo is not UTC:
            changes[field.name] = _utc(value, field.name)
        elif dataclasses.is_dataclass(value):
            changes[field.name] = in_utc(value)
    return cast(T, dataclasses.replace(cast(Any, thing), **changes)) if changes else thing


def _utc(value: datetime, name: str) -> datetime:
    if value.utcoffset() is None:
        raise BadInput(f"A time needs its time zone, such as 2024-05-01T09:30:00Z: {name}")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise BadInput(f"A time is too far away: {name}") from None


_READING = frozenset({"severity", "people", "signals", "guesses", "asked", "goal", "tried", "also"})

_MOMENT = frozenset({"start", "end", "days_ago", "pattern"})
"""Fields that a reading, and a proposed moment, no longer have."""


def earlier_turn(data: object) -> object:
    """Return a turn's data without the fields of before; data of any other form as they are.

    A reading once held what was guessed from the words, which are still in the turn. Days ago become the day.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("reading"), Mapping):
        return data
    reading = {name: value for name, value in data["reading"].items() if name not in _READING}
    if isinstance(reading.get("moments"), list):
        reading["moments"] = [_earlier_moment(moment, data.get("at")) for moment in reading["moments"]]
    return {**data, "reading": reading}


_SESSION = {"intentions": {"kept", "action", "minutes"}, "answers": {"early"}, "turns": {"notice"}}
"""Fields that the parts of a session no longer have."""


def earlier_session(data: object) -> object:
    """Return a session's data without the fields of before, which led it and held no words; other data as they are."""
    if not isinstance(data, Mapping):
        return data
    session = {name: value for name, value in data.items() if name != "strays"}
    for part, gone in _SESSION.items():
        if isinstance(session.get(part), list):
            session[part] = [
                {name: value for name, value in {**each, **_said(each)}.items() if name not in gone}
                if isinstance(each, Mapping)
                else each
                for each in session[part]
            ]
    return session


def _said(intention: Mapping[str, object]) -> Mapping[str, object]:
    """What an intention says is done, which once stood beside the words it was found in."""
    return {"words": intention["action"]} if "action" in intention else {}


def _earlier_moment(data: object, told_at: object) -> object:
    if not isinstance(data, Mapping) or not _MOMENT & data.keys():
        return data
    kept: dict[str, Any] = {name: value for name, value in data.items() if name not in _MOMENT}
    ago = data.get("days_ago")
    if isinstance(ago, int) and isinstance(told_at, str) and "day" not in kept:
        with suppress(ValueError, OverflowError):
            kept["day"] = (datetime.fromisoformat(told_at) - timedelta(days=ago)).date().isoformat()
    return kept
