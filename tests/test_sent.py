"""What left this machine, as the user sees it: by the API, on the Privacy page, in doctor --usage; and /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient
from typer.testing import CliRunner

import fakes
from blank import blank_journal
from coach.cli import app
from coach.cli.workbench import Doors
from coach.domain.turns import Conversation, Failed
from coach.settings import Settings
from coach.web.parts import USER, Parts
from coach.web.tally import Tally
from sample_journal import NOW, sent, turn
from serving import app_of, browsing, fake_parts

OWN_WORDS = "Two people never replied. Rob went quiet 🌧"


async def parts_with_calls(data: Path) -> Parts:
    parts = await fake_parts(data, llm_base_url="http://127.0.0.1:9/v1", llm_model="some-3b")
    await parts.journal.add_conversation(USER, Conversation("c1", "Tom", NOW))
    await parts.journal.keep_turn(USER, turn())
    await parts.journal.keep_sent(USER, sent())
    later = replace(sent("call2"), at=NOW + timedelta(seconds=2), here=False, outcome="too_long", why="new", ms=61_250)
    await parts.journal.keep_sent(USER, replace(later, destination="api.example", tokens_in=None, tokens_out=None))
    return parts


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[TestClient]:
    with (
        app_of(lambda: parts_with_calls(tmp_path)) as web,
        browsing(web) as it,
    ):
        yield it


def test_the_api_lists_every_call_newest_first_word_for_word(filled: TestClient) -> None:
    calls = filled.get("/api/sent").json()["sent"]
    assert [call["id"] for call in calls] == ["call2", "call1"]
    assert calls[1]["messages"] == [["system", "Say it kindly."], ["user", OWN_WORDS]]
    assert [call["id"] for call in filled.get("/api/sent?limit=1").json()["sent"]] == ["call2"]
    assert filled.get("/api/sent?turn_id=t9").json() == {"sent": []}
    assert filled.get("/api/sent?limit=0").status_code == 422


def test_the_privacy_page_shows_time_destination_why_and_text(filled: TestClient) -> None:
    page = filled.get("/privacy").text
    for words in (
        "What left this machine",
        OWN_WORDS,
        "127.0.0.1:11434 on this machine",
        "to word a reply",
        "api.example",
    ):
        assert words in page
    assert "Answered after 0.9 s. 61 tokens went out and 40 came back." in page
    assert "No use was made of an answer (too long) after 61.2 s." in page
    assert "api.example on this machine" not in page


def test_without_a_language_model_nothing_has_left(client: TestClient) -> None:
    assert "Nothing has left so far." in client.get("/privacy").text
    assert client.get("/api/sent").json() == {"sent": []}


def test_metrics_are_counts_and_durations_alone(client: TestClient) -> None:
    client.post("/api/chat", json={"text": fakes.STORY})
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }
    assert found["coach_turns_total", "finished"] == 1
    assert found["coach_turns_total", "failed"] == 0
    assert found["coach_replies_total", "in_scope"] == 1
    assert found[("coach_turn_seconds_count",)] == 1
    assert found["coach_language_model_tokens_total", "in"] == 0
    assert found[("coach_sentences_replaced_total",)] == 0
    assert "Tom" not in response.text


def test_calls_and_failures_are_counted() -> None:
    tally = Tally()
    tally.call(sent())
    tally.call(replace(sent(), outcome="slow", tokens_in=None, tokens_out=None, ms=97))
    tally.event(Failed("The disk is full."))
    text = tally.text()
    for line in (
        'coach_language_model_calls_total{outcome="answered",why="wording"} 1.0',
        'coach_language_model_calls_total{outcome="slow",why="wording"} 1.0',
        'coach_language_model_tokens_total{way="out"} 40.0',
        "coach_language_model_seconds_sum 1.0",
        'coach_turns_total{outcome="failed"} 1.0',
    ):
        assert line in text
    assert "disk" not in text


@pytest.mark.parametrize("with_calls", [False, True])
def test_doctor_says_what_was_used(tmp_path: Path, with_calls: bool) -> None:
    async def build(settings: Settings, report: object) -> Parts:
        return await (parts_with_calls(tmp_path) if with_calls else fake_parts(tmp_path))

    doors = Doors(lambda: Settings(data=tmp_path), build)
    said = CliRunner().invoke(app, ["doctor", "--usage"], obj=doors)
    assert said.exit_code == 0, said.output
    if not with_calls:
        assert said.stdout.strip() == "No language model was asked so far."
        return
    assert "2024-05-06" in said.stdout
    assert ["all", "2", "1", "61", "40", "62.2"] in [line.split() for line in said.stdout.splitlines()]
    assert "Rob" not in said.stdout


def test_what_was_sent_is_sealed_in_the_file(tmp_path: Path) -> None:
    async def fill() -> None:
        journal = await blank_journal(tmp_path)
        await journal.keep_sent(USER, sent(turn_id=None))
        await journal.close()

    asyncio.run(fill())
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("journal.db*"))
    assert b"Say it kindly" not in stored
    assert b"some-3b" not in stored
