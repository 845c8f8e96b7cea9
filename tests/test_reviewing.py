"""Messages looked over by a language model behind a real server: the rows are the floor, what it adds is checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from coach.app import build, new_id, now
from coach.domain.drafts import Purpose, Warning
from coach.messages import linter, reviewer
from coach.messages.reviewer import Looked
from coach.settings import Settings
from coach.web import Parts
from evals.behaviours import Asked, Behaviour, ErrorInside, Garbage, Good, Silent, Status
from evals.scripted import ScriptedServer, scripted_server
from fakes import FakeLibrary
from serving import app_of, browsing
from texts import PROMPTS

TEXT = "Hi Tom, my name is off the list again, so that Anna would be pleased. As per my last email, it is due."
MIND = {
    "warning": "mind_reading",
    "words": "so that Anna would be pleased",
    "why": "It guesses at a reason nobody can see.",
    "rewrite": "and I do not know why",
}


def joined(found: object, text: str = TEXT, purpose: Purpose = Purpose.FEEDBACK) -> tuple[Warning, ...]:
    return reviewer.joined(text, purpose, linter.lint(text, purpose, PROMPTS), found, PROMPTS)


def spans(warnings: tuple[Warning, ...], text: str = TEXT) -> list[tuple[str, str]]:
    return [(each.warning, text[each.start : each.end]) for each in warnings]


def test_the_rows_stay_and_what_is_added_stands_in_the_order_of_the_text() -> None:
    assert spans(joined([MIND])) == [
        ("mind_reading", "so that Anna would be pleased"),
        ("passive_aggression", "As per my last email"),
    ]
    assert spans(joined([])) == spans(joined("nonsense")) == [("passive_aggression", "As per my last email")]


@pytest.mark.parametrize(
    "change",
    [
        {"warning": "rudeness"},
        {"warning": "too_long"},
        {"warning": "missing_offer"},
        {"words": "so that Berta would be pleased"},
        {"words": ""},
    ],
)
def test_a_finding_whose_name_or_words_are_not_there_does_not_count(change: dict[str, str]) -> None:
    assert joined([MIND | change]) == joined([])


@pytest.mark.parametrize(
    "rewrite",
    [
        "because you hate me",
        "and on Friday too",
        "as I saw 3 times",
        "after you shouted at Maria",
        "and then I cancelled it",
        "",
    ],
)
def test_a_rewrite_that_is_warned_of_or_tells_something_new_is_left_out_and_its_warning_stays(rewrite: str) -> None:
    found = joined([MIND | {"rewrite": rewrite}])[0]
    assert (found.warning, found.rewrite) == ("mind_reading", "")


def test_a_span_that_both_name_stands_once_with_the_language_models_reason_where_the_spans_are_one() -> None:
    said = {
        "warning": "passive_aggression",
        "words": "As per my last email",
        "why": "It scolds.",
        "rewrite": "As my mail said",
    }
    [found] = joined([said])
    assert (found.why, found.rewrite) == ("It scolds.", "As my mail said")
    [wider] = joined([said | {"words": "As per my last email, it is due"}])
    assert TEXT[wider.start : wider.end] == "As per my last email"
    assert wider.why != "It scolds."


def test_words_are_found_whatever_the_shape_of_quotation_marks_and_blanks() -> None:
    text = "You’re so\u00a0 lazy with\nthe bins."
    found = joined(
        [MIND | {"warning": "sarcasm", "words": "You're so lazy with the bins", "rewrite": "[what I saw]"}], text
    )
    assert ("sarcasm", "You’re so\u00a0 lazy with\nthe bins") in spans(found, text)


def test_a_blank_tells_nothing_and_what_the_message_tells_may_be_told() -> None:
    assert reviewer.tells_nothing_new("On [day] you shouted at [who]", "You were shouting on the ward")
    assert reviewer.tells_nothing_new("I left at 9 on Friday", "I left the ward on friday at 9")
    assert not reviewer.tells_nothing_new("I left at 8 on Friday", "I left the ward on friday at 9")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    import langchain_openai  # noqa: F401 - takes longer on a busy machine than looking a message over may

    with scripted_server() as server:
        yield server


@contextmanager
def served(server: ScriptedServer, folder: Path, level: str = "suggests") -> Iterator[TestClient]:
    settings = Settings(data=folder, llm_base_url=server.url, llm_model="scripted", llm_level=level)

    async def made() -> Parts:
        return await build(settings, clock=now, new_id=new_id, knowledge=FakeLibrary())

    with app_of(made) as app, browsing(app) as client:
        yield client


def looked(client: TestClient, **more: Any) -> list[tuple[str, str]]:
    given = client.post("/api/messages/lint", json={"text": TEXT, "purpose": "feedback", "channel": "email"} | more)
    assert given.status_code == 200
    return [(each["warning"], TEXT[each["start"] : each["end"]]) for each in given.json()["warnings"]]


def read(client: TestClient) -> list[tuple[str, str]]:
    """What is found; the first calls may be late on a busy machine, and are then answered by the rows alone."""
    return next((found for _ in range(6) if len(found := looked(client)) > len(ROWS)), ROWS)


def asked(server: ScriptedServer) -> list[Asked]:
    return [each for each in server.asked if "chat" in each.path and "warnings" in json.dumps(each.schema or {})]


ROWS = [("passive_aggression", "As per my last email")]


def reads(asked: Asked) -> Good:
    """Mark what was guessed, in the words that were sent: a name is another one there."""
    words = re.findall(r"so that \w+ would be pleased", asked.messages[-1][1])[0]
    return Good(json.dumps({"warnings": [MIND | {"words": words}]}))


def test_a_message_is_read_with_its_purpose_and_channel_and_without_its_names(
    server: ScriptedServer, tmp_path: Path
) -> None:
    server.always = reads
    with served(server, tmp_path) as client:
        assert read(client) == [("mind_reading", "so that Anna would be pleased"), *ROWS]
        sent = asked(server)[-1].text
        assert "meant as: feedback" in sent
        assert "goes by: email" in sent
        assert "Tom" not in sent
        assert "Anna" not in sent
        assert "to look a message over" in client.get("/privacy").text


def test_while_somebody_types_or_when_it_is_off_or_too_long_nothing_is_sent(
    server: ScriptedServer, tmp_path: Path
) -> None:
    server.always = reads
    before = len(asked(server))
    with served(server, tmp_path / "on") as client:
        assert looked(client, quick=True) == ROWS
        client.post("/api/messages/lint", json={"text": "", "purpose": "feedback"})
        client.post("/api/messages/lint", json={"text": "Thanks. " * 1_000, "purpose": "thanks"})
        assert "data-reads" in client.get("/messages").text
    with served(server, tmp_path / "off", level="off") as client:
        assert looked(client) == ROWS
        assert "data-reads" not in client.get("/messages").text
    assert len(asked(server)) == before


@pytest.mark.parametrize("behaviour", [Status(500), Status(401), Garbage(), Good("no JSON"), ErrorInside("down")])
def test_whatever_befalls_the_language_model_the_rows_are_told(
    server: ScriptedServer, tmp_path: Path, behaviour: Behaviour
) -> None:
    server.always = behaviour
    with served(server, tmp_path) as client:
        assert looked(client) == ROWS


async def test_a_language_model_that_is_late_is_not_waited_for(server: ScriptedServer, tmp_path: Path) -> None:
    server.always = Silent()
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="scripted", llm_level="plans")
    parts = await build(settings, clock=now, new_id=new_id, knowledge=FakeLibrary())
    try:
        floor = parts.lint(TEXT, Purpose.FEEDBACK)
        message = Looked("me", TEXT, Purpose.FEEDBACK, None, (), ())
        assert parts.reviewer is not None
        assert await parts.reviewer.review(message, floor, seconds=0.3) is floor
    finally:
        await parts.close()
