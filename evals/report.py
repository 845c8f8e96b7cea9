"""Tables for the terminal: ours beside the baselines and the bars, then what each part did. Knows rich; no coach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.bars import BARS

Column = tuple[str, Mapping[str, Any]]


def table(suite: str, ours: Sequence[Column], baselines: Sequence[Column] = ()) -> Table:
    """Return a suite's table: a line a figure, a column a case file, then the baselines of the first, then the bar."""
    shown = Table(title=suite, title_justify="left", header_style="bold")
    shown.add_column("figure")
    for name, _ in (*ours, *baselines):
        shown.add_column(name, justify="right")
    shown.add_column("bar", justify="right")
    bars = BARS.get(suite, {})
    for figure in _figures(ours):
        bar = bars.get(figure)
        cells = []
        for _, values in ours:
            value = values.get(figure)
            mark = "" if bar is None or not isinstance(value, Real) else (" ●" if bar.met(float(value)) else " ▲")
            cells.append(_number(value) + mark)
        cells += [_number(values.get(figure)) for _, values in baselines]
        shown.add_row(figure, *cells, str(bar or ""))
    return shown


def parts_table(title: str, parts: Mapping[str, Mapping[str, float]]) -> Table:
    """Return a line a part (a kind, a pattern, a warning) with its figures."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    shown.add_column("")
    columns = list(next(iter(parts.values()), {}))
    for column in columns:
        shown.add_column(column, justify="right")
    for name, figures in parts.items():
        shown.add_row(name, *(_number(figures.get(column)) for column in columns))
    return shown


def console() -> Console:
    """Return where tables go."""
    return Console()


def _figures(columns: Sequence[Column]) -> list[str]:
    return list(
        dict.fromkeys(name for _, values in columns for name, value in values.items() if isinstance(value, Real))
    )


def _number(value: Any) -> str:
    if isinstance(value, Real) and not isinstance(value, int):
        return f"{float(value):.3g}" if abs(float(value)) >= 10 else f"{float(value):.2f}"
    return "" if value is None else str(value)
