"""``python -m evals.faulty [WORD …]``: whole turns against every trouble of a language model's server; a table.

For each trouble a first turn, a later turn, what a plan's step says as a message, and a session, at once: whether it is
whole, and after how many seconds something of use was there. Nothing is asserted; WORDs choose troubles by their names.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from coach import settings
from coach.app import build, library, new_id, now
from coach.domain.asks import Action, Taps
from coach.domain.turns import Asked, Failed, Finished, Part, Piece, Planned, Started
from coach.ports import Knowledge
from coach.web.parts import Parts
from evals.cases import HERE
from evals.letter_answers import LetterAnswers
from evals.report import console
from evals.scripted import ScriptedServer, refused_url, scripted_server
from evals.troubles import TROUBLES, Trouble

SECONDS = 12
"""COACH_LLM_TIMEOUT_S of these turns."""

AT_ONCE = 6
_BUILDING = asyncio.Lock()
"""One journal is brought up at a time."""

USEFUL = (Asked, Piece, Planned, Part)
"""Events that give somebody something to read or to press."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw of one turn. ``of_use_s``: seconds until the first thing of use; None: there was none."""

    whole: bool
    of_use_s: float | None
    took_s: float
    by: str

    def __str__(self) -> str:
        when = f"{self.of_use_s:.1f}" if self.of_use_s is not None else "never"
        return f"{when} / {self.took_s:.1f} {'' if self.whole else 'NOT WHOLE '}{self.by}"


async def seen(events: AsyncIterator[object]) -> tuple[Seen, str | None]:
    """Return what is seen of a turn as it comes, and its conversation."""
    began = perf_counter()
    of_use, whole, by, conversation = None, False, "", None
    async for event in events:
        if isinstance(event, USEFUL) and of_use is None:
            of_use = perf_counter() - began
        if isinstance(event, Started):
            conversation = event.conversation_id
        if isinstance(event, Finished):
            whole, by = True, event.language_model
        if isinstance(event, Failed):
            by = event.message
    return Seen(whole, of_use, perf_counter() - began, by), conversation


class Stages:
    """One user's turns: a conversation whose first plan is made while all is well, then the trouble, then each turn."""

    def __init__(self, cases: Sequence[dict[str, Any]]) -> None:
        self._first, self._later, self._other = ("\n".join(case["sentences"]) for case in cases)

    async def played(self, parts: Parts, begin: Callable[[], None]) -> dict[str, Seen]:
        """Return what is seen of each turn; ``begin`` lets the trouble begin."""
        talk = parts.conversation
        before, conversation = await seen(talk.reply("me", self._first, now()))
        session = await parts.sessions.begin("me", "weekly_review", None, now())
        begin()
        found = await asyncio.gather(
            seen(talk.reply("me", self._other, now())),
            seen(talk.reply("me", self._later, now(), conversation_id=conversation)),
            seen(parts.sessions.reply("me", session.id, "I thanked Tom on Tuesday, and he smiled.", now())),
        )
        names = ("first turn", "later turn", "session")
        played = {name: each for name, (each, _) in zip(names, found, strict=True)}
        if before.by == "none":  # nobody ever listened: there is no plan to make a message of
            return played
        tapped = Taps(action=Action.MESSAGE)
        message, _ = await seen(talk.reply("me", "", now(), taps=tapped, conversation_id=conversation))
        return {**played, "message": message}


async def against(trouble: Trouble, knowledge: Knowledge, prepared: LetterAnswers, stages: Stages) -> dict[str, Seen]:
    """Return what is seen of turns against one trouble. A server that is not there is so from the beginning."""
    with TemporaryDirectory() as folder, scripted_server() as server:
        server.always = prepared
        url = server.url if trouble.script else refused_url()
        given = {"COACH_LLM_BASE_URL": url, "COACH_LLM_MODEL": "scripted", "COACH_LLM_TIMEOUT_S": str(SECONDS)}
        where = settings.read({**given, "COACH_DATA": folder, "COACH_LLM_LEVEL": "plans"})
        async with _BUILDING:
            parts = await build(where, clock=now, new_id=new_id, knowledge=knowledge)
        try:
            return await stages.played(parts, lambda: _begin(server, trouble, prepared))
        finally:
            await parts.close()


def _begin(server: ScriptedServer, trouble: Trouble, prepared: LetterAnswers) -> None:
    if trouble.script is not None:
        server.always = trouble.script(prepared.text)


async def measure(words: Sequence[str]) -> None:
    """Print a row a trouble, and what holds for all."""
    first = [json.loads(line) for line in (HERE / "good_answers.jsonl").read_text(encoding="utf-8").splitlines()]
    later = [json.loads(line) for line in (HERE / "good_later.jsonl").read_text(encoding="utf-8").splitlines()]
    one = next(case for case in first if case["id"] == later[0]["id"])
    other = next(case for case in first if case["answer"]["plan"] and case["id"] != one["id"])
    prepared, stages = LetterAnswers([*first, *later]), Stages([one, later[0], other])
    chosen = [it for it in TROUBLES if not words or any(word in it.name for word in words)]
    room = asyncio.Semaphore(AT_ONCE)
    with TemporaryDirectory() as folder:
        known = library(settings.read({"COACH_DATA": folder}))
        known.prepare()

        async def row(trouble: Trouble) -> dict[str, Seen]:
            async with room:
                found = await against(trouble, known, prepared, stages)
            console().print(f"{trouble.name}: " + " · ".join(f"{name} {each}" for name, each in found.items()))
            return found

        rows = await asyncio.gather(*map(row, chosen))
        known.close()
    turns = [each for found in rows for each in found.values()]
    waits = sorted(
        each.of_use_s for found in rows for name, each in found.items() if name != "session" and each.of_use_s
    )
    console().print(
        f"{len(chosen)} troubles, {len(turns)} turns: {sum(each.whole for each in turns)} whole; something of use "
        f"after {median(waits):.1f} s (median), {waits[-1]:.1f} s (most), over 5 s: {sum(each > 5 for each in waits)}"
    )


def main() -> None:
    """Measure what the words on the command line choose."""
    asyncio.run(measure([word for word in sys.argv[1:] if Path(word).name]))


if __name__ == "__main__":
    main()
