"""Holds the five answers to each message (``rivals``) against gates and form; a row an answer, a column a rival."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict
from statistics import fmean, median
from typing import Any

from coach.domain.principles import Principle
from coach.domain.readings import ROUTES, Route
from evals import gates, prose, second, violations
from evals.cases import Case
from evals.rivals import Answer, Rival
from evals.words import count

Row = dict[str, Any]

FORM_CHECKS = ("whole", "short", "plain", "question", "if_then", "soon", "few_steps", "looks_back", "help")
"""Everything that ``prose.missing`` looks for, in its order."""


async def play(
    rivals: Mapping[str, Rival], cases: Sequence[Case], cards: Mapping[str, Principle]
) -> AsyncIterator[Row]:
    """Let each rival answer each case, case by case; yield a row an answer."""
    for case in cases:
        for name, rival in rivals.items():
            yield row(name, case, await rival(case), cards)


def row(name: str, case: Case, answer: Answer, cards: Mapping[str, Principle]) -> Row:
    """Return one answer, judged as far as code can."""
    shown = answer.shown
    kind = case.kind or shown.kind
    failed_gates = gates.failures(shown, case.kind, cards, answer.given)
    if case.wronged:
        failed_gates += prose.burdens(shown)
    return {
        "id": case.id,
        "rival": name,
        "kind": kind,
        "message": case.message,
        "reply": shown.reply,
        "text": prose.as_read(shown),
        "words": count(shown.reply),
        "gates": list(dict.fromkeys(failed_gates)),
        "form": prose.missing(shown, kind),
        "violations": violations.found(shown),
        "checker": second.found(shown, answer.reading, cards),
        "citations": [asdict(citation) for citation in shown.citations],
        "ms": round(answer.ms, 1),
        "failed": answer.failed,
        "language_model": answer.language_model,
    }


def figures(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return the figures of each rival: counts over all its answers, shares from 0 to 1."""
    names = dict.fromkeys(each["rival"] for each in rows)
    return {name: _figures([each for each in rows if each["rival"] == name]) for name in names}


def _figures(rows: Sequence[Row]) -> dict[str, float]:
    in_scope = [each for each in rows if ROUTES[each["kind"]] is Route.IN_SCOPE]
    return {
        "n": len(rows),
        "gate_failures": sum(bool(each["gates"]) for each in rows),
        "form_pass": _share(not each["form"] for each in rows),
        "form_kept": round(fmean([1 - len(each["form"]) / _asked(each) for each in rows]), 4),
        "violations": sum(len(each["violations"]) for each in rows),
        "checker": sum(len(each["checker"]) for each in rows),
        "cites_exactly": _share(_cites(each) for each in in_scope),
        "own_words": _share(each["language_model"] != "none" for each in rows),
        "cut_off": sum(bool(each["failed"]) for each in rows),
        "words": median(each["words"] for each in rows),
        "p50_ms": round(median(each["ms"] for each in rows), 1),
    }


def broken(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return how often each gate failed and each part of the form was missing: by its name, then by rival."""
    names = list(dict.fromkeys(each["rival"] for each in rows))
    counted = {name: Counter[str]() for name in names}
    for each in rows:
        failed = {f"gate {gate.split(':')[0]}" for gate in each["gates"]}
        counted[each["rival"]].update((*failed, *(f"no {part}" for part in each["form"])))
    every = sorted({part for found in counted.values() for part in found})
    return {part: {name: counted[name][part] for name in names} for part in every}


def _asked(row: Row) -> int:
    route = ROUTES[row["kind"]]
    return len(FORM_CHECKS) - 1 if route is Route.IN_SCOPE else (4 if route is Route.GET_HELP else 3)


def _cites(row: Row) -> bool:
    return bool(row["citations"]) and not any(gate.startswith("6") for gate in row["gates"])


def _share(found: Any) -> float:
    values: Collection[float] = [float(each) for each in found]
    return round(fmean(values), 4) if values else 0.0
