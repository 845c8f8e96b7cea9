"""``coach due`` and ``coach digest``: what is for today at a terminal, and an e-mail that says how many and no more."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

import fakes
from coach.cli import app
from coach.cli.workbench import Doors
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Celebration, Person, Promise
from coach.settings import Settings
from coach.web.outcomes import take_on
from coach.web.parts import USER, Parts
from serving import fake_parts


class Mail(socketserver.StreamRequestHandler):
    """Takes one letter as any mail server would, without encryption."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            if word.startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                letter = []
                for part in self.rfile:
                    if part == b".\r\n":
                        break
                    letter.append(part)
                self.server.letters.append(b"".join(letter).decode())  # type: ignore[attr-defined]
            if word.startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def mail() -> Iterator[SimpleNamespace]:
    """A mail server and the letters it took."""
    with socketserver.TCPServer(("127.0.0.1", 0), Mail) as server:
        server.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(port=server.server_address[1], letters=server.letters)  # type: ignore[attr-defined]
        server.shutdown()


def run(data: Path, *words: str, **settings: object) -> Result:
    """Type a command at a coach whose data stay in one folder."""

    async def build(given: Settings, report: object) -> Parts:
        return await fake_parts(data, **settings)

    return CliRunner().invoke(app, list(words), obj=Doors(build=build))


@pytest.fixture
def harmed() -> bool:
    """Whether something of the user's own waits to be mended."""
    return False


@pytest.fixture
def full(tmp_path: Path, harmed: bool) -> Path:
    """A journal with a step for today, a birthday and a promise."""

    async def fill() -> None:
        parts = await fake_parts(tmp_path)
        now = fakes.NOW
        tom = Person("tom", "Tom Ashdown", now)
        await parts.journal.add_person(USER, tom)
        await parts.journal.add_person(
            USER, Person("maya", "Maya Quill", now, celebrations=(Celebration("birthday", 5, 7),))
        )
        promise = Promise("1", By.ME, "the vermilion folder", now, now.date())
        await parts.journal.add_person(USER, Person("noor", "Noor El", now, promises=(promise,)))
        await parts.journal.add_person(USER, Person("bea", "Bea Lund", now))
        harm = Moment("m", "bea", now, Channel.CALL, By.ME, "I cut her short.", Landed.HARMED, now)
        if harmed:
            await parts.journal.add_moment(USER, harm)
        plan = await parts.conversation.plan(USER, "tom", now)
        await take_on(parts.journal, USER, plan.steps[0].id, now.date(), now)
        await parts.close()

    asyncio.run(fill())
    return tmp_path


def test_due_says_what_is_for_today(full: Path) -> None:
    said = run(full, "due").output
    assert "If Tom is alone at his desk, then I tell him I should have asked him first. (Tom Ashdown)" in said
    assert "You promised: the vermilion folder (Noor El)" in said
    assert "birthday tomorrow (Maya Quill)" in said


@pytest.mark.parametrize("harmed", [True])
def test_due_begins_with_what_is_the_users_to_mend(full: Path) -> None:
    said = run(full, "due").output
    assert said.index("Yours to mend: I cut her short. (Bea Lund)") < said.index("You promised")


def test_an_empty_day_is_told(tmp_path: Path) -> None:
    assert "Nothing for today." in run(tmp_path, "due").output


def test_the_digest_holds_counts_and_never_content(full: Path, mail: SimpleNamespace) -> None:
    result = run(full, "digest", smtp_host="127.0.0.1", smtp_port=mail.port, smtp_to="me@example.com")
    assert "Sent." in result.output
    [letter] = mail.letters
    assert "For today: 1 step and 2 other things." in letter
    assert "/today" in letter
    for word in ("Tom", "Maya", "Noor", "birthday", "vermilion", "desk", "asked"):
        assert word not in letter


def test_nothing_due_sends_nothing(tmp_path: Path, mail: SimpleNamespace) -> None:
    result = run(tmp_path, "digest", smtp_host="127.0.0.1", smtp_port=mail.port, smtp_to="me@example.com")
    assert "nothing was sent" in result.output
    assert mail.letters == []


def test_a_digest_without_a_server_or_with_a_dead_one_says_so(full: Path) -> None:
    assert run(full, "digest").exit_code == 2
    result = run(full, "digest", smtp_host="127.0.0.1", smtp_port=9, smtp_to="me@example.com")
    assert result.exit_code == 2
