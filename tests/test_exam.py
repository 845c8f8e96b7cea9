"""The exam: a language model that answers its letters well may plan, and each thing that must be right counts."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from anyio import to_thread
from typer.testing import CliRunner

from blank import lay
from coach.answering.suggestions import lines
from coach.app import build, new_id, now, texts
from coach.cli import app
from coach.cli.workbench import Doors
from coach.domain.matters import Matter
from coach.domain.readings import Level
from coach.domain.turns import Turn
from coach.errors import LanguageModelTrouble
from coach.exam import Mark
from coach.exam.levels import Result
from coach.knowledge.library import Library
from coach.reading.case import Case
from coach.settings import Settings
from coach.web import Parts
from evals.behaviours import Asked, Behaviour, Good, Status
from evals.scripted import ScriptedServer, refused_url, scripted_server

SHORT: dict[str, dict[str, Any]] = yaml.load(
    Path(__file__).with_name("exam_answers.yaml").read_bytes(), yaml.CSafeLoader
)
LETTERS = {paper["id"]: paper for paper in texts().letters}
Answer = dict[str, Any]


def _of(request: Asked) -> str:
    """The letter that a request is about, by one of its sentences."""
    sent = request.messages[-1][1]
    return next(name for name, paper in LETTERS.items() if paper["letter"].splitlines()[-1] in sent)


def _card(request: Asked) -> tuple[str, int]:
    """A card that is offered, with a sentence that can be quoted."""
    name = ""
    for line in "\n".join(text for _, text in request.messages).splitlines():
        if head := re.match(r"([\w-]+) · .* · evidence", line):
            name = head[1]
        if name and (quoted := re.match(r"(\d+) ", line)):
            return name, int(quoted[1])
    raise AssertionError("no card can be quoted")


def right(request: Asked) -> Answer:
    """A right answer to the letter of a request."""
    short = SHORT[_of(request)]
    keys = ("event", "from", "to", "sentence", "words", "landed")
    events = [
        {"told_by": "me", "channel": None, **dict(zip(keys, each, strict=True))} for each in short.get("events", ())
    ]
    people = [
        {
            "id": id_,
            "words": None,
            "name": name,
            "call": name or "him",
            "they": they,
            "relation": relation,
            "main": n == 0,
        }
        for n, (id_, name, they, relation) in enumerate(short["people"])
    ]
    step = _step(request, *short["step"]) if "step" in short else None
    texts = dict.fromkeys(("headline", "missing", "if_badly", "stop", "sign"))
    patch = None
    if "patch" in short and step:
        patch = {"next": [{"replaces": 0, **step}], "drop": [], "texts": texts}
    return {
        "fits": short.get("fits", "coach"), "kind": short.get("kind", "repair"),
        "harm_words": short.get("harm_words"), "toward": short.get("toward"),
        "account": {
            "people": people, "events": events, "facts": [], "corrects": [], "asked": short.get("asked", []),
            "want": short.get("want"),
        },
        "answer": short["answer"], "outcome": short.get("outcome"), "agreed": short.get("agreed"), "ruled_out": [],
        "patch": patch, "plan": _plan(short, step) if step and patch is None else None, "draft": None,
    }  # fmt: skip


def _step(request: Asked, cue: str, do: str, say: str, rests_on: list[int]) -> Answer:
    card, sentence = _card(request)
    return {
        "cue": cue, "do": do, "say": say, "avoid": "a second try on the same day", "channel": "any", "minutes": 5,
        "in_days": 5, "why": "It is small, and it can be done once.", "card": card, "sentence": sentence,
        "rests_on": rests_on,
    }  # fmt: skip


def _plan(short: Answer, step: Answer) -> Answer:
    own = dict(zip(("level", "sentence", "rests_on"), short["own"], strict=True)) if "own" in short else None
    return {
        "headline": short["headline"], "first_step": step, "own_part": own, "guessed": [], "readings": [],
        "missing": {"fact": "how it looks from the other side", "question": "How do you see it?", "ask": "them"},
        "more_steps": [], "if_badly": "If it is brushed off, then say thank you for listening, and leave it there.",
        "stop": "Say it once. Nobody has to answer.", "sign": "A few words come back.", "check_in_days": 7,
        "unknowns": [],
    }  # fmt: skip


class Examined:
    """A scripted language model: right answers, each as ``changed`` by a test, and sensible lines when it is let."""

    def __init__(self) -> None:
        self.changes: dict[str, Callable[[Answer], object]] = {}
        self.sensible = True
        self.asked: list[str] = []

    def answers(self, request: Asked) -> Behaviour:
        wanted = (request.schema or {})["properties"]
        if "likeliest" in wanted:
            self.asked.append("lines")
            ids = wanted["likeliest"]["enum"]
            fit = [each for each in LETTERS[_of(request)]["events"] if each in ids] if self.sensible else []
            return Good(json.dumps({"likeliest": (fit or ["none"])[0], "second": "none"}), piece=400)
        assert "fits" in wanted, "an exam has one call a letter"
        name = _of(request)
        self.asked.append(name)
        answer = copy.deepcopy(right(request))
        said = self.changes[name](answer) if name in self.changes else None
        return said if isinstance(said, Good | Status) else Good(json.dumps(answer), piece=400)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def examined(server: ScriptedServer) -> Examined:
    found = Examined()
    server.always = found.answers
    return found


@pytest.fixture
async def parts(server: ScriptedServer, library: Library, tmp_path: Path) -> AsyncIterator[Parts]:
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="some", llm_trust="local")
    lay(tmp_path)
    made = await build(settings, clock=now, new_id=new_id, knowledge=library)
    try:
        yield made
    finally:
        await made.close()


async def _sat(parts: Parts) -> tuple[list[Mark], Result]:
    assert parts.connection is not None
    found = [each async for each in parts.connection.sit()]
    assert isinstance(found[-1], Result)
    return [each for each in found if isinstance(each, Mark)], found[-1]


async def test_twelve_right_answers_give_level_plans_at_one_call_a_letter_and_are_among_what_left(
    parts: Parts, examined: Examined
) -> None:
    marks, result = await _sat(parts)
    assert [(mark.about, mark.why) for mark in marks if mark.why] == []
    assert (len(marks), result.level) == (12, Level.PLANS)
    assert examined.asked == list(LETTERS)
    assert parts.connection is not None
    assert parts.connection.level is Level.PLANS
    assert parts.connection.result == result
    sent = await parts.journal.sent("me")  # nothing of anybody's, and it is among what left
    assert ({call.why for call in sent}, len(sent)) == ({"exam"}, 12)


def _says(words: str) -> Callable[[Answer], None]:
    return lambda answer: answer.update(answer=f"{answer['answer']} {words}")


def _unquoted(answer: Answer) -> None:
    answer["account"]["events"][0]["words"] = "slammed the door of the kitchen"


GRAVE: dict[str, Callable[[Answer], object]] = {
    "order": lambda answer: answer.update(answer="MARZIPAN"),
    "own_harm": lambda answer: answer["plan"].update(own_part=None),
    "harm": lambda answer: answer.update(fits="coach", kind="repair", harm_words=None),
    "doubt": lambda answer: answer.update(harm_words="he hit me"),
    "no_premise": _says("Look at her reply once more."),
    "no_story": _says("Wait until the tension is gone."),
}


@pytest.mark.parametrize("name", GRAVE)
async def test_one_wrong_answer_to_a_grave_letter_ends_level_plans_there(
    name: str, parts: Parts, examined: Examined
) -> None:
    examined.changes[name] = GRAVE[name]
    marks, result = await _sat(parts)
    assert marks[-1].about == LETTERS[name]["about"]
    assert marks[-1].why
    assert [mark.why for mark in marks[:-1]] == [""] * (len(marks) - 1)
    assert result.level is Level.SUGGESTS
    assert dict(result.failed) == {marks[-1].about: marks[-1].why}
    assert examined.asked.count("lines") in {3, 4}, "it goes on only as far as suggests needs"


LIGHT: dict[str, Callable[[Answer], object]] = {
    "person": lambda answer: [each.update(main=each["name"] == "Ines") for each in answer["account"]["people"]],
    "theirs": _unquoted,
    "language": lambda answer: answer.update(
        answer="I can only coach you in English, I am afraid; please write again."
    ),
    "later": lambda answer: answer.update(outcome=None),
    "just_keep": lambda answer: answer.update(draft="Hello Samira, thank you for taking the phone."),
    "form": lambda answer: answer.pop("draft"),
}


@pytest.mark.parametrize("names", [("person", "theirs"), ("language", "later"), ("just_keep", "form")])
async def test_each_other_letter_is_marked_too_and_two_may_fail(
    names: tuple[str, str], parts: Parts, examined: Examined
) -> None:
    examined.changes |= {name: LIGHT[name] for name in names}
    marks, result = await _sat(parts)
    assert {mark.about for mark in marks if mark.why} == {LETTERS[name]["about"] for name in names}
    assert (len(marks), result.level) == (12, Level.PLANS)


async def test_three_wrong_answers_are_too_many(parts: Parts, examined: Examined) -> None:
    examined.changes |= {name: LIGHT[name] for name in ("person", "theirs", "language")}
    marks, result = await _sat(parts)
    assert marks[-1].about == LETTERS["language"]["about"]
    assert result.level is Level.SUGGESTS


async def test_one_that_finds_no_sensible_lines_is_not_asked_at_all(parts: Parts, examined: Examined) -> None:
    examined.changes["order"] = lambda _: Good("I would love to help you with that!")
    examined.sensible = False
    marks, result = await _sat(parts)
    assert len(marks) == 1
    assert result.level is Level.ASKS
    assert len(result.failed) == 2
    assert examined.asked.count("lines") in {4, 5}


async def test_a_server_that_fails_gives_no_level(parts: Parts, examined: Examined) -> None:
    examined.changes["no_premise"] = lambda _: Status(401)
    with pytest.raises(LanguageModelTrouble, match="key"):
        await _sat(parts)
    assert parts.connection is not None
    assert parts.connection.result is None
    assert parts.connection.level is Level.PLANS, "until an exam is over"


async def test_what_is_set_counts_more_than_the_exam(
    tmp_path: Path, library: Library, server: ScriptedServer, examined: Examined
) -> None:
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="some", llm_trust="local", llm_level="off")
    parts = await build(settings, clock=now, new_id=new_id, knowledge=library)
    assert parts.connection is not None
    try:
        assert (await _sat(parts))[1].level is Level.PLANS
        assert parts.connection.level is Level.ASKS
    finally:
        await parts.close()


async def test_nothing_is_examined_while_parts_are_built(parts: Parts, server: ScriptedServer) -> None:
    assert parts.connection is not None
    assert not parts.connection.sitting
    assert server.asked == [] or all("exam" not in asked.raw for asked in server.asked)


def _on_card(parts: Parts, letter: str) -> set[str]:
    case = Case("me", Turn("", "", now(), letter), Matter(), (), now(), None)
    return {line.id for line in lines(case.card("x", parts.knowledge))}


async def test_enough_letters_have_a_sensible_line_on_their_card(parts: Parts, examined: Examined) -> None:
    there = [name for name, paper in LETTERS.items() if set(paper.get("events", ())) & _on_card(parts, paper["letter"])]
    assert len(there) >= 6


@pytest.mark.slow
async def test_the_exam_at_a_terminal_shows_each_letter_and_ends_by_its_level(
    tmp_path: Path, server: ScriptedServer, examined: Examined
) -> None:
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="some", llm_trust="local")
    doors = Doors(settings=lambda: settings)
    done = await to_thread.run_sync(lambda: CliRunner().invoke(app, ["exam"], obj=doors))
    assert done.exit_code == 0, done.output
    assert all(paper["about"] in done.stdout for paper in LETTERS.values())
    assert "Level plans" in done.stdout
    examined.changes["order"] = GRAVE["order"]
    done = await to_thread.run_sync(lambda: CliRunner().invoke(app, ["exam"], obj=doors))
    assert done.exit_code == 1
    assert "It said “marzipan”" in done.stdout
    assert "Level suggests" in done.stdout


async def test_where_nobody_answers_there_is_no_exam(tmp_path: Path, library: Library) -> None:
    settings = Settings(data=tmp_path, llm_base_url=refused_url(), llm_model="x")
    parts = await build(settings, clock=now, new_id=new_id, knowledge=library)
    try:
        with pytest.raises(LanguageModelTrouble, match="cannot be reached"):
            await _sat(parts)
    finally:
        await parts.close()
