"""Asks a language model what a message of a session says. Knows the ports; what comes back is checked in ``proof``.

Any trouble with it leaves the form to do its work: a session never waits long, nor fails, for want of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from coach.answering import presuppositions
from coach.beside import within
from coach.domain.letters import in_order
from coach.domain.readings import Level, Reading, Route
from coach.domain.sent import Errand
from coach.errors import LanguageModelTrouble
from coach.hearing import proof
from coach.hearing.heard import Heard, Talked
from coach.planning.given import Given
from coach.ports import Knowledge, LanguageModel, LanguageModels, Texts
from coach.reading.names import found
from coach.safety import language

SECONDS = 5.0
"""How long the leader waits for it at most; then the form goes on alone."""

LONGEST_LETTER = 4_000
"""Characters; the form alone takes a longer answer."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a listener needs from elsewhere."""

    knowledge: Knowledge
    texts: Texts
    models: LanguageModels
    clock: Callable[[], datetime]


class Listener:
    """Hears messages of sessions with the configured language model. Holds no state."""

    def __init__(self, outside: Outside, level: Callable[[], Level]) -> None:
        self._out, self._level = outside, level

    @property
    def destination(self) -> str:
        """Where messages of sessions go, "" while no language model is asked."""
        return self._out.models.destination if self._level() is Level.PLANS else ""

    async def hear(self, user: str, turn_id: str, talked: Talked, read: Reading, now: datetime) -> Heard | None:
        """Return what a message says; None where the form takes it: level, time, trouble, or harm that is sure."""
        if self._level() is not Level.PLANS or len(talked.text) > LONGEST_LETTER:
            return None
        if read.route in {Route.GET_HELP, Route.DECLINE}:
            return None
        try:
            return await within(SECONDS, self._heard(user, turn_id, talked, read, now))
        except LanguageModelTrouble:
            return None

    async def _heard(self, user: str, turn_id: str, talked: Talked, read: Reading, now: datetime) -> Heard:
        given = self._given(talked, read, now)
        names = found(given.text, given.names)
        model = self._out.models.bound(Errand(user, turn_id, "session"), talked.people, names)
        until = self._out.clock() + timedelta(seconds=SECONDS)
        value = await model.fill(self._prompt(talked, given), proof.SCHEMA, until)
        first = replace(proof.heard(value, talked, given), by=model.name)
        if first.reading.route is not Route.IN_SCOPE:
            return replace(first, reply="", reflection="", wording=None)
        return await self._looked_over(first, model, given, until)

    async def _looked_over(self, first: Heard, model: LanguageModel, given: Given, until: datetime) -> Heard:
        """Leave out what says that something happened which nobody said; all of it, where that cannot be seen."""
        said: Mapping[str, str] = proof.parts(first)
        if not said:
            return first
        try:
            look = await presuppositions.look(model, (), said, given, self._out.texts, until)
        except LanguageModelTrouble:
            return replace(first, reply="", reflection="", wording=None)
        return proof.without(first, [(flag.part, flag.words) for flag in look.flags])

    def _prompt(self, talked: Talked, given: Given) -> list[tuple[str, str]]:
        texts = self._out.texts
        values = {
            "talked": talked,
            "today": f"{given.now:%A, %-d %B %Y}",
            "sentences": given.letters[-1].sentences,
            "ordered": given.ordered,
            "doubt": given.floor.doubt,
        }
        facts = texts.render("hearing/facts.fixed", destination=self.destination)
        return [("system", texts.render("hearing/hear.system", facts=facts)),
                ("user", texts.render("hearing/hear.user", **values))]  # fmt: skip

    def _given(self, talked: Talked, read: Reading, now: datetime) -> Given:
        """Return the ground its words are checked against: everything said in the session, and what was shown."""
        knowledge = self._out.knowledge
        names = tuple(person.name for person in talked.people)
        return Given(
            letters=in_order((*talked.before, talked.text)),
            floor=read,
            catalogue=knowledge.catalogue,
            cards=talked.cards,
            now=now,
            names=names,
            known=talked.shown,
            english=lambda each: language.foreign(each, knowledge.language(each)) is None,
            named=lambda each: found(each, names),
        )
