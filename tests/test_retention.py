"""What is past its time goes by itself, never for a clock that jumped; everything goes a day after it was asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest_asyncio

import fakes
from coach.app import build
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.journal import SqlJournal
from coach.settings import Settings
from coach.web.retention import expire_all, overdue
from sample_journal import NOW
from serving import app_of, browsing

YEAR = timedelta(days=365)


@pytest_asyncio.fixture
async def journal(database_url: str, tmp_path: Path) -> AsyncIterator[SqlJournal]:
    """Twenty moments with Tom of the last twenty months, kept for nineteen."""
    opened = await SqlJournal.open(database_url, tmp_path)
    await opened.add_person("me", Person("tom", "Tom", NOW, keep_months=19))
    for n in range(20):
        await opened.add_moment("me", moment(n))
    yield opened
    await opened.close()


def moment(months: int) -> Moment:
    when = NOW - timedelta(days=30.5 * months)
    return Moment(f"m{months}", "tom", when, Channel.CALL, By.ME, "x", Landed.HELPED, when)


async def test_a_little_goes_by_itself(journal: SqlJournal) -> None:
    await expire_all(journal, "me", NOW)
    assert len(await journal.moments("me", "tom")) == 19


async def test_more_than_a_tenth_waits_for_a_word(journal: SqlJournal) -> None:
    await journal.change("me", Person, "tom", lambda it: replace(it, keep_months=12))
    past = await overdue(journal, "me", NOW)
    assert (past.things, past.every, past.waits, past.jumped) == (8, 20, True, False)
    assert [it.id for it in past.people] == ["tom"]
    await expire_all(journal, "me", NOW)
    assert len(await journal.moments("me", "tom")) == 20
    await expire_all(journal, "me", NOW, asked=True)
    assert len(await journal.moments("me", "tom")) == 12


async def test_a_clock_that_jumped_erases_nothing(journal: SqlJournal) -> None:
    for jump in (timedelta(days=61), 3 * YEAR):
        past = await overdue(journal, "me", NOW + jump)
        assert past.jumped
        assert past.waits
        await expire_all(journal, "me", NOW + jump)
    assert len(await journal.moments("me", "tom")) == 20
    assert (await overdue(journal, "me", NOW - 3 * YEAR)).things == 0


async def test_who_set_no_limit_is_not_asked(journal: SqlJournal) -> None:
    await journal.change("me", Person, "tom", lambda it: replace(it, keep_months=None))
    assert not (await overdue(journal, "me", NOW + 9 * YEAR)).waits


async def test_everything_goes_when_its_day_has_come_and_not_before(journal: SqlJournal, tmp_path: Path) -> None:
    await journal.forget_on("me", NOW + timedelta(days=1))
    assert await journal.goes_on("me") == NOW + timedelta(days=1)
    assert await journal.depart(NOW + timedelta(hours=23)) == []
    await journal.forget_on("me", None)
    assert await journal.depart(NOW + YEAR) == []
    await journal.forget_on("me", NOW + timedelta(days=1))
    assert await journal.depart(NOW + timedelta(days=1)) == ["me"]
    assert await journal.people("me") == []
    assert not (tmp_path / "key").exists()


async def test_a_start_after_that_day_finds_nothing(tmp_path: Path) -> None:
    parts = await fakes.fake_parts(tmp_path)
    await parts.journal.add_person("me", Person("tom", "Tom", NOW))
    await parts.journal.forget_on("me", NOW)
    await parts.close()
    later = await build(
        Settings(data=tmp_path), clock=lambda: NOW + YEAR, new_id=lambda: "x", knowledge=fakes.FakeLibrary()
    )
    assert await later.journal.people("me") == []
    await later.close()


def test_the_pages_ask_about_what_is_past_its_time(tmp_path: Path) -> None:
    with app_of(lambda: fakes.fake_parts(tmp_path)) as app, browsing(app) as client:
        id_ = client.post("/api/people", json={"name": "Tom", "keep_months": 12}).json()["id"]
        old = {"person_id": id_, "happened_at": "2021-03-01T09:00:00Z", "what": "the old zebra"}
        client.post("/api/moments", json={**old, "channel": "call", "by": "me", "landed": "helped"})
        assert "1 of 1 things are past the time you set" in client.get("/today").text
        assert "Erase what is past its time" in client.get("/privacy").text
        told = client.post("/privacy/expire", headers={"Origin": "http://127.0.0.1:8000"})
        assert "What was past its time is erased" in told.text
        assert client.get("/api/moments").json()["moments"] == []
