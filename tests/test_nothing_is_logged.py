"""Nothing people write is logged, by us or by a library: with every logger open, planted words go in by every door.

And nobody is reached meanwhile but the servers that the settings name.
"""

from __future__ import annotations

import itertools
import json
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from blank import blank_journal
from coach.app import texts
from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.domain.turns import Event, Piece, Started
from coach.errors import CoachError
from coach.knowledge.library import Library
from coach.knowledge.session_templates import Sessions as Templates
from coach.llm import Outside, language_models
from coach.settings import read
from coach.shipped import shipped
from coach.web import Parts
from doors import Doors, Seeds, packs, replies
from evals.behaviours import Asked, Behaviour, Cut, ErrorInside, Garbage, Good, Status, filled
from evals.scripted import ScriptedServer
from fakes import fake_parts
from knowledge_sample import SUBJECTS, card
from loud import Heard, loud
from serving import app_of, browsing, serving
from talks import wired

ROOT = Path(__file__).parents[1]
SCHEMA = {"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]}


@contextmanager
def opened(folder: Path, library: Library, scripted: ScriptedServer, **settings: Any) -> Iterator[TestClient]:
    """The coach with a language model, in this process; its own errors come as 500s."""

    async def made() -> Parts:
        model = {"llm_base_url": scripted.url, "llm_model": "scripted", "llm_timeout_s": 5}
        return await wired(folder, library, **{**model, **settings})

    with app_of(made) as app, browsing(app, raise_server_exceptions=False) as client:
        yield client


def assert_silent(heard: Heard, seeds: Seeds) -> None:
    """Fail, with the lines, when a planted word was written anywhere."""
    text = heard.all()
    assert " INFO " in text
    assert seeds.found(text) == set(), "\n".join(line[:600] for line in text.splitlines() if seeds.found(line))


def assert_reached(heard: Heard, seeds: Seeds, *urls: str) -> None:
    """Fail when anybody was reached or looked up but these; a word typed as a server's address is one, too."""
    named = {(urlsplit(url).hostname, urlsplit(url).port) for url in urls}
    others = [host for host, port in heard.reached if (host, port) not in named]
    assert [host for host in others if not all("language-model" in door for door in seeds.found(host) or [""])] == []


def test_no_word_of_anyone_is_logged_and_nobody_else_is_reached(
    tmp_path: Path, library: Library, scripted: ScriptedServer, capfd: pytest.CaptureFixture[str]
) -> None:
    """The whole story, with a language model that answers well now and then, else in every wrong way."""
    seeds = Seeds()
    _speaking(scripted, seeds)
    with loud(capfd) as heard, opened(tmp_path, library, scripted) as client:
        doors = Doors(client, seeds)
        doors.talk()
        doors.write()
        doors.files()
        routes, taken = doors.sweep()
    assert scripted.asked
    assert taken > routes * 2 / 3
    assert_silent(heard, seeds)
    assert_reached(heard, seeds, scripted.url)


class Failing:
    """Stands where a part of the coach stood; whatever is asked of it fails, and says what it was told."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __getattr__(self, name: str) -> Any:
        def fails(*given: Any, **more: Any) -> Any:
            raise RuntimeError(f"{self._word} {given} {more}")

        return fails


class CutOff(Failing):
    """A coach that fails in the middle of a reply."""

    async def reply(self, user: str, text: str, now: datetime, **more: Any) -> AsyncIterator[Event]:
        """Begin, and fail."""
        yield Started("t1", "c1")
        yield Piece(text)
        raise RuntimeError(f"{self._word} {text} {more}")


def test_no_word_is_logged_when_every_route_fails(
    tmp_path: Path, library: Library, scripted: ScriptedServer, capfd: pytest.CaptureFixture[str]
) -> None:
    seeds = Seeds()
    with loud(capfd) as heard, opened(tmp_path, library, scripted, llm_level="off") as client:
        doors = Doors(client, seeds)
        app: Any = client.app
        parts: Parts = app.state.parts
        journal: Any = Failing(seeds.word("an error of the journal"))
        coach: Any = CutOff(seeds.word("an error of the coach"))
        app.state.parts = replace(parts, journal=journal)
        statuses = doors.statuses()
        assert statuses.count(500) > len(statuses) / 2
        app.state.parts = replace(parts, conversation=coach, sessions=coach, lint=coach)
        client.post("/api/chat", json={"text": seeds.word("a story that is cut off")})
        for path, field in (("/api/messages/lint", "text"), ("/api/sessions", "kind")):
            assert client.post(path, json={field: seeds.word(path)}).status_code == 500
        app.state.parts = parts
    assert "unexpected: RuntimeError at" in heard.all()
    assert_silent(heard, seeds)


def test_no_word_of_a_request_that_is_none_is_logged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What the server's own parsers refuse, before any guard sees it."""
    seeds = Seeds()
    word = seeds.word
    heads = [
        f"{word('a method')} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        f"GET /{word('a path')} HTTP/9.9\r\n\r\n",
        f"GET / {word('a protocol')}\r\n\r\n",
        f"GET /?token={word('a token')} HTTP/1.1\r\nHost: 127.0.0.1\r\n{word('a header that is none')}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: {word('a host')}\r\nCookie: coach={word('a cookie')}\r\n\r\n",
        f"POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n{word('a chunk')}\r\n",
        f"POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {word('a length')}\r\n\r\n",
        f"GET / HTTP/1.1\r\nUpgrade: {word('an upgrade')}\r\nConnection: upgrade\r\nHost: 127.0.0.1\r\n\r\n",
    ]
    with loud(capfd) as heard, serving(lambda: fake_parts(tmp_path)) as address:
        where = (str(urlsplit(address).hostname), int(urlsplit(address).port or 0))
        for head in heads:
            with socket.create_connection(where, timeout=5) as line, suppress(OSError):
                line.sendall(head.encode())
                line.shutdown(socket.SHUT_WR)
                while line.recv(65536):
                    pass
    assert_silent(heard, seeds)


def test_no_word_of_a_pack_is_logged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    seeds = Seeds()
    name = next(iter(SUBJECTS))
    for path, text in packs(seeds, card("a-card", *SUBJECTS[name])).items():
        file = tmp_path / "packs" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    for name, text in (
        ("unread", f"[{seeds.word('a template that is no YAML')}"),
        ("unfit", seeds.word("one of one word")),
    ):
        file = tmp_path / "sessions" / name / "a.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    with loud(capfd) as heard:
        found = Library(shipped("knowledge"), tmp_path, None)
        found.prepare()
        found.close()
        with suppress(CoachError):
            Templates(shipped("knowledge") / "sessions", tmp_path / "sessions").templates()
    assert seeds.found(heard.all()) == set()


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


async def test_no_word_that_goes_to_a_language_model_or_comes_from_it_is_logged(
    tmp_path: Path, scripted: ScriptedServer, capfd: pytest.CaptureFixture[str]
) -> None:
    seeds = Seeds()
    _speaking(scripted, seeds)
    ids = (f"call-{number}" for number in itertools.count())
    with loud(capfd) as heard:
        journal = await blank_journal(tmp_path)
        person = Person("p", seeds.word("a name"), datetime.now(UTC))
        await journal.add_person("me", person)
        server = read({"COACH_LLM_BASE_URL": scripted.url, "COACH_LLM_MODEL": "scripted"})
        outside = Outside(journal, texts(), lambda: datetime.now(UTC), lambda: next(ids))
        vault = language_models(server, outside)
        prompt = [("system", "Coach."), ("user", f"{person.name} said: {seeds.word('a story')}")]
        for _ in range(8):
            model = vault.bound(Errand("me", "", "wording"), [person], [])
            with suppress(CoachError):
                await model.fill(prompt, SCHEMA, datetime.now(UTC) + timedelta(seconds=5))
            with suppress(CoachError):
                async for _piece in model.told(prompt, SCHEMA, datetime.now(UTC) + timedelta(seconds=5)):
                    pass
        await vault.close()
        await journal.close()
    assert len(scripted.asked) > 12
    assert_silent(heard, seeds)
    assert_reached(heard, seeds, scripted.url)


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
