"""Gathers what a language model is given for one turn: letters, what is settled, journal, cards. Knows the ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from anyio import to_thread

from coach.answering import request
from coach.answering.course import Course
from coach.answering.request import MOST_CARDS
from coach.counsel import Counsel
from coach.domain.letters import in_order
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.preferences import Tone
from coach.domain.principles import Principle
from coach.domain.readings import Reading
from coach.domain.sent import Errand
from coach.planning.composition import SUPPORT
from coach.planning.given import Given, OpenStep
from coach.planning.quoted import harmed_by_me, numbered
from coach.ports import Journal, Knowledge, LanguageModels, Texts
from coach.reading.case import Case
from coach.reading.dates import Lean
from coach.reading.days import days
from coach.reading.names import found
from coach.safety import language

CARDS = 3
CITABLE = 48
"""Cards that retrieval brings: the first CARDS of them are given whole, the others may still be cited."""
LAST_MOMENTS = 8
FUSED_AT, LIKELIEST, EVENTS_COUNT = 20, 2, 0.3
"""How what the likeliest events name is fused with what retrieval finds; DECISIONS.md has the figures."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What an author needs from elsewhere."""

    journal: Journal
    knowledge: Knowledge
    texts: Texts
    counsel: Counsel
    models: LanguageModels
    new_id: Callable[[], str]
    clock: Callable[[], datetime]
    seconds: float


class Dossier:
    """Puts one turn's course together. Holds no state of its own."""

    def __init__(self, outside: Outside) -> None:
        self._out = outside

    async def course(self, case: Case, floor: Reading, tapped: str) -> Course:
        """Return the course of a turn, with everything it is given. ``tapped``: what was pressed instead of written."""
        out = self._out
        person_id = case.person(case.matter.account)
        known, sentences, findings = await self._looked_back(case, person_id)
        plan = case.matter.plan
        kept = plan if plan is not None and plan.made_by is not MadeBy.SKELETON else None
        steps = await self._steps(case.user, kept) if kept else ()
        given = await to_thread.run_sync(lambda: self._given(case, floor, tapped))
        own_harm = harmed_by_me(given.account, given)
        short = (await out.journal.preferences(case.user)).tone is Tone.SHORT
        given = replace(given, short=short, plan=kept, steps=steps, known=known, findings=sentences, own_harm=own_harm)
        return Course(
            given=given,
            request=request.messages(given, out.texts),
            model=out.models.bound(
                Errand(case.user, case.turn.id, "plan", whole=True), case.people, found(given.text, given.names)
            ),
            texts=out.texts,
            people=case.people,
            clock=out.clock,
            seconds=out.seconds,
            turn_id=case.turn.id,
            person_id=case.person,
            findings=findings,
            new_id=out.new_id,
            day=lambda words: next((each.on for each in days(words, case.now.date(), Lean.PLANNED)), None),
        )

    def _given(self, case: Case, floor: Reading, tapped: str) -> Given:
        """Return what can be read and retrieved without the journal."""
        knowledge = self._out.knowledge
        letters = in_order(case.matter.letters if tapped else (*case.matter.letters, case.turn.said))
        text = "\n\n".join(letter.text for letter in letters)
        names = tuple(person.name for person in case.people)
        ranked = tuple(event for event, _ in knowledge.ranked(text))
        cards, citable = self._cards(text, ranked)
        return Given(
            letters=letters,
            floor=floor,
            catalogue=knowledge.catalogue,
            cards=cards,
            now=case.now,
            citable=citable,
            zone=case.now.tzname() or "",
            account=case.matter.account,
            parties=numbered(case.matter.account),
            names=names,
            replies=case.matter.replies,
            tapped=tapped,
            ranked=ranked,
            english=lambda each: language.foreign(each, knowledge.language(each)) is None,
            named=lambda each: found(each, names),
        )

    def _cards(self, text: str, ranked: Sequence[str]) -> tuple[tuple[Principle, ...], tuple[Principle, ...]]:
        """Return the cards that are given whole, and the others that may be cited."""
        knowledge = self._out.knowledge
        found = self._fitting(text, ranked)
        evidence = {card.id: card for card in knowledge.principles() if card.evidence}
        whole = (*found[:CARDS], *(evidence[name] for name in SUPPORT.values() if name in evidence))[:MOST_CARDS]
        shown = {card.id for card in whole}
        return whole, tuple(card for card in (*found, *evidence.values()) if card.id not in shown)

    def _fitting(self, text: str, ranked: Sequence[str]) -> list[Principle]:
        """Return cards by what retrieval finds, and by what the catalogue names for the likeliest events.

        Both are fused by the sum of weight / (FUSED_AT + place) (Cormack, Clarke & Buettcher, 2009).
        """
        knowledge = self._out.knowledge
        cards = {match.principle.id: match.principle for match in knowledge.retrieve(text, k=CITABLE)}
        scores = {name: 1 / (FUSED_AT + place) for place, name in enumerate(cards)}
        for at, event in enumerate(ranked[:LIKELIEST]):
            for place, name in enumerate(knowledge.catalogue.entry(event).principles):
                if name in cards:
                    scores[name] += EVENTS_COUNT / (FUSED_AT + 2 * at + place)
        return sorted(cards.values(), key=lambda card: -scores[card.id])

    async def _looked_back(self, case: Case, person_id: str | None) -> tuple[tuple[str, ...], tuple[str, ...], Any]:
        """Return the last moments with the person, each in a line, the sentences of what they show, and that itself."""
        person = next((each for each in case.people if each.id == person_id), None)
        if person is None:
            return (), (), ()
        moments, findings = await self._out.counsel.looked_back(case.user, person, case.now)
        lines = (f"{each.happened_at:%-d %B}: {each.what} ({each.by.value}, {each.landed.value})" for each in moments)
        return tuple(lines)[-LAST_MOMENTS:], tuple(each.sentence for each in findings), tuple(findings)

    async def _steps(self, user: str, plan: RepairPlan) -> tuple[OpenStep, ...]:
        outcomes = {each.step_id: each for each in await self._out.journal.outcomes(user, plan.id)}

        def came(step_id: str) -> str:
            outcome = outcomes.get(step_id)
            if outcome is None:
                return ""
            landed = outcome.landed.value if outcome.landed else "done" if outcome.happened else "not done"
            return f"{landed}. {outcome.note or ''}".strip()

        return tuple(
            OpenStep(n, each.cue, each.action, each.say, each.due.strftime("%A %-d %B"), came(each.id))
            for n, each in enumerate(plan.steps, 1)
        )
