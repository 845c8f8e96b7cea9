"""The ground a language model's answer is checked against: everything that was given to it for one turn. Pure.

Numbers of sentences and ids of people mean the same here, in the request and in the answer. Knows no language model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from coach.domain.accounts import Account, Party
from coach.domain.events import Catalogue
from coach.domain.letters import Letter, Sentence, even
from coach.domain.plans import RepairPlan
from coach.domain.principles import Citation, Principle
from coach.domain.readings import Reading
from coach.rows import any_of

_CARD_SENTENCE = re.compile(r"(?<=[.?!])\s+")
SHORTEST_QUOTE, LONGEST_QUOTE = 4, 45
"""Words of a card's sentence that can be quoted."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step of the open plan. ``came`` says what came of it, "" while nothing did."""

    number: int
    cue: str
    action: str
    say: str
    due: str
    came: str = ""


@dataclass(frozen=True)
class Given:
    """What was given for one turn.

    ``letters``: everything the user wrote in this matter, the new message last. ``floor``: what code settled.
    ``parties``: the people so far by the ids of the request (p1 …). ``cards``: those given whole; ``citable``:
    those that were retrieved as well, further down, and the evidence that supports steps. ``known``: texts of the
    journal's moments with the person. ``own_harm``: taps, journal or floor hold a harm by the user. ``tapped``:
    what was pressed instead of written, in a sentence. ``english``: whether a text is in English. ``named``: the
    people whom a text names. ``short``: the user wants few and plain words. ``replies``: what was answered to each
    earlier letter.
    """

    letters: tuple[Letter, ...]
    floor: Reading
    catalogue: Catalogue
    cards: tuple[Principle, ...]
    now: datetime
    citable: tuple[Principle, ...] = ()
    zone: str = ""
    short: bool = False
    replies: tuple[str, ...] = ()
    account: Account | None = None
    parties: Mapping[str, Party] | None = None
    plan: RepairPlan | None = None
    steps: tuple[OpenStep, ...] = ()
    names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    own_harm: bool = False
    tapped: str = ""
    ranked: tuple[str, ...] = ()
    english: Callable[[str], bool] = lambda _: True
    named: Callable[[str], Sequence[str]] = lambda _: ()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of the conversation, by number from 1."""
        return tuple(sentence for letter in self.letters for sentence in letter.sentences)

    @property
    def first_new(self) -> int:
        """The number of the first sentence of the new message (one past the last where only a tap came)."""
        if self.tapped or not self.letters:
            return len(self.sentences) + 1
        return self.letters[-1].first

    @property
    def later(self) -> bool:
        """Whether this is a later turn: something may have come of a step, or been agreed."""
        return len(self.letters) > 1 or self.plan is not None

    @property
    def text(self) -> str:
        """Everything the user wrote in this matter."""
        return "\n\n".join(letter.text for letter in self.letters)

    @cached_property
    def ordered(self) -> frozenset[int]:
        """The numbers of the sentences that give orders to a machine."""
        spans = [even(span) for span in self.floor.orders]
        return frozenset(
            each.number
            for each in self.sentences
            if any(span and (span in even(each.text) or even(each.text) in span) for span in spans)
        )

    @cached_property
    def card_sentences(self) -> Mapping[str, tuple[str, ...]]:
        """The sentences of each card that may be cited, numbered from 1: the statement's, then the body's."""
        return {card.id: card_sentences(card) for card in (*self.cards, *self.citable)}

    def sentence(self, number: object) -> Sentence | None:
        """Return the sentence of a number, None when there is none of it."""
        whole = isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= len(self.sentences)
        return self.sentences[number - 1] if whole else None  # type: ignore[operator]

    def holds(self, words: object, number: object = None) -> bool:
        """Whether words stand in a sentence (or anywhere in the new message), and not inside an order."""
        if not isinstance(words, str) or not words.strip():
            return False
        if number is not None:
            held = self.sentence(number)
            within = held is not None and held.number not in self.ordered and even(words) in even(held.text)
            return within or self._across(words, number)
        fresh = (each for each in self.sentences if each.number >= self.first_new and each.number not in self.ordered)
        return any(even(words) in even(each.text) for each in fresh) or self._across(words, None)

    def _across(self, words: str, number: object) -> bool:
        """Whether words that go over the end of a sentence stand in the letter, from the sentence of that number on."""
        if number is not None and (self.sentence(number) is None or number in self.ordered):
            return False
        for letter in self.letters if number is not None else self.letters[-1:]:
            found = letter.quote(words)
            if found is not None and (number is None or found.sentence == number):
                return True
        return False

    def citation(self, card_id: object, number: object) -> Citation | None:
        """Return the citation of a card's sentence, None when the card was not offered or it cannot be quoted."""
        card = next((each for each in (*self.cards, *self.citable) if each.id == card_id), None)
        if card is None or not isinstance(number, int):
            return None
        sentences = self.card_sentences[card.id]
        if not 1 <= number <= len(sentences) or not quotable(sentences[number - 1], card):
            return None
        return Citation(card.id, sentences[number - 1], card.grade, card.caution)


def card_sentences(card: Principle) -> tuple[str, ...]:
    """Return the sentences of a card: the statement's first, then the body's."""
    text = f"{card.statement} {' '.join(card.body.split())}"
    return tuple(each for each in _CARD_SENTENCE.split(text) if each)


def quotable(sentence: str, card: Principle) -> bool:
    """Whether a sentence of a card stands alone, word for word."""
    count = len(sentence.split())
    leans = any_of("words/leaning").match(sentence.lower())
    return SHORTEST_QUOTE <= count <= LONGEST_QUOTE and leans is None and sentence in card.text
