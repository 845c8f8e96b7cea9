"""What starts with a language model. Without one nothing of it is even imported: test_wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coach.app import build
from coach.conversation import Conversation
from coach.knowledge.library import Library
from coach.settings import read
from coach.speaking import Voice


@pytest.fixture
def data(library: Library, tmp_path: Path) -> Path:
    """A data folder whose index is built."""
    return Path(shutil.copytree(library.data, tmp_path / "data"))


async def test_with_one_it_is_wired(data: Path) -> None:
    server = {"COACH_LLM_BASE_URL": "http://127.0.0.1:9/v1", "COACH_LLM_MODEL": "some-3b"}
    parts = await build(read({"COACH_DATA": str(data), **server}))
    assert parts.language_model == "some-3b"
    assert isinstance(parts.conversation, Conversation)
    assert isinstance(parts.conversation._voice, Voice)
    await parts.close()
