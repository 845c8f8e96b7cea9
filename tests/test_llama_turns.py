"""Whole turns against a real llama.cpp server, by the real protocol. It talks nonsense; the coach does not.

All dev cases: ``python -m evals plans --language-model configured``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.turns import Finished
from coach.knowledge.library import Library
from coach.llm.faults import Patience
from coach.prompts import Prompts
from talks import USER, Talk
from test_llm_faults import Shelf, vault
from test_speaking import spoken_talk

CASES = Path(__file__).parent.parent / "evals" / "cases" / "dev_cases.jsonl"
SOME = ("d009",)
PATIENCE = timedelta(seconds=3)


@pytest_asyncio.fixture
async def talk(llama: str, library: Library, prompts: Prompts, tmp_path: Path) -> AsyncIterator[Talk]:
    models = vault(llama, Shelf(), Patience.within(PATIENCE.total_seconds()))
    async with spoken_talk(library, prompts, tmp_path, models, patience=PATIENCE) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("case", SOME)
async def test_every_turn_is_whole_and_sound(case: str, talk: Talk) -> None:
    """``say`` asserts what every reply owes: its end, its length, its questions, its sources, no violation."""
    message = next(
        found["message"]
        for found in map(json.loads, CASES.read_text(encoding="utf-8").splitlines())
        if found["id"] == case
    )
    answer = await talk.say(message)
    assert answer.plan is not None
    finished = answer.every(Finished)[0]
    assert finished.ms >= 0
    if finished.plan is not None:
        assert len(finished.plan.steps) == len(answer.plan.steps)
    turns = await talk.journal.turns(USER, answer.started.conversation_id)
    assert [turn.complete for turn in turns] == [True]
