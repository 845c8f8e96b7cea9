"""Grades a ranking of principles: nDCG@5, recall@5 and @8, and hits at the first place. Pure.

nDCG after Järvelin & Kekäläinen (2002) with exponential gain (Burges et al., 2005): a label at position p (from 0) of n
has grade n - p and gain 2^grade - 1, discounted by log2(rank + 1), over the best order of the same gains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import log2
from statistics import fmean

PLACES = 5
MORE_PLACES = 8
"""As many cards as a language model is given to plan with."""


Measure = Callable[[Sequence[str], Sequence[str]], float]


def gains(relevant: Sequence[str]) -> dict[str, int]:
    """Return the gain of each label, best first: four labels gain 15, 7, 3, 1."""
    return {name: 2 ** (len(relevant) - at) - 1 for at, name in enumerate(relevant)}


def ndcg(ranked: Sequence[str], relevant: Sequence[str]) -> float:
    """Return nDCG@5 of one ranking, 0 to 1. ``relevant`` must not be empty."""
    worth = gains(relevant)
    found = _discounted(worth.get(name, 0) for name in ranked[:PLACES])
    return found / _discounted(sorted(worth.values(), reverse=True)[:PLACES])


def recall(ranked: Sequence[str], relevant: Sequence[str], places: int = PLACES) -> float:
    """Return the share of the labels that are among the first places."""
    return len(set(ranked[:places]) & set(relevant)) / len(relevant)


def hit(ranked: Sequence[str], relevant: Sequence[str]) -> float:
    """Return 1.0 when the first of the ranking is a label, else 0.0."""
    return float(bool(ranked) and ranked[0] in relevant)


def grade(rankings: Sequence[Sequence[str]], labels: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return {"ndcg5", "recall5", "recall8", "hit1"}: means over the labelled cases.

    ``rankings`` may be longer than eight: ids that no label of these cases names are dropped before the cut.
    """
    known = {name for relevant in labels for name in relevant}
    kept = [[name for name in dict.fromkeys(ranked) if name in known] for ranked in rankings]
    judged = [(ranked, relevant) for ranked, relevant in zip(kept, labels, strict=True) if relevant]
    more = partial(recall, places=MORE_PLACES)
    measures: dict[str, Measure] = {"ndcg5": ndcg, "recall5": recall, "recall8": more, "hit1": hit}
    return {
        name: round(fmean(measure(ranked, relevant) for ranked, relevant in judged), 4) if judged else 0.0
        for name, measure in measures.items()
    }


def _discounted(worths: Iterable[int]) -> float:
    return sum(worth / log2(place + 2) for place, worth in enumerate(worths))
