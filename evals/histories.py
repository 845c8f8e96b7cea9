"""Reads history files: a person, dated moments, and the patterns that hold. Liberal in how a moment is written.

The form of this project: {"days_ago" | "happened_at", "channel", "by", "what", "landed", "note"?}. Other people's
files may name a field otherwise, give times as dates, "3 weeks ago" or a count of days, or write a moment as a list
of values; the value tells what it is. Where nothing dates a moment, moments lie a week apart. All absolute dates of
one file are seen from the day after its last one, unless a history holds "now".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from evals.cases import Line, lines

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The present of histories that are told in days ago: a Monday."""

_CHANNELS: tuple[tuple[Channel, str], ...] = (
    (Channel.MEETING, r"meeting|stand-?up|one[- ]to[- ]one|1:1|one[- ]on[- ]one|review|workshop"),
    (Channel.EMAIL, r"e-?mail|mail"),
    (Channel.VIDEO, r"video|zoom|webcam|remote"),
    (Channel.CHAT, r"chat|slack|teams|text|message|dm|im|whatsapp"),
    (Channel.CALL, r"call|phone|voice"),
    (
        Channel.IN_PERSON,
        r"in[-_ ]?person|face[-_ ]to[-_ ]face|corridor|hallway|desk|kitchen|lunch|coffee|office|event|party|dinner",
    ),
)
_BY = {
    **dict.fromkeys(("me", "i", "user", "self", "my", "us", "we", "out", "from_me", "by_me"), By.ME),
    **dict.fromkeys(
        ("them", "they", "other", "person", "colleague", "him", "her", "he", "she", "in", "from_them"), By.THEM
    ),
}
_LANDED = {
    **dict.fromkeys(("helped", "positive", "helping", "good", "+"), Landed.HELPED),
    **dict.fromkeys(("harmed", "negative", "harming", "bad", "-"), Landed.HARMED),
    **dict.fromkeys(("indifferent", "neutral", "cold", "0"), Landed.INDIFFERENT),
}
_AGO = re.compile(r"(\d+|an?|one|two|three|four|five|six)\s*(day|week|month|year|d|w|m|y)s?(?:\s+ago)?$")
_LOAD = re.compile(r"load|busy|peak|plate|stress|pressure|overload")
_LOAD_LEVELS = {
    **dict.fromkeys(("high", "peak", "heavy", "very high", "overloaded", "true", "yes", "busy", "full", "max"), True),
    **dict.fromkeys(("low", "normal", "light", "medium", "usual", "calm", "none", "false", "no", "free", "ok"), False),
}
_WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_UNITS = {"d": 1.0, "w": 7.0, "m": 30.4, "y": 365.0}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHEN_NAMES = ("happened_at", "date", "when", "at", "time", "day", "ts", "timestamp")
_WHAT_NAMES = ("what", "text", "description", "summary", "event", "moment")
_LANDED_NAMES = ("landed", "valence", "moment_valence", "effect", "outcome")
_BY_NAMES = ("by", "who", "actor", "from", "side")
_CHANNEL_NAMES = ("channel", "where", "medium", "via")
_READ_NAMES = {*_WHEN_NAMES, *_WHAT_NAMES, *_LANDED_NAMES, *_BY_NAMES, "days_ago", "weeks_ago", *_CHANNEL_NAMES, "id"}


@dataclass(frozen=True, slots=True)
class History:
    """One person's moments, oldest first, with the patterns that clearly hold, the main one first."""

    id: str
    person: Person
    moments: tuple[Moment, ...]
    patterns: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Rough:
    """A moment before its time is settled: ``days_ago`` or ``at`` or neither."""

    channel: Channel
    by: By
    what: str
    landed: Landed
    days_ago: float | None = None
    at: datetime | None = None


def load_histories(path: Path) -> list[History]:
    """Return the histories of a file. Raises BadInput naming file and line."""
    read = [(line, _rough(line)) for line in lines(path)]
    latest = max((rough.at for _, moments in read for rough in moments if rough.at), default=None)
    present = latest.replace(hour=9, minute=0) + timedelta(days=1) if latest else NOW
    return [_history(line, moments, present) for line, moments in read]


def _rough(line: Line) -> list[_Rough]:
    raw = line.data.get("moments")
    if not isinstance(raw, list):
        raise line.wrong("'moments' should be a list")
    return [_moment(line, item, number) for number, item in enumerate(raw, start=1)]


def _history(line: Line, rough: Sequence[_Rough], present: datetime) -> History:
    now = _date(str(line.data.get("now") or "")) or present
    person = _person(line, now)
    times = _times(rough, now)
    moments = [
        Moment(f"{line.id}-{at}", person.id, time, each.channel, each.by, each.what, each.landed, time)
        for at, (each, time) in enumerate(zip(rough, times, strict=True), start=1)
    ]
    moments.sort(key=lambda moment: moment.happened_at)
    return History(line.id, person, tuple(moments), tuple(line.words("true_pattern")), now)


def _times(rough: Sequence[_Rough], now: datetime) -> list[datetime]:
    """Settle each moment's time; undated ones lie a week apart, the last three days before now."""
    last = len(rough) - 1
    found = []
    for place, each in enumerate(rough):
        spaced = now - timedelta(days=3 + 7 * (last - place))
        found.append(each.at or (now - timedelta(days=each.days_ago) if each.days_ago is not None else spaced))
    return found


def _person(line: Line, now: datetime) -> Person:
    raw = line.data.get("person")
    person = Person(id=f"{line.id}-person", name="Sam", created_at=now - timedelta(days=400))
    if isinstance(raw, str) and raw.strip():
        name, _, rest = (part.strip() for part in raw.partition(","))
        plate = rest if _LOAD.search(rest.casefold()) else None
        return replace(
            person, name=name or "Sam", role=rest or None, plate=plate, plate_noted_at=now if plate else None
        )
    if isinstance(raw, Mapping):
        relation = str(raw.get("relation") or "").casefold().replace("_", "-")
        remote = raw.get("remote")
        plate = next((value for name, value in raw.items() if value and _LOAD.search(str(name).casefold())), None)
        return replace(
            person,
            name=str(raw.get("name") or "Sam"),
            role=str(raw["role"]) if raw.get("role") else None,
            relation=Relation(relation) if relation in set(Relation) else None,
            remote=remote if isinstance(remote, bool) else None,
            plate=str(plate) if plate else None,
            plate_noted_at=now - timedelta(days=1) if plate else None,
        )
    return person


def _moment(line: Line, raw: Any, number: int) -> _Rough:
    if isinstance(raw, str):
        raw = [part.strip() for part in re.split(r"[|;\t]", raw)]
    if isinstance(raw, list):
        raw = {f"value {place}": value for place, value in enumerate(raw)}
    if not isinstance(raw, Mapping):
        raise line.wrong(f"moment {number} should be an object")
    values = {str(name).casefold(): value for name, value in raw.items()}
    landed = _known(values, _LANDED_NAMES, _LANDED)
    if landed is None:
        raise line.wrong(f"moment {number} does not say how it landed: helped, harmed or indifferent")
    days_ago, at = _when(values)
    return _Rough(
        channel=_channel(values),
        by=_known(values, _BY_NAMES, _BY) or By.THEM,
        what=_what(values),
        landed=landed,
        days_ago=days_ago,
        at=at,
    )


def _known(values: Mapping[str, Any], names: Sequence[str], vocabulary: Mapping[str, Any]) -> Any:
    """Return what a named field, or else any field, says in the words of a vocabulary."""
    named = [values[name] for name in names if name in values]
    for value in (*named, *values.values()):
        found = vocabulary.get(str(value).strip().casefold())
        if found is not None and not isinstance(value, bool):
            return found
    return None


def _channel(values: Mapping[str, Any]) -> Channel:
    given = [values[name] for name in _CHANNEL_NAMES if isinstance(values.get(name), str)]
    short = [value for value in values.values() if isinstance(value, str) and len(value.split()) <= 2]
    for value in (*given, *short):
        word = value.strip().casefold()
        if word in set(Channel):
            return Channel(word)
        for channel, pattern in _CHANNELS:
            if re.fullmatch(rf"(?:\w+[- ])?(?:{pattern})s?(?:[- ]\w+)?", word):
                return channel
    return Channel.IN_PERSON


def _what(values: Mapping[str, Any]) -> str:
    """Return what happened, with whatever else is told of the moment (a note, their load) after it in brackets."""
    named = next((str(values[name]) for name in _WHAT_NAMES if values.get(name)), None)
    texts = [value for value in values.values() if isinstance(value, str) and not _date(value)]
    what = (named or max(texts, key=len, default="")).strip()
    told = []
    for name, value in values.items():
        if name in _READ_NAMES or name.startswith("value "):
            continue
        if _LOAD.search(name) and str(value).strip().casefold() in _LOAD_LEVELS:
            told += ["they were overloaded"] * _LOAD_LEVELS[str(value).strip().casefold()]
        elif isinstance(value, str) and value.strip() not in {"", what}:
            told.append(value.strip())
    return f"{what} ({'; '.join(told)})" if told else what


def _when(values: Mapping[str, Any]) -> tuple[float | None, datetime | None]:
    for name, unit in (("days_ago", 1.0), ("weeks_ago", 7.0)):
        if isinstance(values.get(name), int | float):
            return float(values[name]) * unit, None
    for value in (*(values[name] for name in _WHEN_NAMES if name in values), *values.values()):
        if isinstance(value, str):
            at, ago = _date(value), _ago(value)
            if at or ago is not None:
                return ago, at
    for name, days in (("day", 1.0), ("week", 7.0), ("month", 30.4)):
        if isinstance(values.get(name), int | float):
            return None, NOW - timedelta(days=400) + timedelta(days=values[name] * days)
    return None, None


def _ago(text: str) -> float | None:
    word = text.strip().casefold()
    if word in {"today", "yesterday"}:
        return float(word == "yesterday")
    found = _AGO.fullmatch(word)
    if not found:
        return None
    count = float(found[1]) if found[1].isdigit() else float(_WORDS[found[1]])
    return count * _UNITS[found[2][0]]


def _date(text: str) -> datetime | None:
    text = text.strip()
    if not _DATE.match(text) or len(text) > 35:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.fromisoformat(text[:10])
        except ValueError:
            return None
    return found if found.tzinfo else found.replace(hour=found.hour or 10, tzinfo=UTC)
