"""Grades the moments read from messages: how many there are, and how they landed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean

from coach.domain.moments import Landed


def grade(predicted: Sequence[Sequence[Landed]], labels: Sequence[Sequence[Landed]]) -> dict[str, float]:
    """Return {"n", "count_within_1", "valence_f1"}.

    count_within_1: share of cases whose number of moments is off by one at most. valence_f1: F1 of the multisets of
    ``landed``, counts added up over all cases first (micro). Order within a message does not count.
    """
    pairs = list(zip(predicted, labels, strict=True))
    close = [float(abs(len(answer) - len(label)) <= 1) for answer, label in pairs]
    both = sum((Counter(answer) & Counter(label)).total() for answer, label in pairs)
    either = sum(len(answer) + len(label) for answer, label in pairs)
    return {
        "n": len(pairs),
        "count_within_1": round(fmean(close), 4) if close else 0.0,
        "valence_f1": round(2 * both / either, 4) if either else 0.0,
    }
