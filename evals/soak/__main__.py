"""``python -m evals.soak``: runs drills one after the other and prints their figures beside their bars."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.table import Table

from evals import report, soak
from evals.__main__ import as_json
from evals.bars import Bar
from evals.soak import LeftOut

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill: its name, the first sentence of its module, what it measures and what that has to reach."""

    name: str
    about: str
    measure: Callable[[Path], Figures]
    bars: Mapping[str, Bar]

    def missed(self, figures: Figures) -> list[str]:
        """Return the figures that miss their bar, or that are not there."""
        return [name for name, bar in self.bars.items() if name not in figures or not bar.met(figures[name])]


def drills() -> dict[str, Drill]:
    """Return every drill there is, by name."""
    found: dict[str, Drill] = {}
    for each in iter_modules(soak.__path__):
        if each.name != "__main__":
            module = import_module(f"{soak.__name__}.{each.name}")
            about = (module.__doc__ or "").split("\n\n")[0].replace("\n", " ")
            found[each.name] = Drill(each.name, about, module.measure, module.BARS)
    return found


def run(drill: Drill) -> tuple[dict[str, float], list[str]]:
    """Return a drill's figures, with the seconds it took, and what went wrong in it: bars missed, or an error."""
    began = perf_counter()
    with TemporaryDirectory(prefix=f"coach-soak-{drill.name}-") as folder:
        try:
            figures = dict(drill.measure(Path(folder)))
        except LeftOut as error:
            if os.environ.get("COACH_CI") != "1":
                report.console().print(f"{drill.name} is left out: {error}", markup=False)
                return {}, []
            return {}, [str(error)]
        except Exception as error:
            return {"seconds": perf_counter() - began}, [f"{type(error).__name__}: {error}"]
    return {**figures, "seconds": perf_counter() - began}, drill.missed(figures)


def main(given: Sequence[str] | None = None) -> int:
    """Run the drills named, or all; return 0 when each met its bars, 1 when not."""
    known = drills()
    parser = argparse.ArgumentParser("python -m evals.soak", description="Load, kills and long runs.")
    parser.add_argument("drill", nargs="*", help=f"one of {', '.join(known)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parsed = parser.parse_args(given)
    if unknown := [name for name in parsed.drill if name not in known]:
        parser.error(f"there is no drill {unknown[0]}; there are {', '.join(known)}")
    all_figures, wrong = {}, 0
    for name in parsed.drill or known:
        figures, missed = run(known[name])
        all_figures[name] = {**{key: round(value, 3) for key, value in figures.items()}, "missed": missed}
        wrong += bool(missed)
        _show(known[name], figures, missed)
    if parsed.json:
        print(as_json(all_figures))
    return 1 if wrong else 0


def _show(drill: Drill, figures: Figures, missed: Sequence[str]) -> None:
    shown = Table("figure", "here", "bar", title=f"{drill.name}: {drill.about}", title_justify="left")
    for name, value in figures.items():
        bar = drill.bars.get(name)
        mark = "" if bar is None else (" ●" if bar.met(value) else " ▲")
        shown.add_row(name, f"{value:.4g}{mark}", "" if bar is None else str(bar))
    screen = report.console()
    screen.print(shown)
    for each in missed:
        if each not in figures:
            screen.print(f"  ▲ {each}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
