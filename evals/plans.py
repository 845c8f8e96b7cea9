"""Grades whole turns: card or plan, gates, form, violations that reached the user, and time. Pure.

One case fails or passes as a whole. A case without a label is judged by the route the coach itself took.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles

from coach.domain.principles import Principle
from coach.domain.readings import ROUTES, Kind, Route
from evals import form, gates
from evals.gates import Shown
from evals.outcomes import share


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with one turn (nothing: empty), and how long it took in milliseconds."""

    id: str
    asked: bool
    planned: bool
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
    due: bool | None = None,
    violations: Sequence[str] = (),
    failed: str | None = None,
) -> Judged:
    """Judge one turn. ``due``: whether there must be a plan or a card (None: where the label is in scope).

    ``violations``: what stands in it that must not be said.
    """
    in_scope = ROUTES[label or shown.kind] is Route.IN_SCOPE
    faults = form.faults(shown, now, cards, due=in_scope if due is None else due)
    if failed:
        faults.append("the turn failed")
    broken = tuple(dict.fromkeys(gates.failures(shown, label, cards)))
    return Judged(
        case,
        asked=shown.ask is not None,
        planned=shown.planned,
        gates=broken,
        form=tuple(dict.fromkeys(faults)),
        violations=tuple(violations),
        ms=ms,
    )


def grade(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the figures of turns on bare messages.

    asked: turns that showed a card. planned_unasked: plans though nothing had been tapped; the small thing is no plan.
    gate_failures: turns that fail any gate. form_pass: share of turns in perfect form. violations_shown: number over
    all turns, in what the user saw.
    """
    times = [each.ms for each in judged]
    return {
        "n": len(judged),
        "asked": sum(each.asked for each in judged),
        "planned_unasked": sum(each.planned for each in judged),
        "gate_failures": sum(bool(each.gates) for each in judged),
        "form_pass": share([not each.form for each in judged]),
        "violations_shown": sum(len(each.violations) for each in judged),
        "p50_ms": round(percentile(times, 50), 1),
        "p95_ms": round(percentile(times, 95), 1),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile by linear interpolation; 0.0 of nothing."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[percent - 1]
