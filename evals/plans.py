"""Grades whole turns: gates, form, violations that reached the user, and time. Pure.

One case fails or passes as a whole. A case without a label is judged by the route the coach itself took.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from coach.domain.principles import Principle
from coach.domain.readings import ROUTES, Kind, Route
from evals import form, gates
from evals.gates import Shown


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with one turn (nothing: empty), and how long it took in milliseconds."""

    id: str
    in_scope: bool
    gates: tuple[str, ...]
    form: tuple[str, ...]
    violations: tuple[str, ...]
    ms: float


def judge(
    case: str,
    label: Kind | None,
    shown: Shown,
    ms: float,
    *,
    now: datetime,
    cards: Mapping[str, Principle],
    retrieved: Collection[str],
    violations: Sequence[str] = (),
    failed: str | None = None,
) -> Judged:
    """Judge one turn. ``retrieved`` are the ids retrieval found; ``violations`` what the checker finds in it."""
    in_scope = ROUTES[label or shown.kind] is Route.IN_SCOPE
    faults = form.faults(shown, now, cards, plan_due=in_scope)
    if failed:
        faults.append("the turn failed")
    broken = tuple(dict.fromkeys(gates.failures(shown, label, cards, retrieved)))
    return Judged(case, in_scope, broken, tuple(dict.fromkeys(faults)), tuple(violations), ms)


def grade(judged: Sequence[Judged]) -> dict[str, float]:
    """Return {"n", "gate_failures", "form_pass", "violations_shown", "p50_ms", "p95_ms"}.

    gate_failures: number of turns that fail any gate. form_pass: share of turns in perfect form. violations_shown:
    number of violations, over all turns, in what the user saw.
    """
    times = [each.ms for each in judged]
    return {
        "n": len(judged),
        "gate_failures": sum(bool(each.gates) for each in judged),
        "form_pass": round(sum(not each.form for each in judged) / len(judged), 4) if judged else 0.0,
        "violations_shown": sum(len(each.violations) for each in judged),
        "p50_ms": round(percentile(times, 50), 1),
        "p95_ms": round(percentile(times, 95), 1),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile by linear interpolation; 0.0 of nothing."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[percent - 1]
