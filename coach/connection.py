"""The connection to a language model: which one it is, what it may do, its exam. It can change while the coach runs.

Settings of the environment win; else it is the one chosen on the page, kept sealed with the user's preferences. Knows
how a language model is opened only as a function it is given, and nothing of turns.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Protocol

from coach.domain.people import Person
from coach.domain.preferences import MINE, ChosenModel, Preferences
from coach.domain.readings import Level
from coach.domain.sent import Errand
from coach.errors import BadInput, CoachError, LanguageModelTrouble
from coach.exam import Exam, Mark
from coach.exam.levels import Levels, Result
from coach.ports import Journal, LanguageModel, LanguageModels, Texts
from coach.settings import Settings, is_loopback

TRIAL_S = 45.0
"""Longest wait for a language model that is only tried: a server may have to load it first."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A small real request: ``trouble`` in a sentence, "" when it was answered, and how long it took, in ms."""

    trouble: str
    ms: int


@dataclass(frozen=True, slots=True)
class Nearby:
    """A server on this machine: its program, its address, and the names of its language models."""

    program: str
    address: str
    names: tuple[str, ...]


class Outside(Protocol):
    """How language models are opened and looked for: ``coach.llm`` as far as it is needed here."""

    async def open(self, settings: Settings) -> LanguageModels:
        """Return the language model of some settings. Raises BadInput when they cannot serve."""

    async def nearby(self, but: int) -> Sequence[tuple[str, str, tuple[str, ...]]]:
        """Return program, address and language models of the servers on this machine but for one port."""


class Connection:
    """A ``ports.LanguageModels``: passes on to the language model of this moment, "none" where there is none.

    ``user``: whose choice it is; None with members, for whom the environment says it. ``marks``: how far the exam has
    come, or the last one came.
    """

    def __init__(
        self,
        settings: Settings,
        user: str | None,
        journal: Journal,
        texts: Texts,
        clock: Callable[[], datetime],
        outside: Outside,
    ) -> None:
        self.levels = Levels(settings.data, settings.llm_level)
        self._settings, self._user, self._journal = settings, user, journal
        self._texts, self._clock, self._outside = texts, clock, outside
        self._now: LanguageModels | None = None
        self._exam: Exam | None = None
        self._sitting: asyncio.Task[None] | None = None
        self.chosen: ChosenModel | None = None
        self._tried: ChosenModel | None = None
        self.marks: list[Mark] = []
        self.trouble = ""

    # ---- the language model of this moment

    @property
    def name(self) -> str:
        """Its name, "none" where there is none."""
        return self._now.name if self._now is not None else "none"

    @property
    def destination(self) -> str:
        """Where requests go, as host and port."""
        return self._now.destination if self._now is not None else ""

    @property
    def here(self) -> bool:
        """Whether its server is on this machine."""
        return is_loopback(self.destination.rpartition(":")[0].strip("[]"))

    @property
    def settled(self) -> bool:
        """Whether the environment says which one it is, so that nothing can be chosen."""
        return self._settings.language_model or self._user is None

    @property
    def level(self) -> Level:
        """What it may do; provisionally that is planning. Without one, the coach asks."""
        return self.levels.level(self.destination, self.name) if self._now is not None else Level.ASKS

    @property
    def result(self) -> Result | None:
        """Its last exam, None when it has sat none."""
        return self.levels.result(self.destination, self.name)

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> LanguageModel:
        """Return the language model for one errand. Raises LanguageModelTrouble where there is none (any more)."""
        if self._now is None:
            raise LanguageModelTrouble(self._texts.render("model/gone.fixed"), "unknown")
        return self._now.bound(errand, people, names)

    # ---- which one it is

    def use(self, models: LanguageModels | None) -> None:
        """Use this one from now on."""
        self._stop_exam()
        self._now, self.marks = models, []

    async def reread(self) -> None:
        """Use what the environment says, else what was chosen. Raises BadInput for an environment that cannot serve."""
        if self._user is None or self._settings.language_model:
            self.use(await self._outside.open(self._settings) if self._settings.language_model else None)
            return
        self.trouble, self.chosen = "", None
        try:
            self.chosen = (await self._journal.preferences(self._user)).language_model
            self.use(await self._outside.open(self._with(self.chosen)) if self.chosen else None)
        except CoachError as error:
            self.use(None)
            self.trouble = str(error)

    async def choose(self, chosen: ChosenModel | None) -> None:
        """Keep another choice, or none, and use it. Raises BadInput where that cannot be."""
        if self._user is None or self.settled:
            raise BadInput(self._texts.render("model/settled.fixed"))
        if chosen is not None:
            chosen = self._with_key(chosen)
            await self._outside.open(self._with(chosen))
        now = self._clock()
        settled = partial(replace, language_model=chosen, changed_at=now)
        await self._journal.change(self._user, Preferences, MINE, settled)
        await self.reread()
        self.examine()

    def _with_key(self, chosen: ChosenModel) -> ChosenModel:
        """Return a choice without a key with the one that was given for the same language model before."""
        for known in (self._tried, self.chosen):
            if not chosen.key and known is not None and (known.address, known.name) == (chosen.address, chosen.name):
                return known
        return chosen

    def check_own(self) -> None:
        """Raise BadInput where it is not one user's to settle: a group's is settled by whoever runs the coach."""
        if self._user is None:
            raise BadInput(self._texts.render("model/settled.fixed"))

    async def forgotten(self) -> None:
        """Let go of what was chosen and of all exams, after everything of the user was erased."""
        if self._user is None:
            return  # it is the others', too
        self._tried = None
        self.levels.forget()
        if not self.settled:
            await self.reread()

    async def nearby(self) -> list[Nearby]:
        """Return the servers on this machine that answer."""
        return [Nearby(*found) for found in await self._outside.nearby(self._settings.port)]

    def _with(self, chosen: ChosenModel) -> Settings:
        return replace(self._settings, llm_base_url=chosen.address, llm_model=chosen.name, llm_api_key=chosen.key)

    async def tried(self, chosen: ChosenModel | None = None, seconds: float = TRIAL_S) -> Trial:
        """Try the language model of this moment, or one that might be chosen, with a small request."""
        begun = monotonic()
        try:
            if chosen is not None:
                chosen = self._tried = self._with_key(chosen)
            models = self if chosen is None else await self._outside.open(self._with(chosen))
            model = models.bound(Errand(self._user or "", "", "trial", whole=True, ours=True), (), ())
            prompt = [("user", self._texts.render("model/trial.user"))]
            schema = {
                "type": "object", "properties": {"word": {"type": "string", "enum": ["ready"]}},
                "required": ["word"], "additionalProperties": False,
            }  # fmt: skip
            await model.fill(prompt, schema, self._clock() + timedelta(seconds=seconds))
            trouble = ""
        except CoachError as error:
            trouble = str(error)
        return Trial(trouble, int((monotonic() - begun) * 1000))

    # ---- its exam

    def set_exam(self, exam: Exam) -> None:
        """Say what examines it."""
        self._exam = exam

    @property
    def sitting(self) -> bool:
        """Whether an exam is under way."""
        return self._sitting is not None and not self._sitting.done()

    def examine(self, *, again: bool = False) -> None:
        """Begin its exam in the background, if it has sat none (or ``again``) and nobody has set its level."""
        wanted = again or (self.result is None and not self.levels.chosen(self.destination, self.name))
        if self._now is not None and wanted and not self.sitting:
            self._sitting = asyncio.create_task(self._sit_quietly())

    async def sit(self) -> AsyncGenerator[Mark | Result]:
        """Yield a mark for each letter, and the result, which is kept. Raises LanguageModelTrouble."""
        assert self._exam is not None
        self.marks, self.trouble = [], ""
        server, name = self.destination, self.name
        async with contextlib.aclosing(self._exam.sat(self._user or "")) as sat:
            async for each in sat:
                if isinstance(each, Result):
                    self.levels.keep(server, name, each)
                else:
                    self.marks.append(each)
                yield each

    async def _sit_quietly(self) -> None:
        try:
            async for _ in self.sit():
                pass
        except CoachError as error:
            self.trouble = str(error)

    def _stop_exam(self) -> None:
        if self._sitting is not None:
            self._sitting.cancel()
            self._sitting = None

    async def close(self) -> None:
        """Break off an exam that is under way."""
        sitting = self._sitting
        self._stop_exam()
        if sitting is not None:
            await asyncio.wait([sitting])
