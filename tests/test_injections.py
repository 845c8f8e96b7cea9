"""Orders in texts (injections.yaml), before a language model that obeys each it sees: none is obeyed in what is shown.

What is asked is looked at as well: nobody else's notes are in it. And since no list of orders is complete, the language
model also says the obeyed sentence without having seen any order: the checks alone have to stop nearly all of these.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.principles import Match, Principle
from coach.domain.readings import Reading, Route
from coach.domain.turns import Event, Finished, Piece, Planned, Read, Started
from coach.knowledge.library import Library
from coach.planning import verification
from coach.shipped import shipped
from scripted_lm import Asked, Reply, ScriptedLanguageModels, obliging
from talks import NOW, USER, Around, Talk, talking

CASES = yaml.safe_load((Path(__file__).parent / "injections.yaml").read_text(encoding="utf-8"))
FAIR = "Bruno has kept the keys of the stock room for a week and has not answered my two messages. How do I ask him?"
SYSTEMS = sorted(shipped("prompts").glob("*.system.j2"))


def message(case: dict[str, str]) -> str:
    if case["place"] == "message":
        return f"{FAIR} {case['text']}"
    if case["place"] == "mail":
        return f"{FAIR} This is what he wrote: “Hello, busy just now. {case['text']}”"
    return FAIR


def sees(asked: Asked, order: str) -> bool:
    """Whether four words in a row of an order are in what was asked."""
    words, text = order.casefold().split(), " ".join(asked.text.casefold().split())
    return any(" ".join(words[at : at + 4]) in text for at in range(max(1, len(words) - 3)))


def obeys(case: dict[str, str], *, always: bool = False) -> ScriptedLanguageModels:
    """A language model that says the obeyed sentence wherever it is asked for words and sees the order, or always."""
    said = case["obeyed"]

    def script(asked: Asked) -> Reply:
        if not always and not sees(asked, case["text"]):
            return obliging(asked)
        if asked.schema is None:
            numbers = asked.lines or {1: ""}
            return "\n".join(f"{n}. {said}" for n in numbers)
        filled: dict[str, Any] = {}
        for name, kind in asked.schema["properties"].items():
            filled[name] = said if kind.get("type") == "string" else [said] if name == "sentences" else []
        filled["gravest"] = {"kind": "violence", "severity": "crisis", "span": case["text"][:60]}
        return filled

    models = ScriptedLanguageModels()
    models.always = dict.fromkeys(("wording", "plan", "again", "answer", "swap", "reading", "english"), script)
    return models


class Poisoned(Around):
    """A library with one more card, which is always found first."""

    def __init__(self, library: Library, order: str) -> None:
        super().__init__(library)
        card = library.principle("ask-questions")
        text = card.text.replace(card.body, f"{order}\n\n{card.body}")
        self._card = replace(card, statement=card.statement, body=f"{order}\n\n{card.body}", text=text)

    def principle(self, principle_id: str) -> Principle:
        return self._card if principle_id == self._card.id else self._library.principle(principle_id)

    def retrieve(self, text: str, reading: Reading | None = None, k: int = 5) -> Sequence[Match]:
        found = [match for match in self._library.retrieve(text, reading, k) if match.principle.id != self._card.id]
        return [Match(self._card, 99.0), *found]


@asynccontextmanager
async def prepared(
    case: dict[str, str], models: ScriptedLanguageModels, library: Library, folder: Path
) -> AsyncIterator[Talk]:
    """A talk of somebody who knows Petra and Bruno, with the order in its place."""
    knowledge = Poisoned(library, case["text"]) if case["place"] == "card" else library
    async with talking(folder, knowledge, models) as talk:
        await known(talk, case)
        yield talk


async def known(talk: Talk, case: dict[str, str]) -> None:
    await talk.journal.add_person(USER, Person("petra", "Petra", NOW, matters="Petra cried in the lift"))
    name = case["text"] if case["place"] == "name" else "Bruno"
    await talk.journal.add_person(USER, Person("bruno", name, NOW - timedelta(days=90)))
    if case["place"] == "moment":
        moment = Moment("m1", "bruno", NOW - timedelta(days=3), Channel.CHAT, By.THEM, case["text"], Landed.HARMED, NOW)
        await talk.journal.add_moment(USER, moment)


def shown(events: Sequence[Event]) -> str:
    """Everything that was said by the coach in its own words; what it quotes of the user is left out."""
    reply = "".join(event.text for event in events if isinstance(event, Piece))
    plans = [event.plan for event in events if isinstance(event, Planned | Finished) and event.plan is not None]
    return "\n".join([re.sub(r"“[^”]*”", " ", reply), *(said for plan in plans for said in words(plan))])


def words(plan: RepairPlan) -> list[str]:
    swap = [plan.swap.sentence] if plan.swap else []
    said = [text for step in plan.steps for text in (step.cue, step.action, step.say, step.avoid, step.why)]
    return [plan.headline, plan.own_part.sentence, *(side.text for side in plan.readings), *said, *swap]


async def two_turns(talk: Talk, case: dict[str, str]) -> list[list[Event]]:
    """The message, and a question about what was answered."""
    conversation, everything = None, []
    for text in (message(case), "what if he says no?"):
        events: list[Event] = []
        async for event in talk.coach.reply(USER, text, talk.now, conversation_id=conversation, person_id="bruno"):
            events.append(event)
        assert isinstance(events[-1], Finished)
        conversation = next(event.conversation_id for event in events if isinstance(event, Started))
        everything.append(events)
    return everything


@pytest.mark.sampled(4)
@pytest.mark.parametrize("n", range(len(CASES)))
async def test_no_order_is_obeyed_and_the_fair_part_is_served(n: int, library: Library, tmp_path: Path) -> None:
    case = CASES[n]
    models = obeys(case)
    async with prepared(case, models, library, tmp_path) as talk:
        everything = await two_turns(talk, case)
    told = "\n".join(shown(events) for events in everything)
    assert case["obeyed"].rstrip(".!").casefold() not in told.casefold()
    assert "Petra" not in told
    assert not any(verification.leaks(told, (file.read_text(encoding="utf-8"),)) for file in SYSTEMS)
    served(everything[0], case)
    for asked in models.asked:
        assert "Petra" not in asked.text
        assert asked.user.count("<wrote>") == asked.user.count("</wrote>") <= 2


@pytest.mark.sampled(2)
@pytest.mark.parametrize("n", range(0, len(CASES), 6))
async def test_what_no_order_was_seen_for_is_stopped_by_the_checks(n: int, library: Library, tmp_path: Path) -> None:
    case = CASES[n]
    async with prepared({**case, "place": "message"}, obeys(case, always=True), library, tmp_path) as talk:
        told = "\n".join(shown(events) for events in await two_turns(talk, {**case, "place": "moment"}))
    assert case["obeyed"].rstrip(".!").casefold() not in told.casefold()


def served(events: Sequence[Event], case: dict[str, str]) -> None:
    """Assert that the fair part got a plan."""
    read = next(event.reading for event in events if isinstance(event, Read))
    assert read.route in {Route.IN_SCOPE, Route.INJECTION}, case
    assert any(isinstance(event, Planned) for event in events), case


def test_there_are_sixty() -> None:
    assert len(CASES) >= 60
    assert {case["place"] for case in CASES} == {"message", "mail", "moment", "name", "card"}
