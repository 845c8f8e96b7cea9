"""Words as data: the rows under ``knowledge/``, read once. Knows files and patterns, and not what a row is for.

A file of rows is YAML: ``rows``, one entry a line with ``id``, ``match`` (a regular expression), ``must`` and
``must_not`` (sentences it has to find and to leave alone), and whatever else its readers want of a row. ``all`` holds
fields that every row has unless it gives its own. ``parts`` names pieces that several patterns share: ``{{boss}}`` in a
``match`` stands for the part of that name; a part that is a list stands for any of its entries. ``with`` lists files
whose parts are used as well. A list of plain words is a ``.txt`` file, one entry a line, ``#`` for comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from coach.errors import KnowledgeTrouble
from coach.shipped import shipped

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PART = re.compile(r"\{\{(\w+)\}\}")
_OWN = {"id", "match", "must", "must_not"}


@dataclass(frozen=True)
class Row:
    """One entry. ``match`` has its parts filled in; ``more`` holds the fields that only this file's readers know."""

    id: str
    match: str
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern; most rows are never looked for, so it is compiled at first use."""
        return re.compile(self.match)


@cache
def rows(name: str, folder: Path | None = None) -> tuple[Row, ...]:
    """Return the rows of ``<name>.yaml`` in a folder (knowledge/), in their order. Raises KnowledgeTrouble."""
    held, parts = _held(name, folder), _parts(name, folder)
    shared = held.get("all", {})
    return tuple(_row(name, {**shared, **entry}, parts) for entry in held.get("rows", ()))


@cache
def pattern(name: str, id_: str) -> re.Pattern[str]:
    """Return the pattern of one row of ``<name>.yaml``. Raises KnowledgeTrouble."""
    found = next((row.pattern for row in rows(name) if row.id == id_), None)
    if found is None:
        raise KnowledgeTrouble(f"{name}.yaml: there is no row {id_}.")
    return found


@cache
def any_of(name: str, flags: int = 0) -> re.Pattern[str]:
    """Return one pattern that finds what any row of ``<name>.yaml`` finds. Raises KnowledgeTrouble."""
    return joined(rows(name), flags)


@cache
def where(name: str, key: str, value: object, flags: int = 0) -> re.Pattern[str]:
    """Return one pattern of those rows of ``<name>.yaml`` that have a value for a key. Raises KnowledgeTrouble."""
    some = [row for row in rows(name) if row.more.get(key) == value]
    if not some:
        raise KnowledgeTrouble(f"{name}.yaml: no row has {key}: {value}.")
    return joined(some, flags)


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of ``knowledge/<name>.txt``. Raises KnowledgeTrouble."""
    try:
        lines = (shipped("knowledge") / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise KnowledgeTrouble(f"The words in {name}.txt cannot be read: {type(error).__name__}.") from error
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def joined(entries: Iterable[Row], flags: int = 0) -> re.Pattern[str]:
    """Return one pattern that finds what any of the rows finds; where several could, the first of the file wins."""
    return re.compile("|".join(f"(?:{entry.match})" for entry in entries), flags)


@cache
def _held(name: str, folder: Path | None) -> Mapping[str, Any]:
    file = (folder or shipped("knowledge")) / f"{name}.yaml"
    try:
        held: Mapping[str, Any] = yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - in C
    except (OSError, yaml.YAMLError) as error:
        raise KnowledgeTrouble(f"The words in {name}.yaml cannot be read: {type(error).__name__}.") from error
    return held


@cache
def _parts(name: str, folder: Path | None) -> Mapping[str, str]:
    """Return the parts a file may use, with the parts before them filled in: those of other files, then its own."""
    held = _held(name, folder)
    done: dict[str, str] = {}
    for other in held.get("with", ()):
        done |= _parts(other, folder)
    for key, value in held.get("parts", {}).items():
        entries = value if isinstance(value, list) else [value]
        if not all(isinstance(entry, str) for entry in entries):
            raise KnowledgeTrouble(f"{name}.yaml: the part {key} holds something that is not text; put it in quotes.")
        source = value if isinstance(value, str) else f"(?:{'|'.join(entries)})"
        done[key] = _with_parts(name, key, source, done)
    return done


def _row(name: str, entry: Mapping[str, Any], parts: Mapping[str, str]) -> Row:
    missing = {"id", "match"} - entry.keys()
    if missing:
        raise KnowledgeTrouble(f"{name}.yaml: the row {entry.get('id', '?')} lacks {', '.join(sorted(missing))}.")
    more = {key: value for key, value in entry.items() if key not in _OWN}
    match = _with_parts(name, entry["id"], entry["match"], parts)
    return Row(entry["id"], match, tuple(entry.get("must", ())), tuple(entry.get("must_not", ())), more)


def _with_parts(name: str, key: str, source: str, parts: Mapping[str, str]) -> str:
    def part(hit: re.Match[str]) -> str:
        if hit[1] not in parts:
            raise KnowledgeTrouble(f"{name}.yaml: {key} names the part {hit[1]}, which is not there.")
        return parts[hit[1]]

    return _PART.sub(part, source)
