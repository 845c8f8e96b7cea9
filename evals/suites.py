"""Which grader meets which part of the coach, and on which cases: figures, a row a case, baselines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from coach.domain.readings import Kind, Reading
from coach.errors import BadInput
from coach.messages.reviewer import Looked
from coach.reading.names import found as named
from evals import (
    baselines,
    contest,
    exact,
    flips,
    harm,
    harm_talks,
    kinds,
    noted,
    orders,
    ordinary,
    plans,
    planted,
    retrieval,
    second,
    sets,
    sources,
    suggest,
    tapped,
    violations,
)
from evals.accounts import labelled, load_labels
from evals.cases import HERE, Case, load_cases, load_messages, load_pairs
from evals.coached import NOW, Coached, Played
from evals.histories import load_histories
from evals.outcomes import Outcome, Row
from evals.words import printed


@dataclass(frozen=True, slots=True)
class Suite:
    """How a suite is run on cases alone, how with labels of what is established in them, and the project's own files.

    ``files``: pairs of a case file and its file of accounts, None where cases stand alone.
    """

    files: tuple[tuple[str, str | None], ...]
    run: Callable[[Coached, Path], Awaitable[Outcome]] | None = None
    run_with: Callable[[Coached, Path, Path], Awaitable[Outcome]] | None = None

    def own_files(self) -> list[tuple[Path, Path | None]]:
        """Return those of its files that exist."""
        return [(HERE / cases, HERE / accounts if accounts else None) for cases, accounts in self.files]

    async def outcome(self, coached: Coached, cases: Path, accounts: Path | None = None) -> Outcome:
        """Run it. Raises BadInput when accounts are given and not used, or the reverse."""
        if accounts is not None and self.run_with is not None:
            return await self.run_with(coached, cases, accounts)
        if accounts is None and self.run is not None:
            return await self.run(coached, cases)
        raise BadInput("This suite needs --accounts." if accounts is None else "This suite takes no --accounts.")


async def run_retrieval(coached: Coached, path: Path) -> Outcome:
    """Rank the principles for every labelled message, and let the baselines rank them too."""
    cases = [case for case in load_cases(path) if case.relevant]
    labels = [case.relevant for case in cases]
    ours = [coached.rank(case.message) for case in cases]
    others = {"dense": _dense(coached), "constant": baselines.constant(_dev_labels())}
    scored = {name: retrieval.grade([rank(case.message) for case in cases], labels) for name, rank in others.items()}
    figures = {"n": len(cases), **retrieval.grade(ours, labels), "baselines": scored}
    return Outcome(figures, _ranked(cases, ours), scored)


async def run_sources(coached: Coached, path: Path, accounts: Path) -> Outcome:
    """Rank the principles for every labelled account: by the catalogue, by Chroma, and by both."""
    both = [(case, label) for case, label in labelled(path, accounts) if case.relevant]
    cases, labels = [case for case, _ in both], [case.relevant for case, _ in both]
    catalogue = [sources.from_catalogue(coached, label) for _, label in both]
    chroma = [sources.from_chroma(coached, case, label) for case, label in both]
    fused = [sources.fused(*each) for each in zip(catalogue, chroma, strict=True)]
    ways = {"catalogue": catalogue, "chroma": chroma, "fused": fused}
    scored = {name: retrieval.grade(ranked, labels) for name, ranked in ways.items()}
    figures = {"n": len(cases), **scored["fused"], **scored}
    return Outcome(figures, _ranked(cases, fused), parts=scored)


def _ranked(cases: Sequence[Case], rankings: Sequence[Sequence[str]]) -> list[Row]:
    known = {name for case in cases for name in case.relevant}
    rows = []
    for case, ranked in zip(cases, rankings, strict=True):
        kept = [name for name in ranked if name in known]
        ndcg = round(retrieval.ndcg(kept, case.relevant), 4)
        rows.append({"id": case.id, "ndcg5": ndcg, "ranked": kept[: retrieval.PLACES], "relevant": case.relevant})
    return rows


async def run_kinds(coached: Coached, path: Path) -> Outcome:
    """Read the kind of every message that has one."""
    cases = [(case, case.kind) for case in load_cases(path) if case.kind]
    labels = [kind for _, kind in cases]
    readings = [coached.read(case.message) for case, _ in cases]
    pairs = [(kinds.answered(read, label), label) for read, label in zip(readings, labels, strict=True)]
    rows = [{"id": c.id, "kind": answer, "label": label} for (c, _), (answer, label) in zip(cases, pairs, strict=True)]
    parts = {
        str(kind): {"n": labels.count(kind), "f1": round(kinds.f1(pairs, kind), 4)} for kind in Kind if kind in labels
    }
    constant = kinds.grade([Reading(case.message, Kind.REPAIR) for case, _ in cases], labels)
    return Outcome(kinds.grade(readings, labels), rows, {"constant": constant}, parts)


async def run_patterns(coached: Coached, path: Path) -> Outcome:
    """Find the patterns of every history; "too few to say" is no pattern."""
    histories = load_histories(path)
    labels = [set(history.patterns) for history in histories]
    answers = []
    for history in histories:
        found = coached.parts.findings(history.person, history.moments, history.now)
        answers.append({str(finding.pattern) for finding in found if finding.pattern})
    rows = [
        {"id": history.id, "found": sorted(answer), "label": history.patterns}
        for history, answer in zip(histories, answers, strict=True)
    ]
    figures = {"n": len(histories), "micro_f1": round(sets.tally(answers, labels).f1, 4)}
    return Outcome(figures, rows, parts=_per_name(answers, labels))


async def run_noted(coached: Coached, path: Path) -> Outcome:
    """Make the plan of every history from its moments alone."""
    found = [await noted.noted(coached, history) for history in load_histories(path)]
    rows: list[Row] = [
        {
            "id": each.history.id,
            "label": each.history.patterns,
            "scene": each.plan.scene,
            "pattern_in_findings": each.shows_pattern,
            "own_harm": each.harm.what if each.harm else None,
            "own_harm_leads": each.harm_leads,
            "printed": printed(each.plan),
        }
        for each in found
    ]
    return Outcome({"n": len(found), **noted.grade(found)}, rows)


async def run_lint(coached: Coached, path: Path) -> Outcome:
    """Lint every message; with a language model configured it looks too. ``rows_alone``: how often it did not."""
    messages = load_messages(path)
    labels = [message.warnings for message in messages]
    reviewer, answers, alone = coached.parts.reviewer, [], 0
    await coached.parts.journal.begin("eval")
    for each in messages:
        floor = found = coached.parts.lint(each.text, each.purpose)
        if reviewer is not None and reviewer.on:
            looked = Looked("eval", each.text, each.purpose, None, (), named(each.text))
            found = await reviewer.review(looked, floor, coached.parts.settings.llm_timeout_s)
            alone += found is floor
        answers.append({one.warning for one in found})
    rows = [
        {"id": message.id, "given": sorted(answer), "label": sorted(message.warnings)}
        for message, answer in zip(messages, answers, strict=True)
    ]
    both = sets.tally(answers, labels)
    figures = {"n": len(messages), "recall": round(both.recall, 4), "precision": round(both.precision, 4)}
    if reviewer is not None and reviewer.on:
        figures["rows_alone"] = alone
    return Outcome(figures, rows, parts=_per_name(answers, labels))


async def run_plans(coached: Coached, path: Path) -> Outcome:
    """Run the whole turn on every case and judge what the user saw."""
    judged, rows, turns = [], [], []
    for case in load_cases(path):
        played = await coached.play(f"eval-{case.id}", case.message)
        found = judge(coached, case, played)
        judged.append(found)
        turns.append(played)
        rows.append(_shown(case, played) | {"gates": found.gates, "form": found.form, "violations": found.violations})
    with_one = coached.parts.language_models is not None
    return Outcome({**plans.grade(judged), **(_written(turns) if with_one else {})}, rows)


def _written(turns: Sequence[Played]) -> dict[str, int]:
    """Return what a language model's plans lost: parts left out, parts asked for again, turns that went on by taps."""
    checked = [played.shown.plan.checked for played in turns if played.shown.plan]
    return {
        "parts_left_out": sum(each.parts_left_out for each in checked),
        "retries": sum(each.parts_asked_again for each in checked),
        "fell_back": sum(bool(played.notice) for played in turns),
    }


def judge(coached: Coached, case: Case, played: Played) -> plans.Judged:
    """Judge one played turn."""
    return plans.judge(
        case.id,
        case.kind,
        played.shown,
        played.ms,
        now=NOW,
        cards=coached.cards,
        violations=[*violations.found(played.shown), *second.found(played.shown, played.reading, coached.cards)],
        failed=played.failed,
    )


async def run_flips(coached: Coached, path: Path, accounts: Path) -> Outcome:
    """Let each side tell the event and tap it, each as a user of their own; accounts are p01a, p01b and so on."""
    labels = {label.id: label for label in load_labels(accounts)}
    sides, rows = [], []
    for pair in load_pairs(path):
        a, b = labels.get(f"{pair.id}a"), labels.get(f"{pair.id}b")
        if a is None or b is None:
            continue
        first = (await tapped.play(coached, f"flips-{a.id}", pair.a, a))[0].shown
        second_ = (await tapped.play(coached, f"flips-{b.id}", pair.b, b))[0].shown
        sides.append(flips.Sides(pair.id, pair.one_sided, first, second_))
        row: Row = {"id": pair.id, "one_sided": pair.one_sided, "burdened": flips.burdened(first)}
        row |= {"part_a": flips.part_of_a(first), "part_b": flips.part_of_b(second_)}
        rows.append(row | {"kind_a": first.kind, "kind_b": second_.kind})
    if not sides:
        raise BadInput(f"{accounts.name} has no label for both sides of any pair of {path.name}.")
    return Outcome(flips.grade(sides), rows)


def _shown(case: Case, played: Played) -> Row:
    shown = played.shown
    return {
        "id": case.id,
        "message": case.message,
        "kind": shown.kind,
        "route": played.route,
        "asked": [choice.id for choice in shown.ask.best] if shown.ask else None,
        "reply": shown.reply,
        "printed": printed(shown.plan) if shown.plan else "",
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


_DEV, _MORE, _THIRD = "dev_cases.jsonl", "more_cases.jsonl", "third_cases.jsonl"
_MESSAGES = ((_DEV, None), (_MORE, None), (_THIRD, None))
_ACCOUNTS = ((_DEV, "dev_accounts.jsonl"), (_MORE, "more_accounts.jsonl"))
_HISTORIES = ("histories.jsonl", "more_histories.jsonl", "third_histories.jsonl", "fourth_histories.jsonl")

SUITES: Mapping[str, Suite] = {
    "retrieval": Suite((*_MESSAGES, *_ACCOUNTS), run_retrieval, run_sources),
    "suggest": Suite(_ACCOUNTS, run_with=suggest.run),
    "tapped": Suite(_ACCOUNTS, run_with=tapped.run),
    "plans": Suite(_MESSAGES, run_plans),
    "harm": Suite(_MESSAGES, harm.run),
    "harm_talks": Suite((("harm_talks.jsonl", None),), harm_talks.run),
    "ordinary": Suite((("ordinary.jsonl", None),), ordinary.run),
    "orders": Suite((), orders.run),
    "kinds": Suite(_MESSAGES, run_kinds),
    "patterns": Suite(tuple((name, None) for name in _HISTORIES), run_patterns),
    "noted": Suite(tuple((name, None) for name in _HISTORIES), run_noted),
    "days": Suite((("days.jsonl", None),), exact.run_days),
    "names": Suite((("names.jsonl", None),), exact.run_names),
    "threads": Suite((("threads.jsonl", None),), exact.run_threads),
    "contest": Suite((), contest.run),
    "faults": Suite((("planted_faults.jsonl", None),), planted.run),
    "flips": Suite((), run_with=run_flips),
    "lint": Suite((("lint.jsonl", None),), run_lint),
}
"""Every suite by its name on the command line."""
