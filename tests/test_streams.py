"""A turn as a stream: the events in order, and what is left when the reader goes away."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

import fakes
from coach.errors import StorageTrouble
from coach.web import Parts
from coach.web.streams import opened
from serving import BEARER, fake_parts, serving

SECRET = "Zebra-crossing-4711"


def events(text: str) -> list[tuple[str, Any]]:
    """Parse server-sent events."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def names(text: str) -> list[str]:
    """The events' names, pieces once."""
    return list(dict.fromkeys(name for name, _ in events(text)))


def test_a_turn_streams_the_events_of_the_contract_in_order(client: TestClient) -> None:
    response = client.post("/api/chat", json={"text": fakes.STORY}, headers=BEARER)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert names(response.text) == ["started", "reading", "plan", "piece", "sources", "finished"]
    told = dict(events(response.text))
    assert set(told["started"]) == {"turn_id", "conversation_id"}
    assert {"kind", "route", "account", "people", "moments", "orders", "level"} <= set(told["reading"])
    assert told["reading"]["account"]["parties"][0]["name"] == "Tom"
    assert told["reading"]["moments"][0]["landed"] == "harmed"
    assert told["plan"]["steps"][0]["minutes"] == 5
    assert set(told["finished"]) == {"turn_id", "language_model", "ms"}
    assert told["sources"]["citations"][0]["grade"] == "B"
    said = "".join(data["text"] for name, data in events(response.text) if name == "piece")
    assert said == "".join(fakes.PIECES)


def test_a_second_message_goes_on_in_the_same_conversation(client: TestClient) -> None:
    first = dict(events(client.post("/api/chat", json={"text": fakes.STORY}, headers=BEARER).text))["started"]
    again = {"text": "It was by email.", "conversation_id": first["conversation_id"]}
    assert (
        dict(events(client.post("/api/chat", json=again).text))["started"]["conversation_id"]
        == first["conversation_id"]
    )


@pytest.mark.parametrize("breaks", [RuntimeError(SECRET), StorageTrouble("The disk is full.")])
def test_a_failure_in_the_middle_is_an_event_and_says_nothing_that_was_written(
    client: TestClient, breaks: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    client.app.state.parts.conversation.breaks = breaks  # type: ignore[attr-defined]
    response = client.post("/api/chat", json={"text": SECRET})
    assert names(response.text)[-1] == "failed"
    message = dict(events(response.text))["failed"]["message"]
    assert message.endswith(".")
    assert SECRET not in message
    assert SECRET not in caplog.text


def test_the_page_gets_the_same_turn_as_pieces_of_the_page(client: TestClient) -> None:
    own = {"Origin": "http://127.0.0.1:8000"}
    response = client.post("/chat/stream", data={"text": "<script>alert(1)</script>"}, headers=own)
    assert names(response.text) == ["started", "reading", "plan", "piece", "sources", "finished"]
    told = dict(events(response.text))
    assert "Own the remark to Tom in private" in told["plan"]["html"]
    assert "Keep this moment" in told["reading"]["html"]
    assert "What you tapped" in told["reading"]["read"]
    assert "I corrected or blamed Tom before others" in told["reading"]["read"]
    assert "A message to start from" in told["sources"]["message"]
    assert "Was this of use?" in told["finished"]["tools"]
    assert "<script>" not in response.text


def test_without_script_a_turn_ends_in_the_conversation(client: TestClient) -> None:
    page = client.post("/chat", data={"text": fakes.STORY}, headers={"Origin": "http://127.0.0.1:8000"})
    assert page.status_code == 200
    assert "/conversations/c-1" in str(page.url)
    assert "Own the remark to Tom in private" in page.text
    assert fakes.PIECES[1] in page.text


async def test_a_turn_nobody_reads_to_the_end_is_closed_at_once(tmp_path: Path) -> None:
    parts = await fake_parts(tmp_path)
    async with opened(parts, "me", fakes.STORY, None, None) as said:
        assert [type(await anext(said)).__name__ for _ in range(4)] == ["Started", "Read", "Planned", "Piece"]
    [conversation] = await parts.journal.conversations("me")
    [turn] = await parts.journal.turns("me", conversation.id)
    assert (turn.reply, turn.complete) == (fakes.PIECES[0], False)
    await parts.close()


class Slow:
    """A server whose coach waits before each piece."""

    def __init__(self, address: str, parts: list[Parts]) -> None:
        self.address = address
        self._parts = parts

    @property
    def coach(self) -> fakes.ScriptedCoach:
        coach = self._parts[0].conversation
        assert isinstance(coach, fakes.ScriptedCoach)
        return coach


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    """Serve a coach that takes 0.3 s for a piece."""
    made: list[Parts] = []

    async def make() -> Parts:
        made.append(await fake_parts(tmp_path, pause=0.3))
        return made[0]

    with serving(make) as address:
        yield Slow(address, made)


def test_a_closed_tab_keeps_the_words_and_the_part_said(slow: Slow) -> None:
    heard = ""
    with httpx.stream("POST", f"{slow.address}/api/chat", json={"text": fakes.STORY}, headers=BEARER) as response:
        for text in response.iter_text():
            heard += text
            if "event: piece" in heard:
                break
    conversation = events(heard)[0][1]["conversation_id"]
    deadline = time.monotonic() + 5
    while slow.coach.closed == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert slow.coach.closed == 1
    [turn] = httpx.get(f"{slow.address}/api/conversations/{conversation}", headers=BEARER).json()["turns"]
    assert turn["said"] == fakes.STORY
    assert turn["reply"].startswith(fakes.PIECES[0])
    assert turn["reply"] != "".join(fakes.PIECES)
    assert turn["complete"] is False
    assert turn["plan"]["headline"]


def test_the_plan_arrives_before_the_words(slow: Slow) -> None:
    with httpx.stream("POST", f"{slow.address}/api/chat", json={"text": fakes.STORY}, headers=BEARER) as response:
        heard = ""
        for text in response.iter_text():
            heard += text
            if "event: plan" in heard:
                assert "event: piece" not in heard
                break


def test_readers_do_not_wait_for_each_other(slow: Slow) -> None:
    with httpx.stream("POST", f"{slow.address}/api/chat", json={"text": fakes.STORY}, headers=BEARER):
        assert httpx.get(f"{slow.address}/healthz").status_code == 200
        assert slow.coach.closed == 0, "the other reader is still being told"
