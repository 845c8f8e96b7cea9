"""A talk with the real coach: real cards and tables, real texts, a journal in a folder of the test.

Knows how the parts meet in a test. Asserts nothing by itself, apart from what holds for every reply (``sound``).
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio

from blank import lay
from coach.app import build
from coach.domain.asks import Ask, Taps
from coach.domain.people import Person, Relation
from coach.domain.plans import RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Kind, Reading, Route
from coach.domain.turns import Asked, Event, Failed, Finished, Piece, Planned, Read, Sources, Started
from coach.domain.violations import Context
from coach.knowledge import stamps
from coach.knowledge.cards import load_cards
from coach.knowledge.embedder import MiniLm
from coach.knowledge.library import Library
from coach.knowledge.tables import load_tables
from coach.planning.checks import violations
from coach.ports import Knowledge, LanguageModels
from coach.prompts import Prompts
from coach.settings import Settings
from coach.shipped import shipped
from coach.web import Parts
from texts import PROMPTS

NOW = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)  # a Monday
USER = "me"
MOST_WORDS = 220
"""An answer with the lines on what was tapped as well, and a line on what it was made from."""
E = TypeVar("E")


@pytest.fixture(scope="session")
def prompts() -> Prompts:
    """The shipped texts."""
    return PROMPTS


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The shipped cards and tables; one a process. Stale tables fail here at once: fitting them takes minutes.

    The worker that comes first lays a copy of its index beside the workers' folders, and the others begin with that.
    """
    folder = shipped("knowledge")
    embedder = MiniLm(folder / "minilm" / "tokenizer.json", kept=20_000)
    own = [card for card in load_cards(folder) if card.pack == "coach"]
    wanted = stamps.stamps(own, stamps.exemplar_sources(folder / "exemplars"), embedder)
    if not stamps.fits(load_tables(folder / "exemplars" / "fitted.npz").stamps, wanted):
        pytest.fail(
            "knowledge/exemplars/fitted.npz is older than the cards, exemplars or features: make fit, and commit it."
        )
    data = tmp_path_factory.mktemp("library")
    shared = "PYTEST_XDIST_WORKER" in os.environ
    built = tmp_path_factory.getbasetemp().parent / "index of the library"  # the folder of one run, when shared
    if shared and built.exists():
        shutil.copytree(built, data, dirs_exist_ok=True)
    found = Library(folder, data, embedder)
    found.prepare()
    if shared and not built.exists():
        with suppress(OSError):  # another worker was quicker
            shutil.copytree(data, tmp_path_factory.mktemp("copy") / "library").rename(built)
    yield found
    found.close()


class Around:
    """A library, but for what a subclass says otherwise."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


_BEGAN = time.monotonic()


def clock() -> datetime:
    """Return a time that was NOW when the tests began, and goes on as time does."""
    return NOW + timedelta(seconds=time.monotonic() - _BEGAN)


_IDS = itertools.count(1)


def new_id() -> str:
    """Return an id that no other journal of this process has either; later ones sort behind."""
    return f"id-{next(_IDS):06}"


async def wired(
    folder: Path,
    knowledge: Knowledge | Around,
    models: LanguageModels | None = None,
    *,
    clock: Callable[[], datetime] = clock,
    new_id: Callable[[], str] = new_id,
    **settings: Any,
) -> Parts:
    """Build the coach on the journal in a folder, as the program does."""
    lay(folder)
    given: Any = {"language_models": models, "knowledge": knowledge}
    return await build(Settings(data=folder, **settings), clock=clock, new_id=new_id, **given)


@asynccontextmanager
async def built(
    folder: Path, knowledge: Knowledge | Around, models: LanguageModels | None = None, **settings: Any
) -> AsyncIterator[Parts]:
    """The coach on the journal in a folder, closed at the end."""
    parts = await wired(folder, knowledge, models, **settings)
    try:
        yield parts
    finally:
        await parts.close()


@dataclass(frozen=True)
class Answer:
    """The events of one turn, in order."""

    said: str
    events: tuple[Event, ...]

    def every(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def started(self) -> Started:
        return self.every(Started)[0]

    @property
    def reading(self) -> Reading:
        return self.every(Read)[0].reading

    @property
    def kind(self) -> Kind:
        return self.reading.kind

    @property
    def route(self) -> Route:
        return self.reading.route

    @property
    def planned(self) -> Planned | None:
        return next(iter(self.every(Planned)), None)

    @property
    def plan(self) -> RepairPlan | None:
        return self.planned.plan if self.planned else None

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.every(Piece))

    @property
    def sources(self) -> tuple[Citation, ...]:
        return self.every(Sources)[0].citations

    @property
    def order(self) -> list[str]:
        """The names of the events, runs of pieces as one."""
        return [name for name, _ in itertools.groupby(type(event).__name__ for event in self.events)]


class Talk:
    """One conversation. ``days`` of a ``say`` moves the clock on before it."""

    def __init__(self, parts: Parts) -> None:
        self.journal, self.library, self.coach, self.now = parts.journal, parts.knowledge, parts.conversation, NOW
        self.folder = parts.settings.data
        self.id: str | None = None
        self.answers: list[Answer] = []

    async def tap(self, days: int = 0, **given: Any) -> Answer:
        """Press what is given on the last card (``ask_id`` is filled in), or under the plan."""
        if {"events", "people", "want"} & given.keys():
            given.setdefault("ask_id", self.card.id)
        return await self.say("", days=days, taps=Taps(**given))

    @property
    def card(self) -> Ask:
        """The last card that was shown."""
        return next(asked.ask for answer in reversed(self.answers) for asked in answer.every(Asked))

    async def say(
        self,
        text: str,
        *,
        days: int = 0,
        person_id: str | None = None,
        check: bool = True,
        taps: Taps | None = None,
    ) -> Answer:
        self.now += timedelta(days=days, minutes=5)
        events = [
            event
            async for event in self.coach.reply(
                USER, text, self.now, taps=taps, conversation_id=self.id, person_id=person_id
            )
        ]
        answer = Answer(text, tuple(events))
        self.id = answer.started.conversation_id
        self.answers.append(answer)
        if check:
            sound(self, answer)
        return answer

    async def knows(self, name: str, relation: Relation | None = None, remote: bool | None = None) -> Person:
        person = Person(name.casefold(), name, NOW - timedelta(days=100), relation=relation, remote=remote)
        await self.journal.add_person(USER, person)
        return person


@asynccontextmanager
async def talking(
    folder: Path, knowledge: Knowledge | Around, models: LanguageModels | None = None, **settings: Any
) -> AsyncIterator[Talk]:
    """A talk on the journal in a folder; ``models``: its coach has a language model."""
    async with built(folder, knowledge, models, **settings) as parts:
        yield Talk(parts)


@pytest_asyncio.fixture
async def talk(library: Library, tmp_path: Path) -> AsyncIterator[Talk]:
    """A talk with an empty journal."""
    async with talking(tmp_path, library) as found:
        yield found


# ---- what holds for every reply


def sound(talk: Talk, answer: Answer) -> None:
    """Assert what every reply owes: it ends well, is short, asks at most one question, cites cards, breaks no rule."""
    assert not answer.every(Failed), answer.text
    assert isinstance(answer.events[-1], Finished)
    assert answer.text.strip()
    assert "{{" not in _without(answer.text, talk)
    assert "None" not in answer.text
    if answer.route is Route.IN_SCOPE:
        assert len(answer.text.split()) <= MOST_WORDS, f"{len(answer.text.split())} words: {answer.text}"
    # An answer may say the user's own question back before it answers it.
    assert questions(answer.text) <= (1 if answer.route is Route.IN_SCOPE and answer.plan is None else 2), answer.text
    for citation in (*answer.sources, *(answer.plan.citations if answer.plan else ())):
        assert citation.quote in talk.library.principle(citation.principle).text
    assert not broken(answer, talk), (broken(answer, talk), answer.text)
    if answer.route is not Route.IN_SCOPE:
        assert answer.plan is None or answer.kind not in {Kind.SELF_HARM, Kind.VIOLENCE}


def broken(answer: Answer, talk: Talk) -> list[str]:
    """Return the names of the violations in a reply; what was said in this talk and the cards may be quoted."""
    plans = [each.plan for each in talk.answers if each.plan]
    quotes = [each.said for each in talk.answers]
    cards = {citation.principle for plan in plans for citation in plan.citations}
    quotes += [talk.library.principle(name).text for name in cards]
    accounts = [each.reading.account for each in talk.answers if each.reading.account]
    people = [party.call for account in accounts for party in account.parties if party.call]
    seen = [moment.what for each in talk.answers for moment in each.reading.moments]
    context = Context(answer.route, tuple(dict.fromkeys(people)), tuple(quotes), tuple(seen))
    return [violation.name for violation in violations(answer.text, context)]


def questions(text: str) -> int:
    """Count the questions put to the user: those outside quotation marks and drafts, which hold words for another."""
    paragraphs = [part for part in text.split("\n\n") if "[" not in part]
    return re.sub(r"“[^”]*”", " ", "\n".join(paragraphs)).count("?")


def _without(text: str, talk: Talk) -> str:
    for answer in talk.answers:
        text = text.replace(answer.said, " ")
    return re.sub(r"“[^”]*”", " ", text)
