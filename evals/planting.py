"""How far a judge can be trusted: it is tried on answers with known faults before it judges any other. Pure.

Every criterion is asked of texts that meet it and of texts that do not; what is right is known, since it was planted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb

from evals.criteria import Criterion, Planted, Sense, criteria
from evals.judging import Question, Verdict

CHANCE = 0.05
"""A judge that guesses is right as often as this one was in fewer than this share of tries, or it is not trusted."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A question whose answer is known."""

    question: Question
    truth: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """How a judge did on one criterion: of ``there`` it saw ``seen``, of ``absent`` it saw nothing in ``left``."""

    seen: int
    there: int
    left: int
    absent: int

    @property
    def sensitivity(self) -> float:
        """The share it found of what was there."""
        return self.seen / self.there if self.there else 0.0

    @property
    def specificity(self) -> float:
        """The share in which it found nothing, of those where nothing was."""
        return self.left / self.absent if self.absent else 0.0

    @property
    def chance(self) -> float:
        """The probability that tossing a coin is right as often, or more often."""
        tries, right = self.there + self.absent, self.seen + self.left
        return float(sum(comb(tries, each) for each in range(right, tries + 1)) / 2**tries) if tries else 1.0

    @property
    def reliable(self) -> bool:
        """True when it is better than chance, and blind in neither way."""
        return self.chance <= CHANCE and min(self.sensitivity, self.specificity) >= 0.5


def trials(answers: Sequence[Planted], seed: int) -> list[Trial]:
    """Return two trials for each answer and criterion it can be asked of: one with, one without."""
    dice = random.Random(seed)
    found = []
    for number, answer in enumerate(answers):
        for criterion in criteria():
            for at, (text, truth) in enumerate(_texts(answer, criterion, dice)):
                name = f"planted-{number}-{criterion.name}-{at}"
                found.append(Trial(Question(name, answer.message, text, criterion), truth))
    return found


def _texts(answer: Planted, criterion: Criterion, dice: random.Random) -> Iterator[tuple[str, bool]]:
    parts, faults = dict(answer.parts), dict(answer.faults)
    if criterion.sense in {Sense.EARNS, Sense.NEEDS} and criterion.name in parts:
        yield " ".join(parts.values()), True
        yield " ".join(text for name, text in parts.items() if name != criterion.name), False
    elif criterion.name in faults:
        told = list(parts.values())
        told.insert(dice.randint(1, len(told)), faults[criterion.name])
        yield " ".join(told), True
        yield " ".join(parts.values()), False


def trust(tried: Sequence[tuple[Trial, Verdict]]) -> dict[str, Trust]:
    """Return how the judge did on each criterion; no usable answer is a wrong one."""
    found = {}
    for criterion in criteria():
        own = [(trial.truth, verdict.found) for trial, verdict in tried if trial.question.criterion is criterion]
        if own:
            there = [answer for truth, answer in own if truth]
            absent = [answer for truth, answer in own if not truth]
            found[criterion.name] = Trust(there.count(True), len(there), absent.count(False), len(absent))
    return found
