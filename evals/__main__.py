"""``python -m evals``: one suite on a case file, or all of them on the project's own cases."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coach.errors import BadInput, CoachError
from evals import plots, report, sessions, summary
from evals.cases import HERE
from evals.coached import Coached, OpenCoach, opened
from evals.outcomes import Outcome
from evals.suites import SUITES
from evals.summary import PAGE, RESULTS

COMMANDS = {"sessions": sessions.run}
"""What is run beside the suites."""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser("python -m evals", description="Measure the coach.")
    parser.add_argument("suite", nargs="?", default="all", choices=[*SUITES, *COMMANDS, "all"])
    parser.add_argument("--cases", type=Path, help="case file (default: the project's own)")
    parser.add_argument("--accounts", type=Path, help="what is established in the cases, as somebody labelled it")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--out", type=Path, help="write one JSON line a case to this file; beside it what can be read")
    parser.add_argument("--language-model", choices=["none", "configured"], default="none")
    parser.add_argument("--limit", type=int, help="sessions: lead only so many")
    return parser.parse_args(given)


async def one(given: argparse.Namespace, open_coach: OpenCoach) -> None:
    """Run one suite; print its table, or its JSON object as the last line."""
    suite = SUITES[given.suite]
    cases, accounts = _files(given)
    async with open_coach(given.language_model) as coached:
        outcome = await suite.outcome(coached, cases, accounts)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text("".join(f"{as_json(row)}\n" for row in outcome.rows), encoding="utf-8")
        if outcome.text:
            given.out.with_suffix(".txt").write_text(f"{outcome.text}\n", encoding="utf-8")
    if given.json:
        print(as_json(outcome.figures))
    else:
        _show(given.suite, [(_named(cases, accounts), outcome)])


def _files(given: argparse.Namespace) -> tuple[Path, Path | None]:
    """Return the case file and the file of accounts: those given, else the suite's own. Raises BadInput."""
    if given.cases:
        return given.cases, given.accounts
    if given.accounts:
        beside = HERE / given.accounts.name.replace("_accounts", "_cases")
        if not beside.exists() or beside.name == given.accounts.name:
            raise BadInput(f"Name the case file that {given.accounts.name} is about, with --cases.")
        return beside, given.accounts
    own = SUITES[given.suite].own_files()
    if not own:
        raise BadInput(f"There is no case file for {given.suite}; name one with --cases.")
    return own[0]


def _named(cases: Path, accounts: Path | None) -> str:
    return (accounts or cases).stem


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
    summary.write(RESULTS, PAGE)
    if given.json:
        print(as_json({name: {stem: o.figures for stem, o in found} for name, found in collected.items()}))


async def _outcomes(coached: Coached, name: str) -> list[tuple[str, Outcome]]:
    suite = SUITES[name]
    return [
        (_named(cases, accounts), await suite.outcome(coached, cases, accounts))
        for cases, accounts in suite.own_files()
    ]


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
