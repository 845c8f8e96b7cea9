"""What a language model may word, and how its words are taken: the lines of a reply, the fields of a plan. Pure.

A reply is worded line by line beside the kept one, so that each of its sentences has a kept sentence to fall back on, and nothing the
kept reply says is lost. Route, stance, days, minutes, channels, citations and the level of the own part are never asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from coach.cues.followups import Ask
from coach.domain.letters import bare
from coach.domain.moments import Moment
from coach.domain.plans import Finding, OwnPartLevel, RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Reading
from coach.domain.violations import Context
from coach.planning import verification
from coach.planning.verification import Expected
from coach.ports import Texts
from coach.safety.orders import LEFT_OUT, is_order, without_orders

MOST_SENTENCES = 3
"""A line is worded in so many sentences at most."""

_LONGEST = 600
"""Characters without an end of a sentence after which none is waited for."""

_END = re.compile(r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\be\.g)(?<!\bi\.e)[.?!…]+[\"”’)\]]*(?=\s+[^\sa-z]|\s*$)")
_NUMBER = re.compile(r"^\s*\**\(?(\d{1,2})[.):]\**\s*")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


# ---- the reply, line by line


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the kept reply. ``number`` counts those a language model words, from 1; 0: said as it is."""

    text: str
    number: int
    before: str  # the white space between it and the line before

    @property
    def expected(self) -> Expected:
        """What a sentence in its place has to be."""
        asks = "?" in re.sub(r"“[^”]*”", " ", self.text)
        return Expected((self.text,), verification.must_keep(self.text), asks)


def questions(text: str) -> list[str]:
    """Return the questions a line asks, those inside quotations left out."""
    spans, start = [], 0
    for mark in _END.finditer(text):
        if text[: mark.end()].count("“") == text[: mark.end()].count("”"):
            spans.append(text[start : mark.end()].strip())
            start = mark.end()
    return [each for each in (*spans, text[start:].strip()) if "?" in re.sub(r"“[^”]*”", " ", each)]


def lines(reply: str) -> list[Line]:
    """Return the lines of a reply. Those from the step's day on are worded no more: they leave the choice with the user.

    Drafts (with blanks in brackets), what leads up to one, and lines that quote an order are said as they are, too.
    """
    found: list[Line] = []
    number, past = 0, False
    for hit in re.finditer(r"(\s*)(\S[^\n]*)", reply):
        before, text = hit.group(1), hit.group(2).rstrip()
        held = any(is_order(quote) for quote in re.findall(r"“([^”]*)”", text))
        held = held or verification.must_keep(text) > verification.must_keep(first_sentence(text))
        worded = not past and "[" not in text and not text.endswith(":") and not held
        past = past or bool(verification.must_keep(text))
        number += worded
        found.append(Line(text, number if worded else 0, before))
    return found


@dataclass(frozen=True, slots=True)
class Heard:
    """One whole sentence of a stream, and the numbered line it stands in."""

    number: int
    text: str


class Hearing:
    """Cuts a stream into sentences as they become whole. A line without a number is taken for the next one."""

    def __init__(self) -> None:
        self._rest, self._number, self._fresh = "", 0, True

    def hear(self, piece: str) -> Iterator[Heard]:
        """Yield the sentences that a further piece makes whole."""
        self._rest += piece
        while True:
            newline = self._rest.find("\n")
            line = self._rest if newline < 0 else self._rest[:newline]
            end = _whole(line, closed=newline >= 0)
            if end is None:
                if newline < 0 and len(line) <= _LONGEST:
                    return
                yield from self._said(line)
                self._rest = self._rest[len(line) + 1 :]
                self._fresh = True
                continue
            yield from self._said(line[:end])
            self._rest = self._rest[end:]

    def end(self) -> Iterator[Heard]:
        """Yield what is left when the stream has ended."""
        yield from self._said(self._rest)
        self._rest = ""

    def _said(self, text: str) -> Iterator[Heard]:
        number = _NUMBER.match(text)
        if number:
            text = text[number.end() :]
        if not text.strip():
            return
        if number:
            self._number = int(number.group(1))
        elif self._fresh:
            self._number += 1
        self._fresh = False
        yield Heard(self._number, tidy(text))


def _whole(line: str, *, closed: bool) -> int | None:
    """Return where the first sentence of a line ends, or None when it is not sure yet. Quotations are not cut."""
    for mark in _END.finditer(line):
        inside = line[: mark.end()]
        last = not line[mark.end() :].strip()
        if _NUMBER.fullmatch(inside.strip() + " ") or (last and not closed):
            continue
        if inside.count("“") == inside.count("”") and inside.count('"') % 2 == 0:
            return mark.end()
    return None


def tidy(text: str) -> str:
    """Return a language model's sentence in the coach's spelling: no emphasis, curly quotation marks, single spaces."""
    text = _EMPHASIS.sub("", text)
    text = re.sub(r'"([^"]*)"', r"“\1”", text)
    return " ".join(text.split())


# ---- the plan's fields


FIELDS: Mapping[str, Expected] = {
    "headline": Expected(asks=False, most_words=30),
    "reading": Expected(asks=False, hedged=True, most_words=35),
    "say": Expected(part="draft", most_words=30),
    "why": Expected(asks=False, most_words=30),
}
"""What a language model may word in a plan, and what each has to be."""


def fields(plan: RepairPlan) -> dict[str, str]:
    """Return the wordable fields of a plan: headline, reading_1 …, say_1 …, why_1 …; a ``why`` that quotes a card is none."""
    quotes = {citation.quote for step in plan.steps for citation in step.citations}
    found = {"headline": plan.headline}
    found |= {f"reading_{n}": side.text for n, side in enumerate(plan.readings, 1)}
    for n, step in enumerate(plan.steps, 1):
        if "[" not in step.say:
            found[f"say_{n}"] = step.say
        if step.why not in quotes:
            found[f"why_{n}"] = step.why
    return found


def expected(field: str, kept: str) -> Expected:
    """Return what the wording of a field has to be."""
    wanted = FIELDS[field.partition("_")[0]]
    asks = kept.rstrip("”\"' ").endswith("?") if wanted.part == "draft" else wanted.asks
    return replace(
        wanted, near=(kept,), must=verification.must_keep(kept), asks=asks or "?" in kept, must_ask="?" in kept
    )


def worded(plan: RepairPlan, said: Mapping[str, str]) -> RepairPlan:
    """Return the plan with its fields as they are said."""
    return replace(
        plan,
        headline=said.get("headline", plan.headline),
        readings=tuple(
            replace(side, text=said.get(f"reading_{n}", side.text)) for n, side in enumerate(plan.readings, 1)
        ),
        steps=tuple(
            replace(step, say=said.get(f"say_{n}", step.say), why=said.get(f"why_{n}", step.why))
            for n, step in enumerate(plan.steps, 1)
        ),
    )


def schema(names: Iterable[str]) -> dict[str, object]:
    """Return the JSON schema of an answer that holds a text for each name and nothing else."""
    every = list(names)
    return {
        "title": "Wording",
        "type": "object",
        "properties": {name: {"type": "string"} for name in every},
        "required": every,
        "additionalProperties": False,
    }


# ---- what it is judged by


def ground(
    plan: RepairPlan,
    read: Reading,
    standard: verification.Standard,
    reply: str,
    cards: tuple[str, ...] = (),
    kept: tuple[str, ...] = (),
) -> verification.Ground:
    """Return what the wording of a plan is judged by. ``cards``: texts of cards, ``kept``: what the journal holds."""
    message = without_orders(read.text)
    people = tuple(dict.fromkeys(name for who in read.people for name in (who.name, who.label) if name))
    seen = tuple(without_orders(each.text) for each in plan.seen)
    guessed = tuple(without_orders(each.text) for each in plan.guessed)
    context = Context(people=people, quotes=(*seen, *guessed, message, *cards), known=seen)
    return verification.Ground(
        texts=(message, *own_texts(plan), reply, *cards, *kept),
        standard=standard,
        context=context,
        no_apology=plan.own_part.level is OwnPartLevel.NONE,
    )


@lru_cache(maxsize=2)
def vocabulary(texts: Texts) -> frozenset[str]:
    """Return the words the coach has for such matters: those of all scenes."""
    return verification.vocabulary(_strings(list(texts.scenes.values())))


def _strings(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield re.sub(r"\{[{%].*?[%}]\}", " ", thing)
    elif isinstance(thing, Mapping):
        for each in thing.values():
            yield from _strings(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from _strings(each)


def own_texts(plan: RepairPlan) -> tuple[str, ...]:
    """Return everything in a plan that the coach worded itself."""
    return (
        plan.headline, plan.missing.fact, plan.missing.question, plan.own_part.sentence, plan.if_it_goes_badly, plan.stop_rule,
        plan.sign_of_success, *plan.unknowns, *(each.question for each in plan.guessed), *(side.text for side in plan.readings),
        *(finding.sentence for finding in plan.findings),
        *(text for step in plan.steps for text in (step.cue, step.action, step.say, step.avoid, step.why)),
    )  # fmt: skip


def letter(read: Reading, plan: RepairPlan) -> str:
    """Return the user's message as a language model may see it: without orders, each conviction turned into its open question."""
    questions = {guessed.text: guessed.question for guessed in plan.guessed}
    text = read.text
    for guess in sorted(read.guesses, key=lambda guess: -guess.start):
        question = questions.get(guess.text)
        if question and text[guess.start : guess.end].strip(" ,;") == guess.text:
            text = f"{text[: guess.start]}({question}) {text[guess.end :].lstrip(' .,;')}"
    return without_orders(text)


def unconvinced(text: str, plan: RepairPlan) -> str:
    """Return a text without the user's convictions in it; "…" stands for each."""
    for guessed in plan.guessed:
        text = text.replace(guessed.text, LEFT_OUT).replace(bare(guessed.text), LEFT_OUT)
    return text


def convinced(sentence: str, line: str, plan: RepairPlan) -> str:
    """Return a sentence with the user's conviction put back where the line has it and the sentence has "…" for it."""
    for guessed in plan.guessed:
        if bare(guessed.text) in line:
            sentence = sentence.replace(f"“{LEFT_OUT}”", f"“{bare(guessed.text)}”", 1)
    return sentence


def quoted(citations: tuple[Citation, ...]) -> tuple[str, ...]:
    """Return the spans that citations quote, without orders in them."""
    return tuple(dict.fromkeys(without_orders(citation.quote) for citation in citations))


def noted(moments: Sequence[Moment], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return what a journal holds of a person in a few lines: its findings, then its last moments. As long however long it is."""
    told = [finding.sentence for finding in findings if finding.pattern is not None]
    last = [f"{moment.happened_at:%d %B}: {_shortened(moment.what)}" for moment in moments[-LAST_MOMENTS:]]
    return tuple(without_orders(line) for line in (*told, *last))


def _shortened(text: str) -> str:
    words = text.split()
    return " ".join(words[:MOMENT_WORDS]) + (" …" if len(words) > MOMENT_WORDS else "")


def asks_back(read: Reading, said: str) -> bool:
    """Return whether a message that goes on with a plan is a question about it and tells of nothing."""
    return bool(read.asked) and len(said.split()) <= MOST_ASKED


LAST_MOMENTS, MOMENT_WORDS = 5, 30
"""Moments of a journal that a language model is given, the newest, and the words of each."""

MOST_ASKED = 30
"""Words of a question about a plan that goes on."""


def first_sentence(text: str) -> str:
    """Return the first sentence of a text."""
    end = _END.search(text)
    return text[: end.end()] if end else text


def list_schema(name: str, most: int) -> dict[str, object]:
    """Return the JSON schema of an answer that holds a list of texts."""
    texts = {"type": "array", "items": {"type": "string"}, "minItems": most, "maxItems": most}
    return {**schema([]), "properties": {name: texts}, "required": [name]}


FREE = frozenset(
    {
        Ask.WHAT_IF_NO, Ask.WONT_WORK, Ask.WHY, Ask.WHEN, Ask.OUTCOME_GOOD, Ask.OUTCOME_SILENT, Ask.OUTCOME_BAD, Ask.NOT_DONE,
        Ask.TAKE_SIDES, Ask.UNCLEAR,
    }
)  # fmt: skip
"""Follow-ups that a language model may answer. The others are about drafts, quotes or the journal itself, letter for letter."""
