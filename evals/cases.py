"""Case files (JSON lines) and what stands in them. Knows the shapes in README.md; knows nothing of graders.

Fields nobody here knows are left alone. A line that cannot be used is named: file, line, and what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from coach.domain.drafts import Purpose
from coach.domain.readings import ROUTES, Kind, Route
from coach.errors import BadInput

HERE = Path(__file__).parent / "cases"
"""The folder of the project's own case files."""

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Case:
    """One message with its labels. ``kind`` and ``route`` are None where the file says nothing.

    ``language`` as the file names it, such as "en", "de" or "es+en", "" where it does not; ``route`` is the kind's own
    unless the file names another.
    """

    id: str
    message: str
    kind: Kind | None = None
    relevant: tuple[str, ...] = ()
    route: Route | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One event told by each side. ``one_sided``: b did wrong to a."""

    id: str
    a: str
    b: str
    one_sided: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A text for the linter, with the names of the warnings it deserves."""

    id: str
    text: str
    purpose: Purpose
    warnings: frozenset[str]


class Line:
    """One JSON object of a case file, with its place for error messages."""

    def __init__(self, file: str, number: int, data: Mapping[str, Any]) -> None:
        self.file, self.number, self.data = file, number, data

    def wrong(self, problem: str) -> BadInput:
        """Return the error that names this line."""
        return BadInput(f"{self.file}, line {self.number}: {problem}.")

    @property
    def id(self) -> str:
        """The case's id, or its line where it has none."""
        return str(self.data.get("id") or f"line-{self.number}")

    def text(self, *names: str) -> str:
        """Return the first of the named fields that holds words. Raises BadInput."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, str) and value.strip():
                return value
        raise self.wrong(f"'{names[0]}' is missing or empty")

    def words(self, name: str) -> list[str]:
        """Return a list of strings; one string counts as a list of one, and nothing as an empty list."""
        value = self.data.get(name)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f"'{name}' should be a list of texts")
        return value

    def objects(self, name: str) -> list[dict[str, Any]]:
        """Return a list of objects; nothing is an empty list. Raises BadInput."""
        value = self.data.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(f"'{name}' should be a list of objects in braces")
        return value

    def one_of(self, vocabulary: type[_Word], value: str) -> _Word:
        """Return the member of an enumeration that a value names. Raises BadInput."""
        try:
            return vocabulary(value.strip().casefold())
        except ValueError:
            raise self.wrong(f"'{value[:40]}' is none of {', '.join(vocabulary)}") from None


def lines(path: Path) -> Iterator[Line]:
    """Yield the objects of a JSON lines file; blank lines are passed over. Raises BadInput."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise BadInput(f"The case file {path} cannot be read.") from None
    except UnicodeDecodeError:
        raise BadInput(f"The case file {path} is not UTF-8 text.") from None
    for number, raw in enumerate(content.split("\n"), start=1):
        if not raw.strip():
            continue
        try:
            data = json.loads(raw)
        except json.JSONDecodeError as error:
            raise BadInput(
                f"{path.name}, line {number}: this is not JSON ({error.msg}, column {error.colno})."
            ) from None
        if not isinstance(data, dict):
            raise BadInput(f"{path.name}, line {number}: a case is a JSON object in braces.")
        yield Line(path.name, number, data)


def load_cases(path: Path) -> list[Case]:
    """Return the cases of a file shaped like dev_cases.jsonl. Raises BadInput."""
    return [_case(line) for line in lines(path)]


def _case(line: Line) -> Case:
    kind, route = line.data.get("kind"), line.data.get("route")
    read = line.one_of(Kind, kind) if isinstance(kind, str) and kind else None
    return Case(
        id=line.id,
        message=line.text("message", "text"),
        kind=read,
        relevant=tuple(dict.fromkeys(line.words("relevant_principles"))),
        route=line.one_of(Route, route) if isinstance(route, str) and route else ROUTES[read] if read else None,
        language=str(line.data.get("lang") or ""),
    )


def load_pairs(path: Path) -> list[Pair]:
    """Return the role-swap pairs of a file. Raises BadInput."""
    return [Pair(line.id, line.text("a"), line.text("b"), bool(line.data.get("one_sided"))) for line in lines(path)]


def load_messages(path: Path) -> list[Message]:
    """Return the linter's messages of a file. Raises BadInput."""
    found = []
    for line in lines(path):
        purpose = line.one_of(Purpose, str(line.data.get("purpose") or Purpose.OTHER))
        found.append(Message(line.id, line.text("text", "message"), purpose, frozenset(line.words("warnings"))))
    return found
