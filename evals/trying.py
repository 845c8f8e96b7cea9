"""``python -m evals judge``: the judge is tried on planted faults, then it judges answers, one question at a time."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from coach import settings
from coach.domain.readings import Kind
from coach.errors import BadInput
from evals import comparing, contest, planting, report, rivals, scoring, straight, summary
from evals.cases import lines, load_told
from evals.coached import OpenCoach, environment
from evals.comparing import README, RESULTS, Speak, keep
from evals.criteria import criteria, planted
from evals.judging import Judge, Question, Verdict, shuffled
from evals.planting import Trial, Trust

Row = dict[str, Any]


async def judge(given: argparse.Namespace, open_coach: OpenCoach, speak: Speak = straight.language_model) -> None:
    """Try the judge, say how far it can be trusted, then let it judge --replies, or fresh answers to --cases."""
    configured = settings.read(environment(Path("unused"), "configured"))
    model = speak(configured)
    asked = Judge(model, float(configured.llm_timeout_s), given.seed)
    trusted = await trial(asked, planting.trials(planted()[: given.tries], given.seed), given)
    reliable = {name for name, each in trusted.items() if each.reliable}
    found: dict[str, Any] = {"reliability": told(trusted), "reliable": sorted(reliable), "most": scoring.most(reliable)}
    if not given.json:
        report.console().print(report.parts_table("the judge on planted faults", found["reliability"]))
    rows = await _rows(given, open_coach, speak)
    if rows:
        found["rivals"] = await _judged(asked, rows, reliable, given)
    label = f"{given.name or model.name}, judging {(given.replies or given.cases or Path('nothing')).stem}"
    if given.keep:
        keep(RESULTS / "judge.json", label, found)
        summary.write(RESULTS, README)
    if given.json:
        print(json.dumps(found))


async def trial(asked: Judge, trials: Sequence[Trial], given: argparse.Namespace) -> dict[str, Trust]:
    """Ask about every planted answer and return how far the judge can be trusted, criterion by criterion."""
    truths = {trial.question: trial for trial in trials}
    tried = []
    for question in shuffled(list(truths), given.seed):
        tried.append((truths[question], await asked.ask(question)))
        _tell(given, f"trial {len(tried)}/{len(trials)}")
    return planting.trust(tried)


def told(trusted: dict[str, Trust]) -> dict[str, dict[str, Any]]:
    """Return how the judge did, as figures: a line a criterion; ``counts`` 1 where it is reliable."""
    return {
        name: {
            "tries": each.there + each.absent,
            "sensitivity": round(each.sensitivity, 3),
            "specificity": round(each.specificity, 3),
            "by_chance": round(each.chance, 3),
            "counts": int(each.reliable),
        }
        for name, each in trusted.items()
    }


async def _judged(asked: Judge, rows: Sequence[Row], reliable: set[str], given: argparse.Namespace) -> dict[str, Any]:
    """Ask only what counts: a criterion on which the judge is unreliable would be thrown away."""
    questions = [
        Question(f"{row['rival']} {row['id']}", row["message"], row["text"], criterion)
        for row in rows
        for criterion in criteria()
        if criterion.name in reliable and criterion.fits(Kind(row["kind"]))
    ]
    verdicts: dict[str, list[Verdict]] = {}
    for number, question in enumerate(shuffled(questions, given.seed), start=1):
        verdicts.setdefault(question.text_id, []).append(await asked.ask(question))
        _tell(given, f"question {number}/{len(questions)}")
    scores = [
        scoring.score(row, verdicts.get(f"{row['rival']} {row['id']}", ()), reliable, scoring.counted(row, rows))
        for row in rows
    ]
    if given.out:
        comparing.keep_rows(given.out, [_row(each, verdicts) for each in scores])
    found = scoring.summary(scores)
    if not given.json:
        columns = [(f"{name} {rivals.NAMES.get(name, '')}", values) for name, values in found.items()]
        report.console().print(report.table("judged", columns))
    return found


async def _rows(given: argparse.Namespace, open_coach: OpenCoach, speak: Speak) -> list[Row]:
    if given.replies:
        rows = [dict(line.data) for line in lines(given.replies)]
        missing = {"id", "rival", "kind", "message", "reply", "text"} - set(rows[0] if rows else ())
        if missing:
            raise BadInput(f"{given.replies.name} holds no answers: {', '.join(sorted(missing))} is missing.")
        return rows[: given.limit]
    if not given.cases:
        return []
    async with AsyncExitStack() as stack:
        field, _, cards = await comparing.entered(stack, rivals.order(given.rivals), open_coach, speak)
        return [row async for row in contest.play(field, load_told(given.cases)[: given.limit], cards)]


def _row(score: scoring.Score, verdicts: dict[str, list[Verdict]]) -> Row:
    asked = verdicts.get(f"{score.rival} {score.id}", ())
    return {
        "id": score.id,
        "rival": score.rival,
        "points": score.points,
        "most": score.most,
        "gates": score.gates,
        "verdicts": {each.question.criterion.name: [each.found, each.quote] for each in asked},
    }


def _tell(given: argparse.Namespace, what: str) -> None:
    if not given.json:
        print(what, file=sys.stderr)
