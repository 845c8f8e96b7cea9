"""The exam of a language model: twelve letters of our own, answered as in a real turn and marked by the same checks.

It decides the level: plans, suggests or asks. Knows the letters (``prompts/exam``) and what has to be right about each
answer; keeps nothing, names no vendor, and words no sentence.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coach.answering import suggestions
from coach.answering.course import Course
from coach.answering.dossier import Dossier, Outside
from coach.answering.reply import steps
from coach.answering.stages import Made, Unusable
from coach.domain.matters import Matter
from coach.domain.readings import Kind, Level, Reading
from coach.domain.sent import Errand
from coach.domain.turns import Turn
from coach.errors import LanguageModelTrouble
from coach.exam.levels import Result
from coach.exam.marks import Misfit, Paper, faults
from coach.exam.stand_in import StandIn
from coach.ports import LanguageModel
from coach.reading.case import Case
from coach.reading.names import found
from coach.safety import orders

MOST_WRONG = 2
"""So many letters may fail at level plans, and none of those that must be right."""

AWAY = frozenset({"unreachable", "busy", "broken", "cut", "key", "moved", "unknown", "refused", "journal"})
"""Faults of a server, which say nothing of its language model: the exam is broken off."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One letter is marked: the ``n``-th of ``of``; ``why`` it failed, "" where nothing did."""

    n: int
    of: int
    about: str
    why: str


class Exam:
    """Examines the language model of ``outside``."""

    def __init__(self, outside: Outside, papers: Sequence[Mapping[str, Any]], misfit: Misfit) -> None:
        self._out, self._dossier, self._misfit = outside, Dossier(outside), misfit
        self._papers = [Paper(**paper) for paper in papers]

    async def sat(self, user: str) -> AsyncGenerator[Mark | Result]:
        """Yield a mark for each letter that was needed, and the result. Raises LanguageModelTrouble: no result.

        The calls are recorded as this user's, though nothing of theirs is in them.
        """
        failed: dict[str, str] = {}
        for n, paper in enumerate(self._papers, 1):
            why = await self._why(paper, user)
            yield Mark(n, len(self._papers), paper.about, why)
            if why:
                failed[paper.about] = why
            if why and (paper.must or len(failed) > MOST_WRONG):
                break
        else:
            yield Result(Level.PLANS, failed, self._out.clock(), len(self._papers))
            return
        level = Level.SUGGESTS if await self._suggests(user) else Level.ASKS
        if level is Level.ASKS:
            failed[self._out.texts.render("exam/wrong.fixed", why="lines_about", words="")] = self._said("lines", "")
        yield Result(level, failed, self._out.clock(), len(self._papers))

    async def _suggests(self, user: str) -> bool:
        """Whether the lines it would mark on the ask card are sensible for at least half of the letters."""
        cards = [(each, self._case(each, user).card("exam", self._out.knowledge)) for each in self._papers]
        papers = [(each, card) for each, card in cards if {it.id for it in suggestions.lines(card)} & set(each.events)]
        right = wrong = 0
        for paper, card in papers:
            model = self._model(paper, user)
            try:
                marked = await suggestions.likely(model, paper.letter, card, self._out.texts, self._out.clock())
            except LanguageModelTrouble as error:
                if error.fault in AWAY:
                    raise
                marked = ()
            sensible = bool(set(marked) & set(paper.events))
            right, wrong = right + sensible, wrong + (not sensible)
            if 2 * right >= len(papers) or 2 * wrong > len(papers):
                break
        return 2 * right >= len(papers)

    async def _why(self, paper: Paper, user: str) -> str:
        """Return why an answer is wrong, in a sentence; "" when nothing is."""
        case = self._case(paper, user)
        if paper.earlier:
            case = await self._later(case, paper)
        try:
            course, made, whole = await self._answered(case, paper, StandIn(self._model(paper, user), paper.own or 0))
        except LanguageModelTrouble as error:
            if error.fault in AWAY or (error.fault == "resting" and paper is self._papers[0]):
                raise
            return str(error)
        language = self._out.knowledge.language
        fault = next(faults(paper, course, made, whole, self._misfit, lambda text: language(text)[0]), None)
        return self._said(*fault) if fault else ""

    def _said(self, why: str, words: str) -> str:
        return self._out.texts.render("exam/wrong.fixed", why=why, words=words)

    # ---- one letter, as in a real turn

    def _case(self, paper: Paper, user: str) -> Case:
        turn = Turn("", "", self._out.clock(), paper.letter.strip())
        return Case(user, turn, Matter(), (), self._out.clock(), None)

    def _model(self, paper: Paper, user: str) -> LanguageModel:
        return self._out.models.bound(Errand(user, "", "exam", whole=True, ours=True), (), found(paper.letter, ()))

    async def _later(self, case: Case, paper: Paper) -> Case:
        """Return the case of a letter that follows another, whose answer is given."""
        first = Paper("", "", paper.earlier["letter"], ())
        answer = paper.earlier["answer"]
        before = self._case(first, case.user)
        course, made, _ = await self._answered(before, first, StandIn(self._model(first, case.user), 0, answer))
        assert made is not None, "the answer that is given holds"
        told = Matter((before.turn.said,), ("".join(course.said),), course.account, made.plan)
        return replace(case, matter=told)

    async def _answered(
        self, case: Case, paper: Paper, model: StandIn
    ) -> tuple[Course, Made | None, Mapping[str, Any]]:
        """Return what a real turn makes of one answer. The floor has seen nothing, so that the model has to."""
        kind = Kind.NOT_ENGLISH if paper.language else Kind.REPAIR
        floor = Reading(case.turn.said, kind, language=paper.language or None, orders=orders.found(case.turn.said))
        course = await self._dossier.course(case, floor, "")
        course.model = model
        if model.given is not None:
            model.cite(course)
        made: Made | None = None
        try:
            async for step in steps(course):
                made = step if isinstance(step, Made) else made
        except Unusable:
            pass
        return course, made, model.whole
