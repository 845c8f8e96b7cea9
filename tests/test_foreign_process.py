"""A foreign file is read in a process of its own: the same value, and no file takes more time or memory than it may."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

import fakes
from coach.errors import BadInput
from coach.foreign import read as here
from coach.foreign.process import read
from coach.foreign.worker import TOO_BIG

FILES = Path(__file__).parent / "foreign"


def quiet(done: int, total: int) -> None:
    """Nobody looks."""


def program(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_what_the_process_finds_is_what_the_readers_find():
    raw = (FILES / "monica.json").read_bytes()
    assert await read(raw, fakes.NOW, quiet) == here(raw, fakes.NOW)


async def test_what_is_no_such_file_is_told_in_the_readers_words():
    with pytest.raises(BadInput, match="no file the coach knows"):
        await read(b"x\0y", fakes.NOW, quiet)


async def test_how_far_it_is_is_told_on_the_way():
    told: list[tuple[int, int]] = []
    cards = b"".join(b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada %d\nN:A%d;Ada;;;\nEND:VCARD\n" % (n, n) for n in range(120))
    await read(cards, fakes.NOW, lambda done, total: told.append((done, total)))
    assert told == [(50, 120), (100, 120)]


async def test_a_file_that_takes_too_long_is_given_up_with_its_process(tmp_path: Path):
    mark = tmp_path / "pid"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(BadInput, match="takes too long"):
        await read(b"a,b", fakes.NOW, quiet, 1.0, program(code))
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


async def test_a_reader_who_leaves_takes_the_process_along(tmp_path: Path):
    mark = tmp_path / "pid"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    reading = asyncio.create_task(read(b"a,b", fakes.NOW, quiet, command=program(code)))
    while not (mark.exists() and mark.read_text()):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="addresses are not limited elsewhere")
async def test_a_file_that_needs_too_much_memory_is_told_so():
    code = "import sys; from coach.foreign import worker; worker.limit(memory=200_000_000)\n"
    code += "worker.work(sys.stdin.buffer, sys.stdout.buffer)"
    table = b"name,role\n" + b"".join(b"Ada %d,engineer\n" % n for n in range(400_000))
    with pytest.raises(BadInput) as refused:
        await read(table, fakes.NOW, quiet, command=program(code))
    assert str(refused.value) == TOO_BIG


async def test_a_process_that_dies_without_a_word_is_a_plain_sentence():
    with pytest.raises(BadInput, match="takes too long"):
        await read(b"a,b", fakes.NOW, quiet, command=program("import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(BadInput, match="cannot be read"):
        await read(b"a,b", fakes.NOW, quiet, command=program('print(\'{"found": {"people": 3}}\')'))


async def test_the_process_knows_no_setting_and_no_key(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COACH_LLM_API_KEY", "sk-secret")
    code = "import json, os, sys; sys.stdin.buffer.read(); print(json.dumps({'problem': repr(dict(os.environ))}))"
    with pytest.raises(BadInput) as told:
        await read(b"a,b", fakes.NOW, quiet, command=program(code))
    assert "sk-secret" not in str(told.value)
    assert "COACH" not in str(told.value)
