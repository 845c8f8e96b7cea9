"""People or moments from a table (CSV): one row each, columns found by their titles, with any separator.

Knows the titles by the rows of ``words/columns``. The line of titles need not be the first: LinkedIn puts a note
before it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice

from coach.errors import BadInput
from coach.foreign.entries import Entry, moments_of, people_of
from coach.foreign.found import Found, is_salutation
from coach.rows import rows

_SEPARATORS = ",;\t|"
_BEFORE = 20
"""So many lines may stand before the one with the titles."""

_TITLES_OF_PEOPLE = {"name", "first", "last"}
Titles = Sequence[tuple[str, str]]
"""What each column holds, and its number where a person may have several; empty for the others."""


def read(text: str, now: datetime, progress: Callable[[int, int], None]) -> Found:
    """Return the people, or moments with their people, of a table. Raises BadInput when its columns tell neither."""
    text = text.lstrip("\ufeff")
    if text[:4].casefold() == "sep=":  # Excel's
        text = text.partition("\n")[2]
    separator = max(_SEPARATORS, key=lambda each: _known(_titles(text, each)))
    titles = _titles(text, separator)
    held = {name for name, _ in titles}
    if not held & _TITLES_OF_PEOPLE:
        raise BadInput(
            "The table's first line should name its columns: name for people; name, date, channel, by, what and landed "
            "for moments."
        )
    entries = list(_entries(text, separator, titles))
    if not entries:
        raise BadInput("The table is empty: its first line should name the columns, and a row should follow.")
    if {"what", "when"} <= held:
        return moments_of(entries, "table of moments", now, progress)
    return people_of(entries, "table of people", now, month_first=_is_english(text, separator))


def _table(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the number of their last line. Raises BadInput."""
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for values in table:
            yield table.line_num, values
    except csv.Error as error:
        raise BadInput(f"The table cannot be read near line {table.line_num}.") from error


def _head(text: str, separator: str) -> tuple[int, list[str]]:
    """Return the row with the titles: of the first ones, the one that has most of them."""
    some = list(islice(_table(text, separator), _BEFORE))
    return max(some, key=lambda row: _known([_title(value) for value in row[1]]), default=(0, []))


def _titles(text: str, separator: str) -> Titles:
    return [_title(value) for value in _head(text, separator)[1]]


def _known(titles: Titles) -> tuple[bool, int]:
    held = {title for title in titles if title[0]}
    return bool({name for name, _ in held} & _TITLES_OF_PEOPLE), len(held)


@lru_cache(maxsize=4096)
def _title(written: str) -> tuple[str, str]:
    bare = " ".join(written.strip().strip("*:").split())
    for row in rows("words/columns") if len(bare) < 80 else ():
        if row.more["of"] != "value" and (hit := row.pattern.match(bare)):
            return str(row.more["of"]), hit.groupdict().get("n") or ""
    return "", ""


def _is_english(text: str, separator: str) -> bool:
    """Whether the titles are English: such programs write the month of a day first."""
    return any(re.match("(?i:first|last|given|family|name$|birth)", each) for each in _head(text, separator)[1])


def _entries(text: str, separator: str, titles: Titles) -> Iterator[Entry]:
    """Yield the rows below the titles that hold anything, each under our names of its columns."""
    head = _head(text, separator)[0]
    for line, values in _table(text, separator):
        if line > head and any(value.strip() for value in values):
            yield Entry(f"Line {line}", _fields(zip(titles, values, strict=False)))


def _fields(cells: Iterable[tuple[tuple[str, str], str]]) -> Mapping[str, str]:
    """Return what a row holds under our names; what a person may have several of stands under its number as well."""
    fields: dict[str, str] = {}
    titles: list[str] = []
    for (name, n), value in cells:
        value = value.strip()
        if not name or not value:
            continue
        if name == "title":
            titles.append(value)
        elif name == "mailbox":
            fields["mailbox"] = f"{fields['mailbox']}\n{value}" if "mailbox" in fields else value
        else:
            fields.setdefault(name + n, value)
    own = [each for each in titles if not is_salutation(each)]
    if own and "role" not in fields:
        fields["role"] = own[0]
    return fields
