"""The one wiring: what is given is used, and what starts with a language model. Without one nothing of it is imported:
test_wheel.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from blank import lay
from coach.app import build, new_id, now
from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.domain.turns import Finished, Started
from coach.errors import StorageTrouble
from coach.knowledge.library import Library
from coach.ports import LanguageModel
from coach.settings import Settings, read
from coach.turn import Conversation
from talks import NOW, USER

NAME = "a-language-model"
TOLD = "Ola has not answered my two mails about the rota. She sits two rooms away."


class Named:
    """A language model that no turn calls, as its level is set to off: bound, it fails the test."""

    name = NAME
    destination = "127.0.0.1:9"

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> LanguageModel:
        raise AssertionError(errand)


@pytest.fixture
def data(library: Library, tmp_path: Path) -> Path:
    """A data folder whose index is built."""
    return Path(shutil.copytree(library.data, tmp_path / "data"))


async def test_with_one_it_is_wired(data: Path) -> None:
    server = {"COACH_LLM_BASE_URL": "http://127.0.0.1:9/v1", "COACH_LLM_MODEL": "some-3b"}
    parts = await build(read({"COACH_DATA": str(data), **server}), clock=now, new_id=new_id)
    assert parts.language_model == "some-3b"
    assert isinstance(parts.conversation, Conversation)
    await parts.close()


async def test_time_ids_cards_and_a_language_model_may_be_given(library: Library, tmp_path: Path) -> None:
    lay(tmp_path)
    ids = iter(f"own-{n}" for n in range(100))
    models = Named()
    settings = Settings(data=tmp_path, llm_base_url="http://127.0.0.1:9/v1", llm_level="off")
    parts = await build(
        settings, clock=lambda: NOW, new_id=lambda: next(ids), language_models=models, knowledge=library
    )
    events = [event async for event in parts.conversation.reply(USER, TOLD, NOW)]
    await parts.close()
    [started], [finished] = ([it for it in events if isinstance(it, kind)] for kind in (Started, Finished))
    assert (started.conversation_id, started.turn_id) == ("own-0", "own-1")
    assert (finished.language_model, finished.ms) == ("none", 0)  # none of its words were said
    assert parts.language_model == NAME
    assert library.ready


async def test_a_library_that_is_given_is_left_open(library: Library, tmp_path: Path) -> None:
    lay(tmp_path)
    parts = await build(Settings(data=tmp_path), clock=now, new_id=new_id, knowledge=library)
    assert await parts.ready() == {"database": None, "key": None, "index": None}
    await parts.close()
    assert library.retrieve(TOLD)
    library.foresee(TOLD)  # raises once the library is closed


async def test_a_journal_that_cannot_be_opened_stops_the_start(library: Library, tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(StorageTrouble):
        await build(Settings(data=tmp_path), clock=now, new_id=new_id, knowledge=library)
