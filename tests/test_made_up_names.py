"""A token whose program is told made-up names: it sees no real one, and what it sends back means the right one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from coach.domain.members import DoorKind
from coach.knowledge.library import Library
from coach.llm.masks import Mask
from groups import CHEAP, Worker, worker
from sample_journal import person
from talks import wired
from test_members_pages import FORM, Site, served

NAMES = ("Priya", "Venkataraman", "Northwind")
STORY = "Priya has gone quiet since I pointed out her mistake in the team call. How do I ask her?"


def test_one_name_has_one_word_over_requests_and_comes_back() -> None:
    people = [person("p", "Priya Venkataraman"), person("t", "Tom Ashdown")]
    one, other = Mask(people, b"s" * 32), Mask(people, b"s" * 32)
    for said in ("Priya went quiet.", "PRIYA and Tom", "Ask Priya Venkataraman's lead", "nobody"):
        told = one.restored("")  # an empty text stays one
        assert told == ""
        assert not re.search("priya|venkat|tom", other._steady.text(said), re.IGNORECASE)
        assert one.restored(other._steady.text(said)) == said
    assert Mask(people, b"t" * 32)._steady.text("Priya") != one._steady.text("Priya")


async def test_data_keeps_its_shape_and_loses_its_names() -> None:
    mask = Mask([person("p", "Priya Venkataraman")], b"s" * 32)
    given = {"id": "0f3a", "n": 3, "who": ["Priya", None], "plan": {"say": "Priya, how was Northwind for you?"}}
    told = await mask.data(given)
    assert (told["id"], told["n"], told["who"][1]) == ("0f3a", 3, None)
    assert not [name for name in NAMES if name in str(told)]
    assert mask.restored(told)["who"] == ["Priya", None]


async def test_a_token_s_names_stand_in_its_seal(sqlite_url: str, tmp_path: Path) -> None:
    async with worker(sqlite_url, tmp_path, CHEAP) as it:
        zoe = await it.joined("zoe")
        token = await it.entry.program(zoe, DoorKind.MCP, "editor", made_up=True)
        opened = await it.opened(token, DoorKind.MCP)
        assert (opened.made_up, opened.reach) == (True, "/mcp")
        assert [way.made_up for way in await it.entry.ways(zoe) if way.kind is DoorKind.MCP] == [True]
        await _widened(it)
        assert await it.entry.opened(token, (DoorKind.MCP,)) is None


async def _widened(it: Worker) -> None:
    from sqlalchemy import text

    async with it.database.writing() as connection:
        await connection.execute(text("UPDATE doors SET scope = '/mcp' WHERE kind = 'mcp'"))


@pytest.fixture
def group(tmp_path: Path, library: Library) -> Iterator[Site]:
    with served(lambda: wired(tmp_path, library, members=True, mcp=True)) as made:
        yield made


def member(group: Site, kind: str) -> tuple[TestClient, dict[str, str]]:
    """Somebody who writes about Priya, and the headers of their program, which is told made-up names."""
    portal = group.browser().portal
    assert portal is not None
    zoe, _ = group.join(f"/join/{portal.call(group.app.state.parts.members.roster.first)}", "zoe")
    added = {"name": "Priya Venkataraman", "matters": "calm", "plate": "the move to Northwind"}
    assert zoe.post("/api/people", json=added).status_code == 201
    form = {"kind": kind, "label": "laptop", "names": "made-up"}
    shown = zoe.post("/member/programs", data=form, headers=FORM).text
    assert "told made-up names" in shown
    token = re.search(r'id="token">([^<]+)<', shown)
    assert token is not None
    return zoe, {"authorization": f"Bearer {token[1]}"}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_chat_program_reads_made_up_names_and_the_journal_keeps_the_real_ones(group: Site, stream: bool) -> None:
    zoe, headers = member(group, "chat")
    program, messages = group.browser(), list[dict[str, str]]()

    def say(text: str) -> str:
        messages.append({"role": "user", "content": text})
        asked = {"model": "coach", "messages": messages, "stream": stream}
        answer = program.post("/v1/chat/completions", json=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        told = "".join(_contents(answer.text)) if stream else answer.json()["choices"][0]["message"]["content"]
        messages.append({"role": "assistant", "content": told})
        assert not [name for name in NAMES if name.lower() in told.lower()], told
        return str(told)

    card = say(STORY)
    listed = re.search(r"^1 (\w+)", card, re.MULTILINE)
    assert listed is not None
    plan = say("1 a")
    assert listed[1] in plan
    say(f"{listed[1]} sits two rooms away.")
    turns = zoe.get("/api/export").json()["turns"]
    assert [turn["said"] for turn in turns] == [STORY, "", "Priya sits two rooms away."]
    assert len({turn["conversation_id"] for turn in turns}) == 1


def _contents(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("data: {"):
            choices = json.loads(line[6:])["choices"]
            yield from (each["delta"].get("content", "") for each in choices)


def test_over_mcp_the_tools_tell_made_up_names_and_take_them(group: Site) -> None:
    zoe, headers = member(group, "mcp")
    program = group.browser()

    def call(tool: str, **given: Any) -> dict[str, Any]:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
        accept = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
        answer = program.post("/mcp", json=asked, headers={**headers, **accept})
        assert answer.status_code == 200, answer.text
        assert not [name for name in NAMES if name.lower() in answer.text.lower()], answer.text
        result = answer.json()["result"]
        assert not result.get("isError"), answer.text
        found: dict[str, Any] = result.get("structuredContent") or json.loads(result["content"][0]["text"])
        return dict(found.get("result", found))

    told = call("tell", words=STORY)
    made_up = told["ask"]["people"]["options"][0]["name"]
    sheet = call("prepare_one_to_one", person=made_up)
    assert sheet["name"].split()[0] == made_up.split()[0]
    moment = {"person": made_up, "what": f"{made_up} thanked me for the notes", "by": "them", "landed": "helped",
              "channel": "chat"}  # fmt: skip
    call("log_moment", **moment, consent=call("log_moment", **moment)["consent"])
    [kept] = zoe.get("/api/moments").json()["moments"]
    assert kept["what"].startswith("Priya")
    assert zoe.get("/api/people").json()["people"][0]["name"] == "Priya Venkataraman"
    assert len(zoe.get("/api/people").json()["people"]) == 1
