"""A turn with a language model on a terminal: what was read, the words, what was taken back, why it went on by taps."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from coach.cli import app, workbench
from coach.cli.workbench import Doors
from coach.knowledge.library import Library
from coach.settings import Settings, read
from coach.web import Parts
from evals.scripted import ScriptedServer, scripted_server
from talks import wired
from test_answering import FIRST, Answers


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """The language model's server."""
    with scripted_server() as it:
        yield it


def chat(data: Path, library: Library, server: ScriptedServer, one: dict[str, Any]) -> str:
    """Pipe a letter into ``coach chat`` and return what it shows."""
    model = {"llm_base_url": server.url, "llm_model": "scripted", "llm_level": "plans"}

    async def build(settings: Settings, report: workbench.Report | None) -> Parts:
        return await wired(data, library, **model)

    doors = Doors(lambda: read({"COACH_DATA": str(data)}), build, lambda: False)
    said = CliRunner().invoke(app, ["chat"], obj=doors, input=" ".join(one["sentences"]))
    assert said.exit_code == 0, said.output
    return " ".join(said.stdout.split())


def _case() -> tuple[dict[str, Any], Answers]:
    one = copy.deepcopy(FIRST[0])
    answers = Answers()
    answers.answer = one["answer"]
    return one, answers


def test_the_turn_is_told_in_its_order_with_what_was_taken_back(
    tmp_path: Path, library: Library, server: ScriptedServer
) -> None:
    one, answers = _case()
    first = one["answer"]["answer"].split(". ")[0] + "."
    answers.flags = [{"part": "answer 1", "words": first[5:25], "sort": "circumstance", "why": "nobody said so"}]
    answers.again = {"answer": [{"was": first, "instead": "Say it once, and leave it there."}]}
    server.always = answers.of
    said = chat(tmp_path, library, server, one)
    words = json.dumps(one["answer"]["account"]["events"][0]["words"])[1:-1]
    order = [
        f"Read: “{words}”",
        first,
        "I check that",
        f"Taken back: {first}",
        "Instead: Say it once",
        "Say: I told you",
    ]
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert said.count(one["answer"]["plan"]["missing"]["question"]) == 1  # it is for the user, and closes the answer


def test_a_turn_that_goes_on_by_taps_says_why(tmp_path: Path, library: Library, server: ScriptedServer) -> None:
    one, answers = _case()
    one["answer"]["plan"]["first_step"]["minutes"] = 45
    answers.again = {"first_step": one["answer"]["plan"]["first_step"]}
    server.always = answers.of
    assert "so I go on by taps" in chat(tmp_path, library, server, one)
