"""Level suggests: a language model marks lines of the ask card, after it was shown, and establishes nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from blank import lay
from coach.app import build, new_id, now
from coach.domain.plans import MadeBy
from coach.domain.readings import Level
from coach.domain.turns import Asked, Event, Finished, Part, Planned, Read
from coach.knowledge.library import Library
from coach.settings import Settings
from coach.web import Parts
from evals.behaviours import Asked as Request
from evals.behaviours import Good, Slow, Status
from evals.scripted import ScriptedServer, scripted_server

LETTER = "Tom has walked past me without a word since Monday. What can I do?"


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
async def parts(server: ScriptedServer, library: Library, tmp_path: Path) -> AsyncIterator[Parts]:
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="weak", llm_level="suggests")
    lay(tmp_path)
    made = await build(settings, clock=now, new_id=new_id, knowledge=library)
    try:
        yield made
    finally:
        await made.close()


def _last_two(request: Request) -> Good:
    ids = (request.schema or {})["properties"]["likeliest"]["enum"]
    return Good(json.dumps({"likeliest": ids[-2], "second": ids[-3]}))


async def _turn(parts: Parts, text: str = LETTER) -> list[Event]:
    return [each async for each in parts.conversation.reply("me", text, now())]


def _likely(events: list[Event]) -> tuple[str, ...]:
    return next((each.value for each in events if isinstance(each, Part) and each.name == "likely"), ())  # type: ignore[return-value]


async def test_likely_lines_come_after_the_card_and_stand_first_on_it(parts: Parts, server: ScriptedServer) -> None:
    server.always = _last_two
    events = await _turn(parts)
    kinds = [type(each) for each in events]
    assert kinds.index(Asked) < kinds.index(Part) < kinds.index(Finished)
    likely = _likely(events)
    assert len(likely) == 2
    kept = (await parts.journal.turns("me", events[0].conversation_id))[0]  # type: ignore[union-attr]
    assert kept.ask is not None
    assert tuple(line.id for line in kept.ask.first[:2]) == likely


async def test_what_is_marked_establishes_nothing(parts: Parts, server: ScriptedServer) -> None:
    server.always = _last_two
    events = await _turn(parts)
    read = next(each.reading for each in events if isinstance(each, Read))
    assert read.level is Level.SUGGESTS
    assert read.account is None or read.account.events == ()
    plan = next(each.plan for each in events if isinstance(each, Planned))
    assert plan.made_by is MadeBy.SKELETON
    finished = next(each for each in events if isinstance(each, Finished))
    assert finished.language_model == "none"


@pytest.mark.parametrize(
    "trouble", [Status(500), Good("I think it is the third one."), Good('{"likeliest": "made_up"}')]
)
async def test_what_goes_wrong_is_not_shown(parts: Parts, server: ScriptedServer, trouble: Good | Status) -> None:
    server.always = trouble
    events = await _turn(parts)
    assert _likely(events) == ()
    finished = next(each for each in events if isinstance(each, Finished))
    assert finished.notice == ""


async def test_a_slow_one_is_not_waited_for(
    parts: Parts, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.answering.suggestions.SECONDS", 0.2)
    server.always = Slow(first_token=5)
    events = await _turn(parts)
    assert isinstance(events[-1], Finished)
    assert _likely(events) == ()


async def test_nothing_is_asked_where_somebody_is_harmed(parts: Parts, server: ScriptedServer) -> None:
    server.clear()
    server.always = _last_two
    await _turn(parts, "My boss hit me yesterday in the stockroom.")
    assert server.asked == []
