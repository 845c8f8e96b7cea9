"""A flood of one line is cut, and hides no other line."""

from __future__ import annotations

import logging

from coach.cli.logs import Sparing


def line(text: str, number: int = 1) -> logging.LogRecord:
    return logging.LogRecord("some.where", logging.WARNING, "/some/where.py", number, text, (), None)


def test_of_many_lines_of_one_kind_some_are_written_and_the_rest_counted():
    now = 0.0
    sparing = Sparing(3, lambda: now)
    assert [sparing.filter(line("Invalid request.")) for _ in range(5)] == [True, True, True, False, False]
    assert sparing.filter(line("Another.", 2))
    now = 61.0
    later = line("Invalid request.")
    assert sparing.filter(later)
    assert later.getMessage() == "Invalid request. (and 2 more like it before)"
    now = 122.0
    last = line("Invalid request.")
    assert sparing.filter(last)
    assert last.getMessage() == "Invalid request."
