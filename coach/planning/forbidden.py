"""The rules for what the coach must not say, each with its rows of words. Knows when a wording counts.

The words themselves are in ``knowledge/words/forbidden``, under the keys of the rules; the checker looks for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from coach.rows import Row, joined, rows

_ALL = ("said", "avoid", "draft")
_THEM = "{them}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One name of a violation, and what takes it away.

    ``hedged``: a sentence that only supposes or asks is no violation. ``against``: nor is one that warns of it.
    ``known``: nor when the journal holds the words. ``parts``: in which parts it counts; ``routes``: on which routes,
    all when empty. ``key``: what its rows are filed under, when that is not its name.
    """

    name: str
    hedged: bool = False
    against: bool = False
    known: bool = False
    parts: tuple[str, ...] = ("said", "draft")
    routes: tuple[str, ...] = ()
    not_routes: tuple[str, ...] = ()
    key: str = ""

    @property
    def of_people(self) -> bool:
        """Whether its words speak of someone, so that it has to know the people a sentence may be about."""
        return any(_THEM in row.match for row in _filed()[self.key or self.name])

    def pattern(self, them: str) -> re.Pattern[str]:
        """Return what finds its words. ``them``: a pattern for the people a sentence may be about."""
        filed = _filed()[self.key or self.name]
        return joined(replace(row, match=row.match.replace(_THEM, them)) for row in filed)


RULES: tuple[Rule, ...] = (
    Rule("exclamation", parts=_ALL),
    Rule("ratio", parts=_ALL),
    Rule("score", against=True, parts=_ALL),
    Rule("mind", hedged=True, known=True),
    Rule("label", against=True),
    Rule("diagnosis", against=True),
    Rule("verdict", against=True),
    Rule("flattery"),
    Rule("flattery", hedged=True, parts=("said",), not_routes=("get_help",), key="no_fault"),
    Rule("sorry_if", against=True),
    Rule("asks_forgiveness", against=True),
    Rule("lecture", against=True),
    Rule("deceit", against=True),
    Rule("retaliation", against=True),
    Rule("recording", against=True),
    Rule("unsafe", against=True, routes=("get_help",)),
    Rule("private_facts", parts=("draft",)),
    Rule("hearsay", parts=("draft",)),
    Rule("steps", against=True),
)


@cache
def _filed() -> Mapping[str, tuple[Row, ...]]:
    """Return the rows under the key of each rule, in the file's order."""
    filed: dict[str, tuple[Row, ...]] = {}
    for row in rows("words/forbidden"):
        filed[row.more["rule"]] = (*filed.get(row.more["rule"], ()), row)
    return filed
