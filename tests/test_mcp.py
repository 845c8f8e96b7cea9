"""The coach's tools over MCP, with the official client: over HTTP for one user and for members, and on stdio."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from coach.app import new_id, now
from coach.domain.members import Role
from coach.door import Token
from coach.group import group
from coach.knowledge.library import Library
from coach.settings import Settings
from coach.web import Parts
from fakes import fake_parts
from groups import CHEAP, PASSWORD
from serving import serving
from talks import wired

if TYPE_CHECKING:
    from mcp import Client

STORY = "Priya has gone quiet since I pointed out her mistake in the team call. How do I ask her?"


@asynccontextmanager
async def connected(address: str, token: str) -> AsyncIterator[Client]:
    """The official client over HTTP, with a token."""
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    headers = {"authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        yield client


async def call(client: Client, tool: str, **given: Any) -> dict[str, Any]:
    """Call a tool; return what it answered."""
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    found = result.structured_content or json.loads(result.content[0].text)  # type: ignore[union-attr]
    return dict(found.get("result", found)) if isinstance(found.get("result"), dict) else dict(found)


async def api(address: str, folder: Path, path: str) -> dict[str, Any]:
    """What the API of the same coach answers."""
    headers = {"authorization": f"Bearer {Token(folder).value()}"}
    async with httpx.AsyncClient(headers=headers) as http:
        return dict((await http.get(f"{address}/api{path}")).json())


@pytest.fixture
def address(tmp_path: Path, library: Library) -> Any:
    with serving(lambda: wired(tmp_path, library, mcp=True)) as made:
        yield made


async def test_a_program_tells_lets_its_user_choose_and_gets_a_plan(address: str, tmp_path: Path) -> None:
    async with connected(address, Token(tmp_path).value()) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools.keys() == {"tell", "choose", "log_moment", "due", "done", "look_over", "prepare_one_to_one",
                                "search_principles"}  # fmt: skip
        assert tools["due"].annotations is not None
        assert tools["due"].annotations.read_only_hint is True
        told = await call(client, "tell", words=STORY)
        ask = told["ask"]
        priya = next(each for each in ask["people"]["options"] if each["name"] == "Priya")
        planned = await call(
            client, "choose", conversation_id=told["conversation_id"], ask_id=ask["ask_id"], person=priya["id"],
            events=[ask["best"][0]["id"]], want="clear_up",
        )  # fmt: skip
        assert planned["plan"]["steps"]
        assert planned["plan_text"].startswith("**")
        assert "First, " in planned["plan_text"]


async def test_a_moment_is_kept_by_the_second_call_alone(address: str, tmp_path: Path) -> None:
    given = {"person": "Priya", "what": "She thanked me", "by": "them", "landed": "helped", "channel": "chat"}

    async def kept() -> list[Any]:
        return list((await api(address, tmp_path, "/moments"))["moments"])

    async with connected(address, Token(tmp_path).value()) as client:
        asked = await call(client, "log_moment", **given)
        assert (asked["kept"], await kept()) == (None, [])
        wrong = await call(client, "log_moment", **{**given, "what": "She shouted"}, consent=asked["consent"])
        assert (wrong["kept"], await kept()) == (None, [])
        done = await call(client, "log_moment", **given, consent=asked["consent"])
        assert done["kept"]["what"] == "She thanked me"
        assert len(await kept()) == 1
        sheet = await call(client, "prepare_one_to_one", person="Priya")
        assert [each["what"] for each in sheet["last_moments"]] == ["She thanked me"]


async def test_looking_things_up_keeps_nothing(address: str, tmp_path: Path) -> None:
    async with connected(address, Token(tmp_path).value()) as client:
        assert (await call(client, "look_over", text="Sorry if you were hurt."))["warnings"]
        assert (await call(client, "search_principles", words="he ignores my mails"))["principles"]
        assert (await call(client, "due")) == {"today": [], "steps": []}
        card = await client.read_resource("coach://principles/intentions-vary-ask")
        assert "intentions-vary-ask" in card.contents[0].text  # type: ignore[union-attr]
    export = await api(address, tmp_path, "/export")
    assert [export["turns"], export["people"], export["moments"]] == [[], [], []]


async def test_what_is_wrong_is_told_in_a_sentence(address: str, tmp_path: Path) -> None:
    async with connected(address, Token(tmp_path).value()) as client:
        result = await client.call_tool("prepare_one_to_one", {"person": "Nobody"})
        assert result.is_error
        assert "Nobody in the journal has that name" in result.content[0].text  # type: ignore[union-attr]
        asked = await call(client, "done", step_id="none", happened="went_well")
        given = {"step_id": "none", "happened": "went_well", "consent": asked["consent"]}
        assert (await client.call_tool("done", given)).is_error


async def test_nobody_gets_in_without_a_token(address: str) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx.AsyncClient() as http:
        for headers in ({}, {"authorization": "Bearer wrong"}):
            answered = await http.post(f"{address}/mcp", json=asked, headers=headers)
            assert (answered.status_code, answered.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.slow
async def test_on_stdio_it_serves_one_user(tmp_path: Path) -> None:
    given = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    from mcp import Client, StdioServerParameters, stdio_client

    server = StdioServerParameters(
        command=sys.executable, args=["-m", "coach", "mcp"], env={**given, "COACH_DATA": str(tmp_path)}
    )
    async with Client(stdio_client(server)) as client:
        assert "tell" in {tool.name for tool in (await client.list_tools()).tools}
        assert (await call(client, "due")) == {"today": [], "steps": []}


async def test_members_never_meet_each_other_s_words(tmp_path: Path) -> None:
    async def made() -> Parts:
        return await fake_parts(tmp_path, members=True, mcp=True, cost=CHEAP)

    with serving(made) as address:
        tokens = {name: await _member_s_token(address, tmp_path, name) for name in ("zoe", "yuri")}
        async with connected(address, tokens["zoe"]) as zoe, connected(address, tokens["yuri"]) as yuri:

            async def talk(client: Client, name: str, n: int) -> None:
                given = {"person": f"{name}friend{n}", "what": f"{name} {n}", "by": "them", "landed": "helped",
                         "channel": "chat"}  # fmt: skip
                asked = await call(client, "log_moment", **given)
                await call(client, "log_moment", **given, consent=asked["consent"])
                other = {"zoe": "yuri", "yuri": "zoe"}[name]
                sheet = await call(client, "prepare_one_to_one", person=f"{name}friend{n}")
                assert sheet["last_moments"][-1]["what"] == f"{name} {n}"
                missing = await client.call_tool("prepare_one_to_one", {"person": f"{other}friend{n}"})
                assert missing.is_error

            for n in range(8):
                await asyncio.gather(talk(zoe, "zoe", n), talk(yuri, "yuri", n))
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {tokens['zoe']}"}) as http:
            for path in ("/api/people", "/v1/models", "/api/export", "/member"):
                assert (await http.get(f"{address}{path}")).status_code == 403, path


async def _member_s_token(address: str, folder: Path, login: str) -> str:
    """Let somebody join, by a link from the terminal, and make a token for a program."""
    there = await group(Settings(data=folder, members=True), now, new_id, CHEAP)
    link = await there.roster.invite(None, Role.ADMIN)
    await there.close()
    form = {"origin": address, "accept": "text/html"}
    async with httpx.AsyncClient(base_url=address, headers=form) as http:
        await http.post(f"/join/{link}", data={"login": login, "password": PASSWORD, "again": PASSWORD})
        shown = (await http.post("/member/programs", data={"kind": "mcp", "label": "editor"})).text
        found = re.search(r'id="token">([^<]+)<', shown)
        assert found is not None
        return found[1]
