"""What the language model was used for: calls, tokens and seconds, by day and by turn. Only reads the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.table import Table

from coach.cli.workbench import USER, Opened, output
from coach.domain.sent import Sent

_TURNS = 10
"""How many turns are listed one by one, the newest."""


def usage(coach: Opened) -> None:
    """Print a table: each day, the last turns, and the whole."""
    calls = coach.run(coach.parts.journal.sent(USER))
    if not calls:
        output().print("No language model was asked so far.")
        return
    table = Table("when", "calls", "answered", "tokens out", "tokens back", "seconds", box=None)
    for day, some in _grouped(calls, lambda call: f"{call.at.astimezone():%Y-%m-%d}").items():
        _row(table, day, some)
    table.add_section()
    turns = _grouped([call for call in calls if call.turn_id], lambda call: call.turn_id or "")
    for some in list(turns.values())[-_TURNS:]:
        _row(table, f"turn of {some[0].at.astimezone():%d %b %H:%M}", some)
    table.add_section()
    _row(table, "all", calls)
    output().print(table)


def _grouped(calls: Sequence[Sent], key: Callable[[Sent], str]) -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = {}
    for call in calls:
        found.setdefault(key(call), []).append(call)
    return found


def _row(table: Table, name: str, calls: Sequence[Sent]) -> None:
    sums = (
        len(calls),
        sum(call.outcome == "answered" for call in calls),
        sum(call.tokens_in or 0 for call in calls),  # a server that counts none adds none
        sum(call.tokens_out or 0 for call in calls),
    )
    table.add_row(name, *map(str, sums), f"{sum(call.ms for call in calls) / 1000:.1f}")
