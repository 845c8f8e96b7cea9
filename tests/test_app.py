"""What starts, and what is not even imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coach.app import build
from coach.conversation import Conversation
from coach.knowledge.library import Library
from coach.settings import read
from coach.speaking import Voice

PROGRAM = """
import asyncio, sys
from pathlib import Path
from coach.app import build
from coach.settings import read

async def main():
    parts = await build(read({"COACH_DATA": sys.argv[1], **dict(each.split("=", 1) for each in sys.argv[2:])}))
    print(parts.language_model, type(parts.conversation._voice).__name__)
    await parts.close()

asyncio.run(main())
print(sorted(name for name in ("coach.llm", "langchain", "langchain_core", "langchain_openai", "openai", "purgatory",
    "prometheus_client") if name in sys.modules))
"""


@pytest.fixture
def data(library: Library, tmp_path: Path) -> Path:
    """A data folder whose index is built."""
    return Path(shutil.copytree(library.data, tmp_path / "data"))


def started(data: Path, *variables: str) -> list[str]:
    """What a process prints that builds the coach and closes it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(data), *variables], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()


def test_without_a_language_model_nothing_of_one_is_imported(data: Path) -> None:
    assert started(data) == ["none NoneType", "[]"]


async def test_with_one_it_is_wired(data: Path) -> None:
    server = {"COACH_LLM_BASE_URL": "http://127.0.0.1:9/v1", "COACH_LLM_MODEL": "some-3b"}
    parts = await build(read({"COACH_DATA": str(data), **server}))
    assert parts.language_model == "some-3b"
    assert isinstance(parts.conversation, Conversation)
    assert isinstance(parts.conversation._voice, Voice)
    await parts.close()
