"""Answers a follow-up freely from the plan, the cards and the journal; the kept answer stands ready for all that fails.

In English each sentence is said once it is found sound. In another language the answer is first turned into English by
an errand of its own that sees nothing else, and said only when every sentence of it is sound.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from coach.coaching import wording
from coach.coaching.wording import Heard, Hearing
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.errors import LanguageModelTrouble
from coach.planning import verification
from coach.planning.verification import Expected, Standard
from coach.ports import Texts
from coach.safety.orders import without_orders
from coach.speaking.asking import Asking, Occasion, Prompt
from coach.speaking.budget import ASKED_WORDS, MESSAGE_WORDS, clipped
from coach.speaking.spoken import Spoken

MOST_SENTENCES, MOST_WORDS = 6, 110
FEWEST_WORDS = 5
RETRY_SECONDS = 8.0
_HOPELESS = frozenset({"refusal", "leak", "machine", "repeats", "language"})


@dataclass(frozen=True, slots=True)
class Question:
    """A follow-up and all it may be answered from. ``kept``: the coach's own answer; ``subject``: what it is about.

    ``cards`` and ``notes`` are texts of one line each.
    """

    occasion: Occasion
    asked: str
    read: Reading
    subject: Reading
    plan: RepairPlan
    kept: str
    cards: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Answer:
    """One answer."""

    def __init__(
        self,
        question: Question,
        prompts: Texts,
        name: str,
        asking: Callable[[str], Asking],
        standard: Standard,
    ) -> None:
        self._standard = standard
        self._question, self._prompts, self._name, self._asking = question, prompts, name, asking
        self.spoken = Spoken()
        self._said: list[str] = []
        self._asks = True
        self._retried = False
        self.english = verification.is_english(question.asked)

    async def pieces(self) -> AsyncGenerator[str]:
        """Yield the answer in pieces. Always whole; never raises LanguageModelTrouble."""
        prompt = self._prompt()
        ground = self._ground()
        why, told = "unfit", ""
        try:
            spoken = self._in_english(prompt, ground) if self.english else self._in_their_language(prompt, ground)
            async with aclosing(spoken) as sentences:
                async for sentence in sentences:
                    yield (" " if self._said else "") + sentence
                    self._said.append(sentence)
        except LanguageModelTrouble as trouble:
            why, told = "cut" if self._said else "silent", str(trouble)
        if len(" ".join(self._said).split()) < FEWEST_WORDS:
            self.spoken.notice = self._prompts.render("notice.fixed", why=why, told=told)
            yield ("\n\n" if self._said else "") + self._question.kept
        if self._said:
            self.spoken.name = self._name

    # ---- in English: sentence by sentence

    async def _in_english(self, prompt: Prompt, ground: verification.Ground) -> AsyncGenerator[str]:
        async with aclosing(self._heard(prompt)) as sentences:
            async for heard in sentences:
                if self._full(heard.text):
                    return
                sentence, faults = heard.text, self._faults(heard.text, ground)
                if faults and not self._retried and not _HOPELESS & set(faults):
                    again = await self._again(prompt, heard.text, faults)
                    if again and not self._full(again) and not (faults := self._faults(again, ground)):
                        sentence = again
                if faults:
                    self.spoken.replace("reply", heard.text, faults, "")
                    if not self._said or _HOPELESS & set(faults):
                        return
                    continue
                self._asks = self._asks and "?" not in sentence
                yield sentence

    async def _heard(self, prompt: Prompt) -> AsyncGenerator[Heard]:
        hearing = Hearing()
        async with aclosing(self._asking("answer").stream(prompt)) as pieces:
            async for piece in pieces:
                for heard in hearing.hear(piece):
                    yield heard
        for heard in hearing.end():
            yield heard

    def _full(self, sentence: str) -> bool:
        words = sum(len(said.split()) for said in self._said) + len(sentence.split())
        return len(self._said) >= MOST_SENTENCES or words > MOST_WORDS

    def _faults(self, sentence: str, ground: verification.Ground) -> tuple[str, ...]:
        found = verification.faults(sentence, ground, self._expected())
        self.spoken.found += len(found)
        return found

    def _expected(self) -> Expected:
        return Expected(near=self._near(), asks=self._asks)

    def _near(self) -> tuple[str, ...]:
        question = self._question
        return (*wording.own_texts(question.plan), question.kept, *question.cards, *question.notes)

    async def _again(self, prompt: Prompt, sentence: str, faults: Sequence[str]) -> str | None:
        self._retried = True
        words = self._prompts.render(
            "again.user", sentence=sentence[:400], kept=wording.first_sentence(self._question.kept), faults=list(faults)
        )
        try:
            answer = await self._asking("again").fill(
                [prompt[0], ("user", words)], wording.schema(["sentence"]), RETRY_SECONDS
            )
        except LanguageModelTrouble:
            return None
        return wording.tidy(str(answer.get("sentence", "")))

    # ---- in another language: whole, and only when its English is sound

    async def _in_their_language(self, prompt: Prompt, ground: verification.Ground) -> AsyncGenerator[str]:
        said: list[str] = []
        async with aclosing(self._heard(prompt)) as sentences:
            async for heard in sentences:
                said.append(heard.text)
                if len(said) > MOST_SENTENCES or sum(len(each.split()) for each in said) > MOST_WORDS:
                    said.pop()
                    break
        if not said or not await self._sound(said, ground):
            return
        for sentence in said:
            yield sentence

    async def _sound(self, said: Sequence[str], ground: verification.Ground) -> bool:
        """Return whether every sentence is in form, and its English is sound."""
        foreign = replace(ground, english=False)
        lines = [{"text": sentence} for sentence in said]
        prompt = (
            ("system", self._prompts.render("english.system")),
            ("user", self._prompts.render("english.user", lines=lines)),
        )
        answer = await self._asking("english").fill(prompt, wording.list_schema("sentences", len(said)))
        given = answer.get("sentences")
        english = [wording.tidy(str(each)) for each in given] if isinstance(given, list) else []
        if len(english) != len(said):
            return False
        for sentence, meaning in zip(said, english, strict=True):
            faults = (*verification.faults(sentence, foreign, Expected()), *self._faults(meaning, ground))
            if not 0.4 <= len(sentence) / max(1, len(meaning)) <= 2.5:
                faults = (*faults, "strays")
            if faults:
                self.spoken.replace("reply", sentence, tuple(dict.fromkeys(faults)), "")
                return False
        return True

    # ---- what it is asked with

    def _prompt(self) -> Prompt:
        question = self._question
        plan, step = question.plan, question.plan.steps[0]
        kept = wording.unconvinced(without_orders(question.kept), plan)
        system = self._prompts.render("answer.system", language="English" if self.english else "")
        user = self._prompts.render(
            "answer.user",
            message=clipped(wording.letter(question.subject, plan), MESSAGE_WORDS),
            headline=plan.headline, cue=step.cue, action=step.action, say=step.say, avoid=step.avoid, why=step.why,
            badly=plan.if_it_goes_badly, stop=plan.stop_rule, fact=plan.missing.fact, question=plan.missing.question,
            cards=list(question.cards), notes=list(question.notes), kept=kept,
            asked=clipped(without_orders(question.asked), ASKED_WORDS),
        )  # fmt: skip
        return (("system", system), ("user", user))

    def _ground(self) -> verification.Ground:
        question = self._question
        ground = wording.ground(
            question.plan, question.subject, self._standard, question.kept, question.cards, question.notes
        )
        asked = without_orders(question.asked)
        context = replace(ground.context, quotes=(*ground.context.quotes, asked))
        return replace(ground, texts=(*ground.texts, asked), context=context)
