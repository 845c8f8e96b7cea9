"""The speech of one turn: the reply streams line by line, and the plan's fields are worded beside it.

Knows what may be worded (``coaching.wording``) and how it is looked over (``coaching.vetting``); the language model is
asked through ``asking``. The first sentence is said as soon as it is whole and found sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from coach.coaching import vetting, wording
from coach.coaching.orders import without_orders
from coach.coaching.replies import MOST_WORDS
from coach.coaching.wording import Heard, Hearing, Line
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.errors import LanguageModelTrouble
from coach.ports import Texts
from coach.speaking.asking import Asking, Prompt, ended
from coach.speaking.budget import MESSAGE_WORDS, clipped
from coach.speaking.spoken import Spoken

MOST_RETRIES = 2
"""Sentences of a reply that are asked for again; a language model that fails more often is not asked on."""

MOST_FAILED = 4
"""After so many failed sentences the rest is said in the coach's own words."""

RETRY_SECONDS = 8.0

_HOPELESS = frozenset({"language", "refusal", "leak", "machine", "repeats"})
"""Faults after which nothing more of this reply is listened to."""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that is known of a turn when its wording begins.

    ``reply`` is the kept reply, ``people`` are those whose names stay on this machine; ``fresh``: the plan is new, so
    that its fields are worded too.
    """

    user: str
    turn_id: str
    read: Reading
    plan: RepairPlan
    reply: str
    deadline: datetime
    people: Sequence[Person] = ()
    fresh: bool = True


class Speech:
    """One turn's words. Use as an async context: leaving it ends what still runs."""

    def __init__(self, brief: Brief, prompts: Texts, name: str, asking: Callable[[str], Asking]) -> None:
        self._brief, self._prompts, self._name, self._asking = brief, prompts, name, asking
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

    # ---- the reply

    async def pieces(self) -> AsyncGenerator[str]:
        """Yield the reply, a sentence or a kept line a piece. Always whole; never raises LanguageModelTrouble."""
        brief = self._brief
        lines = wording.lines(brief.reply)
        worded = [line for line in lines if line.number]
        if not worded:
            yield brief.reply
            return
        prompt = self._prompt(worded)
        ground = wording.ground(brief.plan, brief.read, (prompt[0][1],), _plain(lines))
        self._words = len(brief.reply.split())
        if brief.fresh:
            self._beside = asyncio.create_task(self._word_plan())
        teller = _Lines(lines)
        try:
            async with aclosing(self._heard(prompt)) as sentences:
                async for heard in sentences:
                    for piece in teller.before(heard.number):
                        yield piece
                    said = await self._sentence(heard, teller, ground)
                    if said is not None:
                        yield said
                    if self._failed >= MOST_FAILED:
                        break
        except LanguageModelTrouble:
            self._notice("cut" if self._spoke else "silent")
            if self._beside is not None and not self._began.is_set():
                self._beside.cancel()
        for piece in teller.rest():
            yield piece
        self._began.set()
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

    async def _sentence(self, heard: Heard, teller: _Lines, ground: vetting.Ground) -> str | None:
        """Return what is said for one sentence of the language model, or None: nothing more in this line."""
        line = teller.open(heard.number)
        if line is None:
            return None
        wanted = teller.expected(line, asked=self._asked)
        sentence, faults = heard.text, self._faults(heard.text, ground, wanted, line)
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

    def _faults(self, sentence: str, ground: vetting.Ground, wanted: vetting.Expected, line: Line) -> tuple[str, ...]:
        found = vetting.faults(sentence, ground, wanted)
        if self._words - len(line.text.split()) + len(sentence.split()) > MOST_WORDS:
            found = (*found, "too_long")
        self.spoken.found += len(found)
        return found

    async def _again(self, sentence: str, kept: str, faults: Collection[str]) -> str | None:
        """Ask once more for a sentence, with what was wrong about it named; None when it is not worth it or fails."""
        if self._retries >= MOST_RETRIES or _HOPELESS & set(faults):
            return None
        self._retries += 1
        words = self._prompts.render(
            "again.user", sentence=sentence[:400], kept=kept, faults=list(dict.fromkeys(faults))
        )
        prompt = (("system", self._prompts.render("wording.system")), ("user", words))
        try:
            answer = await self._asking("again").fill(prompt, wording.schema(["sentence"]), RETRY_SECONDS)
        except LanguageModelTrouble:
            return None
        return wording.tidy(str(answer.get("sentence", "")))

    def _prompt(self, lines: Sequence[Line]) -> Prompt:
        step = self._brief.plan.steps[0]
        message = clipped(without_orders(self._brief.read.text), MESSAGE_WORDS)
        words = self._prompts.render("wording.user", message=message, action=step.action, say=step.say, lines=lines)
        return (("system", self._prompts.render("wording.system")), ("user", words))

    def _notice(self, why: str) -> None:
        self.spoken.notice = self.spoken.notice or self._prompts.render("notice.fixed", why=why)

    # ---- the plan's fields, beside it

    async def finish(self) -> Spoken:
        """Wait for what runs beside the reply and return what came of the turn."""
        if self._beside is not None:
            await asyncio.wait({self._beside})
        if self.spoken.plan is not None:
            plan = self.spoken.plan
            self.spoken.plan = replace(plan, checked=self.spoken.checked(plan.checked))
        return self.spoken

    async def _word_plan(self) -> None:
        """Word the plan's fields once the reply has begun, so that its first words wait for nothing."""
        await self._began.wait()
        plan, texts = self._brief.plan, wording.fields(self._brief.plan)
        texts = {name: text for name, text in texts.items() if not without_orders(text).startswith("…")}
        message = clipped(without_orders(self._brief.read.text), MESSAGE_WORDS)
        system = self._prompts.render("plan.system")
        prompt = [("system", system), ("user", self._prompts.render("plan.user", message=message, texts=texts))]
        asking = self._asking("plan")
        ground = wording.ground(plan, self._brief.read, (system,), "")
        try:
            answer = await asking.fill(prompt, wording.schema(texts))
            said, failed = self._sorted(answer, texts, ground)
            if failed:
                words = self._prompts.render("again_plan.user", failed=_named(failed, answer, texts))
                again = await self._asking("again").fill(
                    [*prompt, ("user", words)], wording.schema(failed), RETRY_SECONDS * 2
                )
                better, failed = self._sorted(again, {name: texts[name] for name in failed}, ground)
                said |= better
        except LanguageModelTrouble:
            return
        for name, faults in failed.items():
            self.spoken.replace(name, str(answer.get(name, "")), faults, texts[name])
        if said:
            self.spoken.name = self._name
            self.spoken.plan = wording.worded(plan, said)

    def _sorted(
        self, answer: Mapping[str, object], texts: Mapping[str, str], ground: vetting.Ground
    ) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """Return the texts that may be said, and of the others what is wrong with them."""
        said: dict[str, str] = {}
        failed: dict[str, tuple[str, ...]] = {}
        for name, kept in texts.items():
            text = wording.tidy(str(answer.get(name) or ""))
            faults = vetting.faults(text, ground, wording.expected(name, kept))
            self.spoken.found += len(faults)
            if faults:
                failed[name] = faults
            else:
                said[name] = text
        return said, failed


def _named(
    failed: Mapping[str, Sequence[str]], answer: Mapping[str, object], texts: Mapping[str, str]
) -> list[dict[str, object]]:
    return [
        {"name": name, "said": str(answer.get(name, ""))[:300], "faults": list(faults), "kept": texts[name]}
        for name, faults in failed.items()
    ]


def _plain(lines: Sequence[Line]) -> str:
    return "\n".join(without_orders(line.text) for line in lines)


class _Lines:
    """The lines of a reply, and how far they are said."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines, self._at = list(lines), 0
        self._said: dict[int, int] = {}
        self._closed: set[int] = set()

    def before(self, number: int) -> list[str]:
        """Return the kept lines that stand before a numbered one and are still to be said."""
        at = next((at for at, line in enumerate(self._lines) if line.number == number), None)
        if at is None:
            return []
        return self._until(at)

    def rest(self) -> list[str]:
        """Return the kept lines that are left."""
        return self._until(len(self._lines))

    def _until(self, end: int) -> list[str]:
        kept = []
        while self._at < end:
            line = self._lines[self._at]
            if not (line.number and (self._said.get(line.number) or line.number in self._closed)):
                kept.append(line.before + line.text)
            self._at += 1
        return kept

    def open(self, number: int) -> Line | None:
        """Return the line that a sentence may still be said in, or None."""
        if self._at >= len(self._lines) or number in self._closed:
            return None
        line = self._lines[self._at]
        fits = line.number == number and self._said.get(number, 0) < wording.MOST_SENTENCES
        return line if fits and number else None

    def expected(self, line: Line, *, asked: bool) -> vetting.Expected:
        """Return what the next sentence of a line has to be; only its first has to keep the line's sense."""
        wanted = line.expected
        wanted = replace(wanted, asks=wanted.asks and not asked)
        return replace(wanted, near=(), must=frozenset()) if self.said(line) else wanted

    def said(self, line: Line) -> bool:
        """True when something was said in this line."""
        return bool(self._said.get(line.number))

    def say(self, line: Line, sentence: str) -> str:
        """Return a sentence with the space before it."""
        first = not self.said(line)
        self._said[line.number] = self._said.get(line.number, 0) + 1
        return (line.before if first else " ") + sentence

    def give_up(self, line: Line) -> str:
        """Close a line; return the kept one with the space before it, or nothing when the line has begun already."""
        self._closed.add(line.number)
        return "" if self.said(line) else line.before + line.text
