"""Opens the coach in a folder of its own and runs whole turns through it. The one place of evals that wires anything.

Nothing of the user's real data folder is touched. Every turn is by a new user, so that no case sees another's journal.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from coach import settings
from coach.domain.plans import RepairPlan
from coach.domain.principles import Citation, Principle
from coach.domain.readings import Kind, Reading
from coach.domain.turns import Failed, Finished, Piece, Planned, Read, Sources
from coach.ports import Likeness
from coach.web.parts import Parts
from evals.gates import Shown

_FITTED = Path(".coach/evals")
_SPEAKING = ("COACH_LLM_", "COACH_ROLE_SWAP")

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The moment at which every case is told: a Monday morning."""


@dataclass(frozen=True, slots=True)
class Played:
    """One whole turn: what the user saw at its end, the reading, and how long it took in milliseconds.

    ``language_model`` is its name when any of its words were said, else "none".
    """

    shown: Shown
    reading: Reading | None
    ms: float
    failed: str | None = None
    language_model: str = "none"


class Coached:
    """The coach's parts, with what evals ask of them."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.speaks = parts.settings.language_model
        self.likeness: Likeness = parts.knowledge
        self.cards: Mapping[str, Principle] = {card.id: card for card in parts.knowledge.principles()}

    def read(self, text: str) -> Reading:
        """Return the deterministic reading of a message."""
        from coach.reading.reader import read

        return read(text, self.likeness)

    async def read_in_a_turn(self, user: str, text: str) -> Reading:
        """Return the reading as it stands at the end: a whole turn's where a language model completes it."""
        played = await self.play(user, text) if self.speaks else None
        return played.reading if played and played.reading else self.read(text)

    def rank(self, text: str, reading: Reading | None = None, k: int | None = None) -> list[str]:
        """Return the ids of the principles, best first; all of them unless ``k`` says fewer."""
        reading = reading or self.read(text)
        return [match.principle.id for match in self.parts.knowledge.retrieve(text, reading, k or len(self.cards))]

    async def play(self, user: str, text: str, now: datetime = NOW, person_id: str | None = None) -> Played:
        """Run one turn of a user and return what came of it; a failure of the coach is in ``failed``."""
        started = perf_counter()
        reading: Reading | None = None
        plan: RepairPlan | None = None
        citations: tuple[Citation, ...] = ()
        pieces: list[str] = []
        failed, whole, name = None, False, "none"
        async for event in self.parts.conversation.reply(user, text, now, person_id=person_id):
            match event:
                case Read():
                    reading = event.reading
                case Planned():
                    plan = event.plan
                case Piece():
                    pieces.append(event.text)
                case Sources():
                    citations = event.citations
                case Failed():
                    failed = event.message
                case Finished():
                    whole, name = True, event.language_model
                    plan, reading = event.plan or plan, event.reading or reading
        ms = (perf_counter() - started) * 1000
        kind = reading.kind if reading else Kind.OFF_TOPIC
        failed = failed or (None if whole else "the turn did not finish")
        return Played(Shown(kind, "".join(pieces), plan, citations), reading, ms, failed, name)


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
