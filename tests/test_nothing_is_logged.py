"""Nothing people write is logged, by us or by a library: a server with every logger open is told planted words."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from doors import Doors, Seeds, packs, replies
from evals.behaviours import Asked, Behaviour, Cut, ErrorInside, Garbage, Good, Status, filled
from evals.scripted import ScriptedServer
from knowledge_sample import SUBJECTS, card
from running import bearer, running

ROOT = Path(__file__).parents[1]
LOUD = (
    "import logging; quiet = logging.basicConfig; "
    "logging.basicConfig = lambda **given: quiet(**{**given, 'level': logging.DEBUG}); "
)
"""Lets every logger of a program say all it can."""

COMMAND = f"{LOUD}from coach.cli import main; main()"


@pytest.mark.slow
def test_no_word_of_anyone_is_in_the_log(tmp_path: Path, scripted: ScriptedServer) -> None:
    seeds = Seeds()
    name = next(iter(SUBJECTS))
    for path, text in packs(seeds, card("a-card", *SUBJECTS[name])).items():
        file = tmp_path / "data" / "packs" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    errors = tmp_path / "errors"
    command = (sys.executable, "-W", "always", "-c", COMMAND, "serve")
    server = {"COACH_LLM_BASE_URL": scripted.url, "COACH_LLM_MODEL": "scripted", "OPENAI_LOG": "debug"}
    with (
        running(tmp_path / "data", command, errors=errors, **server) as (address, process),
        httpx.Client(
            base_url=address,
            timeout=60,
            follow_redirects=True,
            trust_env=False,
            headers=bearer(tmp_path / "data"),
        ) as client,
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
    assert "DEBUG" in logged
    assert seeds.found(said) == set()
    assert seeds.found(logged) == set(), "\n".join(line[:600] for line in logged.splitlines() if seeds.found(line))


ASKING = """
import asyncio, os, sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from coach.app import texts
from coach.cli.logs import open_log
from coach.domain.errands import Errand
from coach.domain.people import Person
from coach.errors import CoachError
from coach.journal import SqlJournal
from coach.llm import Outside, language_models
from coach.settings import read

SCHEMA = {"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]}

def now():
    return datetime.now(UTC)

async def main(folder, name, words):
    journal = await SqlJournal.open(f"sqlite:///{folder}/journal.db", Path(folder))
    person = Person("p", name, now())
    await journal.add_person("me", person)
    ids = iter(range(1000))
    vault = language_models(read(os.environ), Outside(journal, texts(), now, lambda: f"call-{next(ids)}"))
    prompt = [("system", "Coach."), ("user", f"{name} said: {words}")]
    for turn in range(8):
        model = vault.bound(Errand("me", "", "wording"), [person], [])
        with suppress(CoachError):
            await model.fill(prompt, SCHEMA, now() + timedelta(seconds=5))
        with suppress(CoachError):
            print(sum([len(piece) async for piece in model.told(prompt, SCHEMA, now() + timedelta(seconds=5))]))
    await vault.close()
    await journal.close()

open_log()
asyncio.run(main(*sys.argv[1:]))
"""
"""Asks a language model for words and for JSON, with a name and words of a user's."""


def _speaking(scripted: ScriptedServer, seeds: Seeds) -> None:
    """Let the language model say planted words in every way: as lists, as JSON, as errors, as rubbish."""
    said = replies(seeds)
    turn = itertools.count()

    def always(asked: Asked) -> Behaviour:
        words = next(said)
        match next(turn) % 9:
            case 2:
                return Status(400, message=words)
            case 3:
                return Garbage(f"<html>{words}</html>")
            case 4:
                return Cut(words)
            case 5:
                return Status(500, message=words)
            case 6:
                return ErrorInside({"message": words}, event=asked.schema is None)
            case 7:
                return Good(f"{words} </think> {words}", whole=True)
        if asked.schema is None:
            return Good(words, piece=200, listed=True)
        whole = json.dumps(filled(asked.schema)).replace("It may be that he was busy", words.rstrip("."))
        return Good(whole, piece=2000, listed=True)

    scripted.always = always


def test_no_word_that_goes_to_a_language_model_or_comes_from_it_is_in_the_log(
    tmp_path: Path, scripted: ScriptedServer
) -> None:
    seeds = Seeds()
    _speaking(scripted, seeds)
    server = {"COACH_LLM_BASE_URL": scripted.url, "COACH_LLM_MODEL": "scripted", "OPENAI_LOG": "debug"}
    command = [sys.executable, "-W", "always", "-c", LOUD + ASKING]
    given = [str(tmp_path), seeds.word("a name"), seeds.word("a story")]
    done = subprocess.run([*command, *given], cwd=ROOT, env=os.environ | server, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(scripted.asked) > 12
    assert done.stdout.strip()
    assert "DEBUG" in done.stderr
    assert seeds.found(done.stderr) == set()


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
