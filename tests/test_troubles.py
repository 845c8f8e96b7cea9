"""Every trouble of a server at the seam: a right reply or a fault by name, and no word of it in a log."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from coach.errors import LanguageModelTrouble
from coach.llm.faults import FAULTS, Patience
from evals.behaviours import filled
from evals.scripted import refused_url, scripted_server
from evals.troubles import TROUBLES, Trouble
from test_llm_faults import SCHEMA, Shelf, pieces, vault, warmed

__all__ = ["warmed"]

PATIENCE = {
    False: (2.0, Patience(first=1.0, between=0.7, strikes=3, rest=0.5, pause=0.05)),
    True: (30.0, Patience(first=20.0, between=20.0, strikes=3, rest=0.5, pause=0.05)),
}
"""Seconds for a reply, and the patience: what serves may take its time on a busy machine."""

TOLD = json.dumps(
    {**filled(SCHEMA), "headline": "Xylo1quist — “so” he said\\n" + "and then he went. I did not. " * 3 + "é🌧"}
)


async def outcome(trouble: Trouble) -> str:
    """What comes of one trouble: "right", "other", or the name of a fault."""
    with scripted_server() as server:
        if trouble.script is not None:
            server.always = trouble.script(lambda _: TOLD)
        shelf = Shelf()
        seconds, patience = PATIENCE[trouble.serves]
        it = vault(server.url if trouble.script else refused_url(), shelf, patience)
        try:
            said = "".join([piece async for piece in pieces(it, seconds)])
        except LanguageModelTrouble as error:
            return error.fault if shelf.last[-1].outcome in FAULTS else f"kept as {shelf.last[-1].outcome}"
        return "right" if json.loads(said) == json.loads(TOLD) else "other"


async def test_every_trouble_is_a_right_reply_or_a_fault_by_name(caplog: pytest.LogCaptureFixture) -> None:
    """All at once: most of it is waiting."""
    caplog.set_level(logging.INFO)
    found = dict(zip([it.name for it in TROUBLES], await asyncio.gather(*map(outcome, TROUBLES)), strict=True))
    assert {name for name, came in found.items() if came == "right"} == {it.name for it in TROUBLES if it.serves}
    others = {name for name, came in found.items() if came == "other"}
    assert set(found.values()) <= {"right", "other", *FAULTS}
    assert others <= {"another language", "another form", "an empty object", "the letter itself"}
    assert "Xylo" not in caplog.text


def test_there_are_sixty_and_more_each_with_a_name() -> None:
    assert len({it.name for it in TROUBLES}) == len(TROUBLES) >= 60
