"""What is read exactly right or not: the day a sentence names, the people, the messages of a pasted thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.reading import names
from coach.reading.days import day, local_day
from evals import threads
from evals.cases import Line, lines
from evals.coached import Coached
from evals.outcomes import Outcome

Pair = tuple[Any, Any]
"""What is right, and what was read."""


async def run_days(_coached: Coached, cases: Path) -> Outcome:
    """Read the day of every sentence, on the day that it is where it was said."""
    return _outcome(cases, _day)


async def run_names(_coached: Coached, cases: Path) -> Outcome:
    """Read the names of every text, with nobody in the journal."""
    return _outcome(cases, lambda line: (line.words("names"), list(names.found(line.text("text")))))


async def run_threads(_coached: Coached, cases: Path) -> Outcome:
    """Take every thread apart: senders, times and words."""
    return _outcome(cases, _thread)


def _outcome(cases: Path, read: Callable[[Line], Pair]) -> Outcome:
    """Return {"n", "right"}, and a row for every line."""
    found = [(line, read(line)) for line in lines(cases)]
    rows = [
        {"id": line.id, "right": right == given, "label": right, "found": given, "said": line.text("said", "text")}
        for line, (right, given) in found
    ]
    return Outcome({"n": len(rows), "right": _right(right == given for _, (right, given) in found)}, rows)


def _right(answers: Iterable[bool]) -> int:
    return sum(answers)


def _day(line: Line) -> Pair:
    try:
        now = datetime.fromisoformat(line.text("now"))
    except ValueError:
        raise line.wrong("'now' is no ISO time") from None
    found = day(line.text("said"), local_day(now, line.text("zone")))
    return line.data.get("day"), found.isoformat() if found else None


def _thread(line: Line) -> Pair:
    return threads.wanted(line.data), threads.found(line.data)
