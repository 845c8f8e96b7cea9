"""Nothing people write is logged, by us or by a library: a server with every logger open is told planted words."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from doors import Doors, Seeds, packs, replies
from knowledge_sample import SUBJECTS, card
from running import running
from scripted_server import Asked, Behaviour, Cut, Garbage, Good, ScriptedServer, Status, filled

ROOT = Path(__file__).parents[1]
LOUD = (
    "import logging; quiet = logging.basicConfig; "
    "logging.basicConfig = lambda **given: quiet(**{**given, 'level': logging.DEBUG}); "
    "from coach.cli import main; main()"
)
"""``coach`` as it is, but that every logger says all it can."""


def _speaking(scripted: ScriptedServer, seeds: Seeds) -> None:
    """Let the language model say planted words in every way: as lists, as JSON, as errors, as rubbish."""
    said = replies(seeds)
    turn = itertools.count()

    def always(asked: Asked) -> Behaviour:
        words = next(said)
        match next(turn) % 12:
            case 5:
                return Status(400, message=words)
            case 7:
                return Garbage(f"<html>{words}</html>")
            case 9:
                return Cut(words)
            case 11:
                return Status(500, message=words)
        if asked.schema is None:
            return Good(words, piece=200, listed=True)
        whole = json.dumps(filled(asked.schema)).replace("It may be that he was busy", words.rstrip("."))
        return Good(whole, piece=2000, listed=True)

    scripted.always = always


@pytest.mark.slow
def test_no_word_of_anyone_is_in_the_log(tmp_path: Path, scripted: ScriptedServer) -> None:
    seeds = Seeds()
    _speaking(scripted, seeds)
    name = next(iter(SUBJECTS))
    for path, text in packs(seeds, card("a-card", *SUBJECTS[name])).items():
        file = tmp_path / "data" / "packs" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    errors = tmp_path / "errors"
    command = (sys.executable, "-W", "always", "-c", LOUD, "serve")
    server = {"COACH_LLM_BASE_URL": scripted.url, "COACH_LLM_MODEL": "scripted", "OPENAI_LOG": "debug"}
    with (
        running(tmp_path / "data", command, errors=errors, **server) as (address, process),
        httpx.Client(base_url=address, timeout=60, follow_redirects=True, trust_env=False) as client,
    ):
        doors = Doors(client, seeds)
        doors.talk()
        doors.write()
        doors.files()
        routes, opened = doors.sweep()
        process.terminate()
        assert process.stdout is not None
        said = process.stdout.read()
    logged = errors.read_text()
    assert opened > routes * 2 / 3
    assert len(scripted.asked) > 12
    assert "DEBUG" in logged
    assert seeds.found(said) == set()
    assert seeds.found(logged) == set(), "\n".join(line[:600] for line in logged.splitlines() if seeds.found(line))


BROKEN = """
import asyncio, gc, logging, threading, warnings
from coach.cli.logs import open_log, unawaited

class Kept:
    def __del__(self):
        raise ValueError("Xylo0quist")

async def fails(text):
    raise ValueError(text)

async def main():
    asyncio.get_running_loop().set_exception_handler(unawaited)
    task = asyncio.create_task(fails("Xylo0quist"))
    await asyncio.wait([task])
    del task
    gc.collect()

open_log()
asyncio.run(main())
Kept()
thread = threading.Thread(target=int, args=["Xylo0quist"])
thread.start()
thread.join()
warnings.warn("Xylo0quist", UserWarning)
try:
    int("Xylo0quist")
except ValueError:
    logging.getLogger("coach").exception("a line of ours")
"""


def test_what_fails_on_its_own_is_logged_by_type_and_place() -> None:
    done = subprocess.run([sys.executable, "-c", BROKEN], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Xylo" not in done.stdout + done.stderr
    lines = [re.sub("^[-0-9:, ]+", "", line) for line in done.stderr.splitlines()]
    assert [re.sub(r"(<string>|/\S+?):\d+( > )?", "", line).strip() for line in lines] == [
        "ERROR coach.cli.logs unexpected, in a task: ValueError at",
        "ERROR coach.cli.logs unexpected, while tidying up: ValueError at",
        "ERROR coach.cli.logs unexpected, in a thread: ValueError at",
        "WARNING coach.cli.logs UserWarning at",
        "ERROR coach a line of ours",
        "ValueError at",
    ]
