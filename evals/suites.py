"""Which grader meets which part of the coach, and on which cases: figures, a row a case, baselines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from coach.conversation import RETRIEVED
from coach.domain.moments import Landed
from coach.domain.readings import Kind
from evals import baselines, flips, kinds, moments, plans, prose, retrieval, second, sets, violations
from evals.cases import HERE, Case, load_cases, load_messages, load_pairs
from evals.coached import NOW, Coached, Played
from evals.histories import load_histories

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a suite found: ``figures`` as the contract names them, ``rows`` for --out, ``baselines`` and ``parts``."""

    figures: dict[str, Any]
    rows: list[Row]
    baselines: dict[str, dict[str, float]] = field(default_factory=dict)
    parts: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suite:
    """How a suite is run, and the project's own case files for it."""

    run: Callable[[Coached, Path], Awaitable[Outcome]]
    files: tuple[str, ...]

    def own_files(self) -> list[Path]:
        """Return those of its case files that exist."""
        return [HERE / name for name in self.files if (HERE / name).exists()]


async def run_retrieval(coached: Coached, path: Path) -> Outcome:
    """Rank the principles for every labelled message, and let the baselines rank them too."""
    cases = [case for case in load_cases(path) if case.relevant]
    labels = [case.relevant for case in cases]
    ours = [coached.rank(case.message) for case in cases]
    others = {"dense": _dense(coached), "constant": baselines.constant(_dev_labels())}
    scored = {name: retrieval.grade([rank(case.message) for case in cases], labels) for name, rank in others.items()}
    known = {name for relevant in labels for name in relevant}
    rows = []
    for case, ranked in zip(cases, ours, strict=True):
        kept = [name for name in ranked if name in known]
        ndcg = round(retrieval.ndcg(kept, case.relevant), 4)
        rows.append({"id": case.id, "ndcg5": ndcg, "ranked": kept[: retrieval.PLACES], "relevant": case.relevant})
    figures = {"n": len(cases), **retrieval.grade(ours, labels), "baselines": scored}
    return Outcome(figures, rows, scored)


async def run_kinds(coached: Coached, path: Path) -> Outcome:
    """Read the kind of every message that has one."""
    labelled = [(case, case.kind) for case in load_cases(path) if case.kind]
    labels = [kind for _, kind in labelled]
    answers = [(await coached.read_in_a_turn(f"kind-{case.id}", case.message)).kind for case, _ in labelled]
    rows = [{"id": c.id, "kind": answer, "label": label} for (c, label), answer in zip(labelled, answers, strict=True)]
    pairs = list(zip(answers, labels, strict=True))
    parts = {
        str(kind): {"n": labels.count(kind), "f1": round(kinds.f1(pairs, kind), 4)} for kind in Kind if kind in labels
    }
    constant = kinds.grade([Kind.REPAIR] * len(labels), labels)
    return Outcome(kinds.grade(answers, labels), rows, {"constant": constant}, parts)


async def run_moments(coached: Coached, path: Path) -> Outcome:
    """Read the moments of every message that has them labelled."""
    labelled = [(case, case.valences) for case in load_cases(path) if case.valences is not None]
    labels = [valences for _, valences in labelled]
    readings = [await coached.read_in_a_turn(f"moments-{case.id}", case.message) for case, _ in labelled]
    answers = [[moment.landed for moment in reading.moments] for reading in readings]
    rows = [
        {"id": case.id, "read": [asdict(moment) for moment in reading.moments], "label": label}
        for (case, label), reading in zip(labelled, readings, strict=True)
    ]
    constant = moments.grade([[Landed.HARMED, Landed.INDIFFERENT]] * len(labels), labels)
    return Outcome(moments.grade(answers, labels), rows, {"constant": constant})


async def run_patterns(coached: Coached, path: Path) -> Outcome:
    """Find the patterns of every history; "too few to say" is no pattern."""
    histories = load_histories(path)
    labels = [set(history.patterns) for history in histories]
    answers = []
    for history in histories:
        found = coached.parts.findings(history.person, history.moments, (history.person,), history.now)
        answers.append({str(finding.pattern) for finding in found if finding.pattern})
    rows = [
        {"id": history.id, "found": sorted(answer), "label": history.patterns}
        for history, answer in zip(histories, answers, strict=True)
    ]
    figures = {"n": len(histories), "micro_f1": round(sets.tally(answers, labels).f1, 4)}
    return Outcome(figures, rows, parts=_per_name(answers, labels))


async def run_lint(coached: Coached, path: Path) -> Outcome:
    """Lint every message."""
    messages = load_messages(path)
    labels = [message.warnings for message in messages]
    answers = [{found.warning for found in coached.parts.lint(each.text, each.purpose)} for each in messages]
    rows = [
        {"id": message.id, "given": sorted(answer), "label": sorted(message.warnings)}
        for message, answer in zip(messages, answers, strict=True)
    ]
    both = sets.tally(answers, labels)
    figures = {"n": len(messages), "recall": round(both.recall, 4), "precision": round(both.precision, 4)}
    return Outcome(figures, rows, parts=_per_name(answers, labels))


async def run_plans(coached: Coached, path: Path) -> Outcome:
    """Run the whole turn on every case and judge what the user saw."""
    judged, rows = [], []
    for case in load_cases(path):
        played = await coached.play(f"eval-{case.id}", case.message)
        found = judge(coached, case, played)
        judged.append(found)
        rows.append(_shown(case, played) | {"gates": found.gates, "form": found.form, "violations": found.violations})
    return Outcome(plans.grade(judged), rows)


def judge(coached: Coached, case: Case, played: Played) -> plans.Judged:
    """Judge one played turn beside what retrieval finds for the same message."""
    return plans.judge(
        case.id,
        case.kind,
        played.shown,
        played.ms,
        now=NOW,
        cards=coached.cards,
        retrieved=coached.rank(case.message, played.reading, RETRIEVED),
        violations=[*violations.found(played.shown), *second.found(played.shown, played.reading, coached.cards)],
        failed=played.failed,
    )


async def run_flips(coached: Coached, path: Path) -> Outcome:
    """Let each side tell the event, each as a user of their own."""
    sides, rows = [], []
    for pair in load_pairs(path):
        a, b = await coached.play(f"{pair.id}-a", pair.a), await coached.play(f"{pair.id}-b", pair.b)
        sides.append(flips.Sides(pair.id, pair.one_sided, a.shown, b.shown))
        row: Row = {"id": pair.id, "one_sided": pair.one_sided, "burdened": flips.burdened(a.shown)}
        row |= {"part_a": flips.part_of_a(a.shown), "part_b": flips.part_of_b(b.shown)}
        rows.append(row | {"kind_a": a.shown.kind, "kind_b": b.shown.kind})
    return Outcome(flips.grade(sides), rows)


def _shown(case: Case, played: Played) -> Row:
    shown = played.shown
    return {
        "id": case.id,
        "rival": "D" if played.language_model != "none" else "E",
        "message": case.message,
        "text": prose.as_read(shown),
        "kind": shown.kind,
        "reply": shown.reply,
        "plan": asdict(shown.plan) if shown.plan else None,
        "citations": [asdict(citation) for citation in shown.citations],
        "language_model": played.language_model,
        "failed": played.failed,
        "ms": round(played.ms, 1),
    }


def _per_name(answers: Sequence[Any], labels: Sequence[Any]) -> dict[str, dict[str, float]]:
    return {
        name: {
            "labelled": found.right + found.missed,
            "recall": round(found.recall, 4),
            "precision": round(found.precision, 4),
        }
        for name, found in sets.by_name(answers, labels).items()
    }


def _dense(coached: Coached) -> baselines.Rank:
    if coached not in _DENSE:
        _DENSE[coached] = baselines.dense(coached.cards.values())
    return _DENSE[coached]


_DENSE: WeakKeyDictionary[Coached, baselines.Rank] = WeakKeyDictionary()
"""One index for all case files."""


@cache
def _dev_labels() -> tuple[tuple[str, ...], ...]:
    return tuple(case.relevant for case in load_cases(HERE / "dev_cases.jsonl"))


_HISTORIES = ("histories.jsonl", "more_histories.jsonl", "third_histories.jsonl", "fourth_histories.jsonl")
_MESSAGES = ("dev_cases.jsonl", "more_cases.jsonl", "third_cases.jsonl")

SUITES: Mapping[str, Suite] = {
    "retrieval": Suite(run_retrieval, _MESSAGES),
    "kinds": Suite(run_kinds, _MESSAGES),
    "moments": Suite(run_moments, _MESSAGES),
    "patterns": Suite(run_patterns, _HISTORIES),
    "plans": Suite(run_plans, _MESSAGES),
    "flips": Suite(run_flips, ("pairs.jsonl",)),
    "lint": Suite(run_lint, ("lint.jsonl",)),
}
"""Every suite by its name on the command line."""
