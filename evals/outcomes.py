"""What a suite hands back: figures, a row a case, baselines and parts. Knows no suite."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a suite found: ``figures`` as the contract names them, ``rows`` for --out, ``baselines`` and ``parts``.

    ``text`` is the same for reading by hand, "" where a suite has nothing to read.
    """

    figures: dict[str, Any]
    rows: list[Row]
    baselines: dict[str, dict[str, float]] = field(default_factory=dict)
    parts: dict[str, dict[str, float]] = field(default_factory=dict)
    text: str = ""


def share(found: list[bool]) -> float:
    """Return the share of what is true, four digits; 0.0 of nothing."""
    return round(sum(found) / len(found), 4) if found else 0.0
