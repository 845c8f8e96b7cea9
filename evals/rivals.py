"""The answers that are compared: a bare language model (A), the same with the cards (B), told to be balanced (C), this
coach with it (D), and this coach alone (E). Knows how each is asked; judges nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from coach.domain.readings import Kind, Reading
from coach.ports import LanguageModel
from evals import prose
from evals.baselines import Rank
from evals.cases import Case
from evals.coached import Coached
from evals.gates import Shown
from evals.straight import Prompt, prompts, said

NAMES: Mapping[str, str] = {
    "A": "a bare language model",
    "B": "the same with the cards",
    "C": "B told to be balanced",
    "D": "this coach with it",
    "E": "this coach alone",
}
"""The five, fixed in advance."""

NOTES = 5
"""Cards that a chat is given: those nearest to the message in plain Chroma."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the five answered.

    ``given``: ids of the cards it could cite. ``language_model``: whose words it has.
    """

    shown: Shown
    given: frozenset[str]
    ms: float
    failed: str | None = None
    language_model: str = "none"
    reading: Reading | None = None


Rival = Callable[[Case], Awaitable[Answer]]


def bare(model: LanguageModel, seconds: float) -> Rival:
    """Return A: the user's text and nothing else."""

    async def answer(case: Case) -> Answer:
        prompt = [("user", prompts().render("bare.user", message=case.message))]
        return await _chat(model, prompt, seconds, case)

    return answer


def with_notes(model: LanguageModel, seconds: float, coached: Coached, rank: Rank, *, balanced: bool) -> Rival:
    """Return B, or C when ``balanced``: the cards nearest to the message stand in the orders."""

    async def answer(case: Case) -> Answer:
        given = rank(case.message)[:NOTES]
        system = prompts().render("notes.system", cards=[coached.cards[name] for name in given], balanced=balanced)
        user = prompts().render("bare.user", message=case.message)
        answered = await _chat(model, [("system", system), ("user", user)], seconds, case)
        citations = prose.cited(answered.shown.reply, coached.cards)
        return replace(answered, shown=replace(answered.shown, citations=citations), given=frozenset(given))

    return answer


def coach(coached: Coached, retrieved: int) -> Rival:
    """Return D or E: a whole turn of this coach, by a new user."""

    async def answer(case: Case) -> Answer:
        played = await coached.play(f"rival-{case.id}", case.message)
        given = frozenset(coached.rank(case.message, played.reading, retrieved))
        return Answer(played.shown, given, played.ms, played.failed, played.language_model, played.reading)

    return answer


async def _chat(model: LanguageModel, prompt: Prompt, seconds: float, case: Case) -> Answer:
    began = perf_counter()
    text, failed = await said(model, prompt, seconds)
    ms = (perf_counter() - began) * 1000
    return Answer(Shown(case.kind or Kind.REPAIR, text, None, ()), frozenset(), ms, failed, model.name)


def order(wanted: str) -> Sequence[str]:
    """Return the names in a text such as "DE", in their own order."""
    return [name for name in NAMES if name in wanted.upper()]
