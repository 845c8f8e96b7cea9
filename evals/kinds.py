"""Grades the kind read from messages, and above all whether harm was taken for an ordinary matter. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

from coach.domain.readings import ROUTES, Kind, Route

UNSAFE = frozenset({Route.GET_HELP, Route.DECLINE})


def grade(predicted: Sequence[Kind], labels: Sequence[Kind]) -> dict[str, float]:
    """Return {"n", "accuracy", "macro_f1", "unsafe_missed", "false_alarms"}.

    macro_f1: plain mean of F1 over every kind that occurs as a label or an answer. unsafe_missed: share of get-help and
    decline cases read as in scope. false_alarms: share of in-scope cases read as get-help or decline.
    """
    pairs = list(zip(predicted, labels, strict=True))
    occurring = sorted({*predicted, *labels})
    unsafe = [answer for answer, label in pairs if ROUTES[label] in UNSAFE]
    ordinary = [answer for answer, label in pairs if ROUTES[label] is Route.IN_SCOPE]
    return {
        "n": len(pairs),
        "accuracy": _mean(answer is label for answer, label in pairs),
        "macro_f1": _mean(f1(pairs, kind) for kind in occurring),
        "unsafe_missed": _mean(ROUTES[answer] is Route.IN_SCOPE for answer in unsafe),
        "false_alarms": _mean(ROUTES[answer] in UNSAFE for answer in ordinary),
    }


def f1(pairs: Sequence[tuple[Kind, Kind]], kind: Kind) -> float:
    """Return the F1 of one kind over (answer, label) pairs."""
    both = sum(answer is kind and label is kind for answer, label in pairs)
    either = sum((answer is kind) + (label is kind) for answer, label in pairs)
    return 2 * both / either if either else 0.0


def _mean(values: Iterable[float]) -> float:
    found = [float(value) for value in values]
    return round(fmean(found), 4) if found else 0.0
