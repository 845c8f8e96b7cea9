"""Opens the coach in a folder of its own and runs whole turns through it. The one place of evals that wires anything.

Nothing of the user's real data folder is touched. Every turn is by a new user, so that no case sees another's journal.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from coach import settings
from coach.domain.asks import Ask, Doubt, Meant, Taps
from coach.domain.events import Catalogue
from coach.domain.plans import RepairPlan
from coach.domain.principles import Citation, Principle
from coach.domain.readings import Kind, Reading, Route
from coach.domain.turns import (
    Asked,
    Doubted,
    Event,
    Failed,
    Finished,
    Piece,
    Planned,
    Read,
    Sources,
    Started,
    Struck,
    Words,
    heard,
)
from coach.safety import floor
from coach.web.parts import Parts
from evals.gates import Shown

_FITTED = Path(".coach/evals")
_SPEAKING = ("COACH_LLM_",)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The moment at which every case is told: a Monday morning."""
_A_TAP = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Played:
    """One whole turn: what the user saw at its end, the reading, and how long it took in milliseconds.

    ``language_model`` is its name when any of its words were said, else "none"; ``notice`` says that it failed.
    """

    shown: Shown
    reading: Reading | None
    ms: float
    failed: str | None = None
    language_model: str = "none"
    conversation_id: str | None = None
    notice: str = ""

    @property
    def route(self) -> Route:
        """The route that the turn took; a turn without a reading is served elsewhere."""
        return self.reading.route if self.reading else Route.ELSEWHERE


class Coached:
    """The coach's parts, with what evals ask of them."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.cards: Mapping[str, Principle] = {card.id: card for card in parts.knowledge.principles()}

    @property
    def catalogue(self) -> Catalogue:
        """The events there are."""
        return self.parts.knowledge.catalogue

    def read(self, text: str) -> Reading:
        """Return the reading of a message by itself: its language, the orders in it, its kind."""
        return floor.read(text, self.parts.knowledge)

    def rank(self, text: str, k: int | None = None) -> list[str]:
        """Return the ids of the principles, best first; all of them unless ``k`` says fewer."""
        return [match.principle.id for match in self.parts.knowledge.retrieve(text, k or len(self.cards))]

    async def play(
        self,
        user: str,
        text: str,
        now: datetime = NOW,
        person_id: str | None = None,
        *,
        taps: Taps | None = None,
        conversation_id: str | None = None,
    ) -> Played:
        """Run one turn of a user and return what came of it; a failure of the coach is in ``failed``."""
        started = perf_counter()
        turn = _Turn()
        async for event in self.parts.conversation.reply(
            user, text, now, taps=taps, conversation_id=conversation_id, person_id=person_id
        ):
            turn.hear(event)
        return turn.played((perf_counter() - started) * 1000)

    async def play_tapped(
        self, user: str, text: str, taps: Callable[[Ask], Taps], person_id: str | None = None
    ) -> tuple[Played, Played | None]:
        """Run the message, then what is tapped on the card it gets; None where it gets no card.

        A message that is asked about harm is said to be only a way of speaking, and gets its card then.
        """
        first = card = await self.play(user, text, person_id=person_id)
        if first.shown.doubt is not None:
            spoken = Taps(ask_id=first.shown.doubt.id, doubt=Meant.WAY_OF_SPEAKING)
            card = await self.play(user, "", NOW + _A_TAP, taps=spoken, conversation_id=first.conversation_id)
        if card.shown.ask is None:
            return first, None
        tapped = taps(card.shown.ask)
        return first, await self.play(user, "", NOW + 2 * _A_TAP, taps=tapped, conversation_id=first.conversation_id)


class _Turn:
    """What has come of a turn so far."""

    def __init__(self) -> None:
        self._reading: Reading | None = None
        self._plan: RepairPlan | None = None
        self._ask: Ask | None = None
        self._citations: tuple[Citation, ...] = ()
        self._words: Words = ()
        self._failed: str | None = None
        self._conversation_id: str | None = None
        self._doubt: Doubt | None = None
        self._whole, self._name, self._notice = False, "none", ""

    def hear(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case Started():
                self._conversation_id = event.conversation_id
            case Read():
                self._reading = event.reading
            case Asked():
                self._ask = event.ask
            case Doubted():
                self._doubt = event.doubt
            case Planned():
                self._plan = event.plan
            case Piece() | Struck():
                self._words = heard(self._words, event)
            case Sources():
                self._citations = event.citations
            case Failed():
                self._failed = event.message
            case Finished():
                self._whole, self._name, self._notice = True, event.language_model, event.notice
                self._plan, self._reading = event.plan or self._plan, event.reading or self._reading

    def played(self, ms: float) -> Played:
        """Return the turn at its end."""
        kind = self._reading.kind if self._reading else Kind.OFF_TOPIC
        reply = "".join(each.instead if isinstance(each, Struck) else each.text for each in self._words)
        shown = Shown(kind, reply, self._plan, self._citations, self._ask, self._doubt)
        failed = self._failed or (None if self._whole else "the turn did not finish")
        return Played(shown, self._reading, ms, failed, self._name, self._conversation_id, self._notice)


def environment(folder: Path, language_model: str) -> dict[str, str]:
    """Return this process's environment with its data in ``folder``; ``none`` takes the language model out of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's second start does not compile every module again
    if language_model == "configured":
        kept |= {name: value for name, value in os.environ.items() if name.startswith(_SPEAKING)}
    return {**kept, "COACH_DATA": str(folder)}


@asynccontextmanager
async def opened(language_model: str = "none", folder: Path | None = None) -> AsyncIterator[Coached]:
    """Build the coach in ``folder`` (default: a temporary one, removed afterwards) and close it at the end."""
    from coach.app import build, new_id, now

    with TemporaryDirectory(prefix="coach-evals-") as temporary:
        place = folder or Path(temporary)
        _carry(_FITTED, place / "index")
        parts = await build(settings.read(environment(place, language_model)), clock=now, new_id=new_id)
        _carry(place / "index", _FITTED)
        try:
            yield Coached(parts)
        finally:
            await parts.close()


def _carry(source: Path, target: Path) -> None:
    """Copy fitted tables that the other folder lacks or has older: fitting takes minutes where exemplars changed.

    Tables bear the stamps of what they were fitted on, so that stale ones are never used.
    """
    for file in source.glob("fitted-*.npz"):
        there = target / file.name
        if not there.exists() or there.stat().st_mtime < file.stat().st_mtime:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, there)


OpenCoach = Callable[[str], AbstractAsyncContextManager[Coached]]
"""Opens the coach, given ``none`` or ``configured``."""
