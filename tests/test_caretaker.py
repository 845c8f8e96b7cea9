"""What one process of all does for a group: it is one, it is replaced, and it opens nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Engine, event, text

from callers import calling
from coach.caller import Caller
from coach.domain.members import Opened
from coach.errors import BadInput, CoachError
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.keys import CallersKey
from coach.members.caretaker import LOCK, Caretaker
from coach.members.feeds import Feeds
from groups import Worker, worker
from sample_journal import commitment, moment, person, plan


class Letters:
    """A mail server that remembers; ``trouble``: what comes of every letter."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []
        self.trouble: Exception | None = None

    async def post(self, to: str, steps: int) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.sent.append((to, steps))


@pytest_asyncio.fixture
async def two(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Worker, Worker]]:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(worker(database_url, tmp_path))
        yield one, await stack.enter_async_context(worker(database_url, tmp_path))


def caretaker(it: Worker, letters: Letters) -> Caretaker:
    return Caretaker(it.database, it.doors, it.clock, it.scrub, letters.post)


async def taken_on(it: Worker, who: Opened, id_: str, days: int) -> None:
    """Take a step on for a day so many days from now."""
    user = who.member.id
    with calling(Caller(user, who.key)):
        if not await it.journal.people(user):
            await it.journal.add_person(user, person())
        await it.journal.keep_plan(user, plan(id_, steps=(f"{id_}-1",)))
        due = it.now.date() + timedelta(days=days)
        await it.journal.keep_commitment(user, replace(commitment(f"{id_}-1", id_), due=due))


async def test_a_digest_goes_out_once_a_day_with_a_count_while_everything_is_locked(two: tuple[Worker, Worker]) -> None:
    one, _ = two
    zoe, yuri = await one.joined("zoe"), await one.joined("yuri")
    letters = Letters()
    takers = [caretaker(it, letters) for it in two]
    hour = one.now.astimezone().hour
    await takers[0].set_mail(zoe.member.id, "zoe@example.org", hour)
    await takers[0].set_mail(yuri.member.id, "yuri@example.org", hour)
    await taken_on(one, zoe, "plan1", 0)
    await taken_on(one, zoe, "plan2", -3)
    await taken_on(one, zoe, "plan3", 1)
    await one.entry.sign_out(zoe, everywhere=True)
    await asyncio.gather(*(taker.round() for taker in takers * 3))
    assert letters.sent == [("zoe@example.org", 2)]
    for it in two:
        it.later(days=1)
    await asyncio.gather(*(taker.round() for taker in takers))
    assert letters.sent[1:] == [("zoe@example.org", 3)]
    assert await takers[1].mail(yuri.member.id) == ("yuri@example.org", hour)


async def test_before_the_hour_and_without_an_address_nothing_is_sent(two: tuple[Worker, Worker]) -> None:
    it, letters = two[0], Letters()
    zoe = await it.joined("zoe")
    await taken_on(it, zoe, "plan1", 0)
    taker = caretaker(it, letters)
    await taker.round()
    hour = it.now.astimezone().hour
    if hour < 23:
        await taker.set_mail(zoe.member.id, "zoe@example.org", hour + 1)
        await taker.round()
    assert letters.sent == []
    assert await taker.due(zoe.member.id) == 1


@pytest.mark.parametrize("trouble", [CoachError("The mail server did not take the digest."), IndexError()])
async def test_a_letter_that_cannot_be_sent_stops_nothing_else(two: tuple[Worker, Worker], trouble: Exception) -> None:
    it, letters = two[0], Letters()
    letters.trouble = trouble
    zoe = await it.joined("zoe")
    await taken_on(it, zoe, "plan1", 0)
    taker = caretaker(it, letters)
    await taker.set_mail(zoe.member.id, "zoe@example.org", 0)
    await taker.round()
    assert letters.sent == []


@pytest.mark.parametrize(
    "address",
    [
        "zoe",
        "@x",
        "a@",
        "a b@c",
        "a@b\nBcc: c@d",
        "x" * 200 + "@y.example",
        "a@[",
        "b@c,d@e",
        "a:b;@c",
        "=:@>b,",
        "zoe@x.example>",
    ],
)
async def test_what_is_no_mail_address_is_refused(two: tuple[Worker, Worker], address: str) -> None:
    zoe = await two[0].joined("zoe")
    with pytest.raises(BadInput, match="no mail address"):
        await caretaker(two[0], Letters()).set_mail(zoe.member.id, address, 7)


async def test_a_digest_is_counted_without_opening_or_even_reading_a_payload(sqlite_url: str, tmp_path: Path) -> None:
    async with worker(sqlite_url, tmp_path) as it:
        zoe = await it.joined("zoe")
        await taken_on(it, zoe, "plan1", 0)
        async with it.database.writing() as connection:
            await connection.execute(text("UPDATE commitments SET payload = X'00'"))
        assert await caretaker(it, Letters()).due(zoe.member.id) == 1


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database within the block."""
    said: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield said
    event.remove(Engine, "before_cursor_execute", hear)


async def test_while_all_is_locked_the_letter_counts_what_today_shows_and_no_payload_is_asked_for(
    two: tuple[Worker, Worker],
) -> None:
    it = two[0]
    zoe = await it.joined("zoe")
    user, today = zoe.member.id, it.now.astimezone().date()
    for n, days in enumerate((-40, -1, 0, 1, 9)):
        await taken_on(it, zoe, f"plan{n}", days)
    with calling(Caller(user, zoe.key)):
        shown = [each for each in await it.journal.commitments(user) if each.due <= today]
    feeds, letters = Feeds(it.database, it.peppers), Letters()
    await feeds.keep(user, "a-token-of-a-feed", b"BEGIN:VCALENDAR")
    await it.entry.sign_out(zoe, everywhere=True)
    taker = caretaker(it, letters)
    await taker.set_mail(user, "zoe@example.org", 0)
    with statements() as said:
        await taker.round()
        assert await feeds.read("a-token-of-a-feed") == b"BEGIN:VCALENDAR"
    assert letters.sent == [("zoe@example.org", len(shown))]
    assert len(shown) == 3
    assert len(said) > 5
    assert not [each for each in said if "payload" in each]


async def test_what_a_member_erases_goes_at_once_and_its_traces_at_night(database_url: str, tmp_path: Path) -> None:
    async with worker(database_url, tmp_path) as it:
        zoe = await it.joined("zoe")
        user, journal = zoe.member.id, SqlJournal(it.database, CallersKey(), nightly=True)
        with calling(Caller(user, zoe.key)):
            await journal.add_person(user, person())
            await journal.add_moment(user, moment())
            with statements() as said:
                await journal.forget_moment(user, "m1")
            assert await journal.moments(user) == []
        assert not [each for each in said if "VACUUM" in each]
        with statements() as said:
            await journal.finish()
            await journal.finish()
        vacuumed = [each for each in said if "VACUUM" in each]
        assert len(vacuumed) == len(set(vacuumed)) > 0, "once a table, and nothing when it is done"


_HOLDS = """
    import asyncio, sys
    from coach.journal import SqlJournal
    from coach.journal.database import Database
    from coach.journal.keys import CallersKey
    async def main():
        database = Database(sys.argv[1])
        async with database.held({lock}) as held:
            while True:
                print("mine" if await held.mine() else "waits", flush=True)
                await asyncio.sleep(0.05)
    asyncio.run(main())
"""


@pytest.mark.slow
def test_one_of_four_processes_takes_care_and_another_one_after_a_kill(postgres_server: str) -> None:
    script = textwrap.dedent(_HOLDS.format(lock=LOCK))
    command = [sys.executable, "-c", script, f"{postgres_server}/postgres"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    try:
        said = [_next(process) for process in processes]
        assert sorted(said) == ["mine", "waits", "waits", "waits"]
        first = said.index("mine")
        os.kill(processes[first].pid, signal.SIGKILL)
        processes[first].wait()
        rest = [process for n, process in enumerate(processes) if n != first]
        taken = [False] * 3
        for _ in range(200):
            taken = [_next(process) == "mine" for process in rest]
            if any(taken):
                break
        assert taken.count(True) == 1
    finally:
        for process in processes:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _next(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


async def test_on_sqlite_the_one_process_takes_care(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.held(LOCK) as held:
        assert await held.mine()
    await database.close()
