"""``python -m evals``: one suite on a case file, or all of them on the project's own cases."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coach.errors import CoachError
from evals import folds, plots, report, sessions, summary
from evals.cases import HERE, load_cases
from evals.coached import Coached, OpenCoach, opened
from evals.comparing import README, RESULTS, compare
from evals.suites import SUITES, Outcome
from evals.trying import judge

COMMANDS = {"baselines": compare, "judge": judge, "sessions": sessions.run}
"""What is run beside the suites."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser("python -m evals", description="Measure the coach.")
    parser.add_argument("suite", nargs="?", default="all", choices=[*SUITES, *COMMANDS, "all"])
    parser.add_argument("--cases", type=Path, help="case file (default: the project's own)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--out", type=Path, help="write one JSON line a case to this file")
    parser.add_argument("--language-model", choices=["none", "configured"], default="none")
    spoken = parser.add_argument_group("baselines and judge")
    spoken.add_argument("--rivals", default="ABCDE", help="which of the five answers, such as DE (default: all)")
    spoken.add_argument("--limit", type=int, help="take only so many cases")
    spoken.add_argument("--name", default="", help="what the language model is called in the tables")
    spoken.add_argument("--replies", type=Path, help="judge the answers in this file, as --out wrote them")
    spoken.add_argument("--tries", type=int, help="try the judge on only so many planted answers")
    spoken.add_argument("--seed", type=int, default=1, help="of the order in which the judge is asked")
    spoken.add_argument("--keep", action="store_true", help="keep the figures in results/, also with --cases")
    return parser.parse_args(given)


async def one(given: argparse.Namespace, open_coach: OpenCoach) -> None:
    """Run one suite; print its table, or its JSON object as the last line."""
    suite = SUITES[given.suite]
    paths = [given.cases] if given.cases else suite.own_files()[:1]
    if not paths:
        raise SystemExit(f"There is no case file for {given.suite}; name one with --cases.")
    async with open_coach(given.language_model) as coached:
        outcome = await suite.run(coached, paths[0])
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text("".join(f"{as_json(row)}\n" for row in outcome.rows), encoding="utf-8")
    if given.json:
        print(as_json(outcome.figures))
    else:
        _show(given.suite, [(paths[0].stem, outcome)])


async def everything(given: argparse.Namespace, open_coach: OpenCoach) -> None:
    """Run every suite on the project's own cases; print tables, write results and pictures."""
    collected = {}
    async with open_coach(given.language_model) as coached:
        for name in SUITES:
            found = await _outcomes(coached, name)
            if found:
                collected[name] = found
                _show(name, found)
                _write(name, found)
        _cross(coached)
    summary.write(RESULTS, README)
    if given.json:
        print(as_json({name: {stem: o.figures for stem, o in found} for name, found in collected.items()}))


def _cross(coached: Coached) -> None:
    """Show and keep the dev figures by five folds, for the numbers that were chosen with the dev cases in view."""
    crossed = folds.crossed(coached, load_cases(HERE / "dev_cases.jsonl"))
    for name, found in crossed.items():
        columns = [("dev, as shipped", found["shipped"]), ("dev, five folds", found["five_folds"])]
        report.console().print(report.table(name, columns))
    (RESULTS / "folds.json").write_text(f"{as_json(crossed, indent=1)}\n", encoding="utf-8")


async def _outcomes(coached: Coached, name: str) -> list[tuple[str, Outcome]]:
    return [(path.stem, await SUITES[name].run(coached, path)) for path in SUITES[name].own_files()]


def _show(name: str, found: Sequence[tuple[str, Outcome]]) -> None:
    screen = report.console()
    baselines = list(found[0][1].baselines.items())
    screen.print(report.table(name, [(stem, outcome.figures) for stem, outcome in found], baselines))
    for stem, outcome in found:
        if outcome.parts:
            screen.print(report.parts_table(f"{name}, {stem}", outcome.parts))


def _write(name: str, found: Sequence[tuple[str, Outcome]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    results = {
        stem: {**outcome.figures, "baselines": outcome.baselines, "parts": outcome.parts} for stem, outcome in found
    }
    (RESULTS / f"{name}.json").write_text(f"{as_json(results, indent=1)}\n", encoding="utf-8")
    columns = [(stem, outcome.figures) for stem, outcome in found]
    plots.draw(name, columns, found[0][1].baselines, RESULTS / f"{name}.svg")


def as_json(value: Any, indent: int | None = None) -> str:
    """Return JSON; dates become text."""
    return json.dumps(value, ensure_ascii=False, default=str, indent=indent)


def main(given: Sequence[str] | None = None, open_coach: OpenCoach = opened) -> int:
    """Run the command; return its exit code: 2 for a case file that cannot be used."""
    parsed = arguments(given)
    try:
        run = COMMANDS.get(parsed.suite, everything if parsed.suite == "all" else one)
        asyncio.run(run(parsed, open_coach))
    except CoachError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
