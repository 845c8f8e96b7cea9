"""Numbers in the coach that were set with the dev cases in view, chosen again on four fifths and tried on the fifth.

What was learned by looking (lists of words, rules) cannot be unlearned by folds; the other case files are for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from types import ModuleType
from typing import Any

from coach.domain.readings import Reading
from coach.reading import reader
from coach.safety import floor
from evals import kinds, moments
from evals.cases import Case
from evals.coached import Coached

FOLDS = 5

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """Numbers of one module that were chosen together, the values tried, and what they are judged by."""

    module: ModuleType
    values: Mapping[str, Sequence[float]]
    grade: Callable[[Sequence[tuple[Case, Reading]]], Figures]
    worth: Callable[[Figures], float]

    def settings(self) -> list[dict[str, float]]:
        """Return every combination, the shipped one first, so that it wins ties."""
        shipped = {name: getattr(self.module, name) for name in self.values}
        every = [dict(zip(self.values, chosen, strict=True)) for chosen in product(*self.values.values())]
        return [shipped, *(each for each in every if each != shipped)]


def _moments(read: Sequence[tuple[Case, Reading]]) -> Figures:
    labelled = [(case.valences, said) for case, said in read if case.valences is not None]
    answers = [[moment.landed for moment in said.moments] for _, said in labelled]
    return moments.grade(answers, [labels for labels, _ in labelled])


def _kinds(read: Sequence[tuple[Case, Reading]]) -> Figures:
    labelled = [(case.kind, said) for case, said in read if case.kind]
    return kinds.grade([said.kind for _, said in labelled], [label for label, _ in labelled])


CHOICES: Mapping[str, Choice] = {
    "moments": Choice(
        reader,
        {"SIGN": (0.8, 1.2, 1.6, 2.0), "NOTHING_BELOW": (0.35, 0.45, 0.55)},
        _moments,
        lambda figures: figures["valence_f1"] + figures["count_within_1"],
    ),
    "kinds": Choice(
        floor,
        {"UNSAFE_ABOVE": (0.5, 0.6, 0.7), "UNSAFE_ABOVE_WITH_WORDS": (0.2, 0.25, 0.3)},
        _kinds,
        lambda figures: figures["accuracy"] - figures["unsafe_missed"] - figures["false_alarms"],
    ),
}
"""By suite."""


def crossed(coached: Coached, cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Return, by suite, the figures as shipped and by five folds, and what each fold chose."""
    return {name: _crossed(coached, cases, choice) for name, choice in CHOICES.items()}


def _crossed(coached: Coached, cases: Sequence[Case], choice: Choice) -> dict[str, Any]:
    settings = choice.settings()
    read = [_read(coached, cases, choice.module, each) for each in settings]
    held: list[tuple[Case, Reading]] = []
    chosen = []
    for fold in range(FOLDS):
        others = [place for place in range(len(cases)) if place % FOLDS != fold]
        worth = [choice.worth(choice.grade([one[place] for place in others])) for one in read]
        best = worth.index(max(worth))
        chosen.append(best)
        held += [read[best][place] for place in range(fold, len(cases), FOLDS)]
    return {
        "shipped": choice.grade(read[0]),
        "five_folds": choice.grade(held),
        "chosen": [settings[best] for best in chosen],
    }


def _read(
    coached: Coached, cases: Sequence[Case], module: ModuleType, setting: Mapping[str, float]
) -> list[tuple[Case, Reading]]:
    with _set(module, setting):
        return [(case, coached.read(case.message)) for case in cases]


@contextmanager
def _set(module: ModuleType, setting: Mapping[str, float]) -> Iterator[None]:
    before = {name: getattr(module, name) for name in setting}
    try:
        for name, value in setting.items():
            setattr(module, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)
