"""A member's key comes with their request: it opens their journal for this request, and stays nowhere."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from callers import calling
from coach.caller import Caller, current, key_of
from coach.errors import Locked, NotFound
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.keys import CallersKey, Cipher, fingerprint
from sample_journal import fill, moment, person

YURI, ZOE = Caller("yuri", b"y" * 32), Caller("zoe", b"z" * 32)


@pytest_asyncio.fixture
async def journal(database_url: str, tmp_path: Path) -> AsyncIterator[SqlJournal]:
    """A journal with two members in it, and nothing of theirs."""
    database = Database(database_url)
    async with database.writing() as connection:
        for each in (YURI, ZOE):
            values = {"id": each.user, "key": fingerprint(each.key or b"")}
            await connection.execute(text("INSERT INTO users (id, key_id) VALUES (:id, :key)"), values)
    await database.close()
    opened = await SqlJournal.open(database_url, tmp_path, CallersKey())
    yield opened
    await opened.close()


async def test_each_member_has_their_own_journal_and_no_file_holds_a_key(journal: SqlJournal, tmp_path: Path) -> None:
    with calling(YURI):
        await fill(journal, "yuri")
    with calling(ZOE):
        await journal.add_person("zoe", person("tom", "Tomasz"))
        assert [each.name for each in await journal.people("zoe")] == ["Tomasz"]
        assert (await journal.counts("zoe"))["moments"] == 0
    with calling(YURI):
        assert [each.name for each in await journal.people("yuri")] != ["Tomasz"]
    assert not (tmp_path / "key").exists()


async def test_nobody_opens_the_journal_of_somebody_else_or_a_locked_one(journal: SqlJournal) -> None:
    with calling(YURI):
        await journal.add_person("yuri", person())
        with pytest.raises(Locked):
            await journal.people("zoe")
    for stranger in (ZOE, Caller("yuri", None)):
        with calling(stranger), pytest.raises(Locked, match="locked"):
            await journal.people("yuri")
    with pytest.raises(Locked):
        await journal.people("yuri")
    with calling(Caller("zoe", None)), pytest.raises(Locked):
        await journal.add_person("zoe", person())


async def test_what_a_request_starts_is_still_its_own_and_two_at_once_do_not_meet(journal: SqlJournal) -> None:
    async def turn(who: Caller, name: str) -> list[str]:
        with calling(who):
            await asyncio.create_task(journal.add_person(who.user, person("p", name)))
            assert await asyncio.to_thread(key_of, who.user) == who.key
            return [each.name for each in await journal.people(who.user)]

    assert await asyncio.gather(turn(YURI, "Ann"), turn(ZOE, "Ben")) == [["Ann"], ["Ben"]]
    assert current() is None


async def test_nothing_holds_a_key_or_a_cipher_when_the_request_has_ended(journal: SqlJournal) -> None:
    with calling(YURI):
        await journal.add_person("yuri", person())
        await journal.people("yuri")
    theirs = fingerprint(b"y" * 32)
    assert not [it for it in gc.get_objects() if isinstance(it, Cipher) and it.key_id == theirs]


async def test_erasing_everything_leaves_the_member_with_an_empty_journal(journal: SqlJournal) -> None:
    with calling(YURI):
        await fill(journal, "yuri")
        await journal.forget("yuri")
        assert not any((await journal.counts("yuri")).values())
        await journal.add_person("yuri", person())
        assert len(await journal.people("yuri")) == 1


async def test_a_request_under_way_writes_nothing_for_a_member_who_has_left(
    journal: SqlJournal, database_url: str
) -> None:
    database = Database(database_url)
    with calling(YURI):
        await journal.add_person("yuri", person())
        async with database.writing() as connection:
            await connection.execute(text("DELETE FROM users WHERE id = 'yuri'"))
        with pytest.raises(NotFound):
            await journal.add_moment("yuri", moment())
        async with database.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM users WHERE id = 'yuri'")) == 0
    await database.close()


async def test_readiness_opens_no_key(journal: SqlJournal) -> None:
    assert not any((await journal.states()).values())
