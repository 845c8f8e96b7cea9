"""The speech of one turn: the reply streams line by line; what else a language model is asked goes beside it.

Knows what may be worded (``coaching.wording``) and how it is looked over (``planning.verification``); the language model is
asked through ``asking``. The first sentence is said as soon as it is whole and found sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from coach.coaching import merging, wording
from coach.coaching.replies import MOST_WORDS
from coach.coaching.wording import Heard, Hearing, Line
from coach.domain.plans import RepairPlan, Swap
from coach.domain.readings import Reading
from coach.errors import LanguageModelTrouble
from coach.planning import verification
from coach.ports import Texts
from coach.safety.orders import without_orders
from coach.speaking.asking import Asking, Occasion, Prompt, ended
from coach.speaking.budget import MESSAGE_WORDS, clipped
from coach.speaking.fields import Fields
from coach.speaking.lines import Lines
from coach.speaking.second import SecondReading
from coach.speaking.spoken import Spoken

MOST_RETRIES = 2
"""Sentences of a reply that are asked for again; a language model that fails more often is not asked on."""

MOST_FAILED = 3
"""After so many failed sentences the rest is said in the coach's own words."""

RETRY_SECONDS = 8.0
READING_SECONDS = 10.0
"""Seconds that the second reading has before the plan is worded."""

LATE_READING = 2.0
"""Seconds that the end of a reply waits for a second reading."""

BESIDE_SECONDS = 20.0
"""Seconds that a turn waits, when its reply is said, for what goes on beside it."""

_HOPELESS = frozenset({"language", "refusal", "leak", "machine", "repeats"})
"""Faults after which nothing more of this reply is listened to."""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that is known of a turn when its wording begins.

    ``reply`` is the kept reply; ``fresh``: the plan is new, so that its fields are worded too. ``second`` is a second
    reading that has not been merged. ``swap`` has the event told from the other side and returns what came of it.
    """

    occasion: Occasion
    read: Reading
    plan: RepairPlan
    reply: str
    fresh: bool = True
    second: SecondReading | None = None
    swap: Callable[[], Awaitable[Swap | None]] | None = None


class Speech:
    """One turn's words. Use as an async context: leaving it ends what still runs."""

    def __init__(
        self, brief: Brief, prompts: Texts, name: str, asking: Callable[[str], Asking], standard: verification.Standard
    ) -> None:
        self._brief, self._prompts, self._name, self._asking = brief, prompts, name, asking
        self._standard = standard
        self.spoken = Spoken()
        self._began = asyncio.Event()
        self._beside: asyncio.Task[None] | None = None
        self._retries = self._failed = self._words = 0
        self._asked = self._spoke = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beside is not None:
            await ended(self._beside)
        if self._brief.second is not None:
            await self._brief.second.end()

    # ---- the reply

    async def pieces(self) -> AsyncGenerator[str]:
        """Yield the reply, a sentence or a kept line a piece. Always whole; never raises LanguageModelTrouble."""
        brief = self._brief
        lines = wording.lines(brief.reply)
        worded = [line for line in lines if line.number]
        self._beside = asyncio.create_task(self._go_beside())
        if worded:
            async with aclosing(self._worded(lines, worded)) as said:
                async for piece in said:
                    yield piece
        else:
            yield brief.reply
        self._began.set()
        caution = await self._caution()
        if caution:
            yield caution

    async def _worded(self, lines: Sequence[Line], worded: Sequence[Line]) -> AsyncGenerator[str]:
        prompt = self._prompt(worded)
        reply = "\n".join(without_orders(line.text) for line in lines)
        ground = wording.ground(self._brief.plan, self._brief.read, self._standard, reply)
        self._words = len(self._brief.reply.split())
        teller = Lines(lines)
        try:
            async with aclosing(self._heard(prompt)) as sentences:
                async for heard in sentences:
                    for piece in teller.before(heard.number):
                        yield piece
                    said = await self._sentence(heard, teller, ground)
                    if said is not None:
                        yield said
                    if self._failed >= MOST_FAILED or teller.done(heard.number):
                        break
        except LanguageModelTrouble as trouble:
            self._notice("cut" if self._spoke else "unfit" if self._failed else "silent", str(trouble))
            if self._beside is not None and not self._began.is_set():
                self._beside.cancel()  # a server that says nothing is asked nothing more
        for piece in teller.rest():
            yield piece
        if not self._spoke:
            self._notice("unfit")

    async def _heard(self, prompt: Prompt) -> AsyncGenerator[Heard]:
        hearing = Hearing()
        async with aclosing(self._asking("wording").stream(prompt)) as pieces:
            async for piece in pieces:
                self._began.set()
                for heard in hearing.hear(piece):
                    yield heard
        for heard in hearing.end():
            yield heard

    async def _sentence(self, heard: Heard, teller: Lines, ground: verification.Ground) -> str | None:
        """Return what is said for one sentence of the language model, or None: nothing more in this line."""
        line = teller.open(heard.number)
        if line is None:
            return None
        wanted = teller.expected(line, asked=self._asked)
        sentence = wording.convinced(heard.text, line.text, self._brief.plan)
        faults = self._faults(sentence, ground, wanted, line)
        if faults:
            again = await self._again(heard.text, line.text, faults)
            if again and not (faults := self._faults(again, ground, wanted, line)):
                sentence = again
        if faults:
            self._failed += MOST_FAILED if _HOPELESS & set(faults) else 1
            instead = teller.give_up(line)
            self.spoken.replace("reply", heard.text, faults, instead.strip())
            return instead or None
        self.spoken.name, self._spoke = self._name, True
        self._asked = self._asked or "?" in sentence
        self._words += len(sentence.split()) - (0 if teller.said(line) else len(line.text.split()))
        return teller.say(line, sentence)

    def _faults(
        self, sentence: str, ground: verification.Ground, wanted: verification.Expected, line: Line
    ) -> tuple[str, ...]:
        found = verification.faults(sentence, ground, wanted)
        if self._words - len(line.text.split()) + len(sentence.split()) > MOST_WORDS:
            found = (*found, "too_long")
        self.spoken.found += len(found)
        return found

    async def _again(self, sentence: str, kept: str, faults: Collection[str]) -> str | None:
        """Ask once more for a sentence, with what was wrong about it named; None when it is not worth it or fails."""
        if self._retries >= MOST_RETRIES or _HOPELESS & set(faults):
            return None
        self._retries += 1
        words = self._prompts.render("again.user", sentence=sentence[:400], kept=kept, faults=list(faults))
        prompt = (("system", self._prompts.render("wording.system")), ("user", words))
        try:
            answer = await self._asking("again").fill(prompt, wording.schema(["sentence"]), RETRY_SECONDS)
        except LanguageModelTrouble:
            return None
        return wording.tidy(str(answer.get("sentence", "")))

    def _prompt(self, lines: Sequence[Line]) -> Prompt:
        step = self._brief.plan.steps[0]
        message = clipped(wording.letter(self._brief.read, self._brief.plan), MESSAGE_WORDS)
        given = [replace(line, text=wording.unconvinced(line.text, self._brief.plan)) for line in lines]
        words = self._prompts.render("wording.user", message=message, action=step.action, say=step.say, lines=given)
        return (("system", self._prompts.render("wording.system")), ("user", words))

    def _notice(self, why: str, told: str = "") -> None:
        self.spoken.notice = self.spoken.notice or self._prompts.render("notice.fixed", why=why, told=told)

    # ---- the second reading, when it comes late

    async def _caution(self) -> str:
        """Return a word of caution when the second reading comes late and finds something grave; else nothing."""
        second, read = self._brief.second, self._brief.read
        if second is None:
            return ""
        answer = second.answer if self.spoken.notice else await second.wait(LATE_READING)
        claim = merging.claimed(read, answer, second.proof) if answer is not None else None
        if claim is None or not claim.grave:
            return ""
        return "\n\n" + self._prompts.render("second_look.fixed", quote=claim.words)

    # ---- beside the reply

    async def _go_beside(self) -> None:
        """Read once more, word the plan and swap the roles, one after the other, once the reply has begun."""
        await self._began.wait()
        brief = self._brief
        if brief.second is not None:
            await brief.second.wait(READING_SECONDS)
        if brief.fresh:
            fields = Fields(brief.plan, brief.read, self._prompts, self._asking, self._standard)
            await fields.word(self._name, self.spoken)
        if brief.swap is not None:
            self.spoken.swap = await brief.swap()

    async def finish(self) -> Spoken:
        """Wait for what goes on beside the reply, though not for long, and return what came of the turn."""
        if self._beside is not None:
            await asyncio.wait({self._beside}, timeout=BESIDE_SECONDS)
            await ended(self._beside)
        spoken, brief = self.spoken, self._brief
        if spoken.plan is not None or spoken.swap is not None:
            plan = spoken.plan or brief.plan
            spoken.plan = replace(plan, checked=spoken.checked(plan.checked), swap=spoken.swap or plan.swap)
        if brief.second is not None and brief.second.answer is not None:
            merged = merging.merged(brief.read, brief.second.answer, proof=brief.second.proof)
            spoken.reading = merged if merged != brief.read else None
        return spoken
