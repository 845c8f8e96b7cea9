"""``python -m evals baselines``: the five answers to each message, held against the gates and the form by code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from coach.conversation import RETRIEVED
from coach.ports import LanguageModel
from coach.settings import Settings
from evals import baselines, contest, plots, report, rivals, straight, summary
from evals.cases import HERE, load_told
from evals.coached import Coached, OpenCoach
from evals.contest import Row
from evals.rivals import Rival

RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parents[1] / "README.md"

Speak = Callable[[Settings], LanguageModel]
"""Gives the language model of some settings."""


async def compare(given: argparse.Namespace, open_coach: OpenCoach, speak: Speak = straight.language_model) -> None:
    """Run the rivals that are asked for; print the table or the JSON object; keep what was found in results/."""
    path = given.cases or HERE / "dev_cases.jsonl"
    cases = load_told(path)[: given.limit]
    wanted = rivals.order(given.rivals) if given.language_model == "configured" else ["E"]
    rows: list[Row] = []
    async with AsyncExitStack() as stack:
        field, name, cards = await entered(stack, wanted, open_coach, speak)
        async for row in contest.play(field, cases, cards):
            rows.append(row)
            _tell(given, row, len(rows), len(cases) * len(field))
            if given.out:
                keep_rows(given.out, rows)
    figures = contest.figures(rows)
    label = f"{given.name or name}, {path.stem}"
    if not given.json:
        _show(label, figures, rows)
    if given.cases is None or given.keep:
        keep(RESULTS / "baselines.json", label, {"rivals": figures, "broken": contest.broken(rows)})
        plots.rivals(label, figures, RESULTS / "baselines.svg")
        summary.write(RESULTS, README)
    if given.json:
        print(json.dumps(figures))


async def entered(
    stack: AsyncExitStack, wanted: list[str] | Any, open_coach: OpenCoach, speak: Speak
) -> tuple[dict[str, Rival], str, dict[str, Any]]:
    """Return the rivals by their letters, the language model's name, and all cards."""
    field: dict[str, Rival] = {}
    alone: Coached | None = None
    name = "none"
    if set(wanted) - {"E"}:
        speaking = await stack.enter_async_context(open_coach("configured"))
        settings = speaking.parts.settings
        model, seconds = speak(settings), float(settings.llm_timeout_s)
        name = model.name
        field["A"] = rivals.bare(model, seconds)
        rank = baselines.dense(speaking.cards.values()) if {"B", "C"} & set(wanted) else baselines.constant(())
        field["B"] = rivals.with_notes(model, seconds, speaking, rank, balanced=False)
        field["C"] = rivals.with_notes(model, seconds, speaking, rank, balanced=True)
        field["D"] = rivals.coach(speaking, RETRIEVED)
        alone = speaking
    if "E" in wanted:
        alone = await stack.enter_async_context(open_coach("none"))
        field["E"] = rivals.coach(alone, RETRIEVED)
    return {letter: field[letter] for letter in wanted}, name, dict(alone.cards) if alone else {}


def keep(path: Path, label: str, found: Any) -> None:
    """Write what was found under its label into a results file; what other labels found stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(f"{json.dumps(before | {label: found}, ensure_ascii=False, indent=1)}\n", encoding="utf-8")


def keep_rows(path: Path, rows: list[Row]) -> None:
    """Write a JSON line an answer; written anew after each, so that a run that is ended early is not lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False, default=str)}\n" for row in rows), encoding="utf-8")


def _tell(given: argparse.Namespace, row: Row, at: int, of: int) -> None:
    if not given.json:
        print(f"{at}/{of} {row['id']} {row['rival']} {row['ms'] / 1000:.1f} s", file=sys.stderr)


def _show(label: str, figures: dict[str, dict[str, float]], rows: list[Row]) -> None:
    screen = report.console()
    titles = {name: f"{name} {rivals.NAMES[name]}" for name in figures}
    screen.print(report.table(label, [(titles[name], found) for name, found in figures.items()]))
    screen.print(report.parts_table("gates that failed, parts of the form that were missing", contest.broken(rows)))
