"""The journal about one person: what is told of them, what is erased when it is old, what needs no opening."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from coach.domain.commitments import Closing
from coach.domain.people import Contact
from coach.domain.preferences import MINE, Preferences
from coach.errors import NotFound
from coach.journal import SqlJournal
from sample_journal import NOW, commitment, fill, moment, person, plan

OLD = timedelta(days=400)


@pytest_asyncio.fixture
async def journal(database_url: str, tmp_path: Path) -> AsyncIterator[SqlJournal]:
    opened = await SqlJournal.open(database_url, tmp_path)
    yield opened
    await opened.close()


async def test_contact_and_counts_are_told_without_opening(journal: SqlJournal) -> None:
    await fill(journal)
    before = NOW - timedelta(days=1)
    assert await journal.contacts("me") == {"tom": Contact(1, NOW, NOW), "maya": Contact(1, before, before)}
    counts = await journal.counts("me")
    assert (counts["people"], counts["moments"], counts["plans"]) == (2, 2, 1)
    assert await journal.contacts("nobody") == {}


async def test_the_newest_moments_come_oldest_first(journal: SqlJournal) -> None:
    await journal.add_person("me", person())
    for n in range(5):
        await journal.add_moment("me", moment(f"n{n}", days=n))
    assert [it.id for it in await journal.moments("me", "tom", 2)] == ["n3", "n4"]


async def test_the_report_about_a_person_holds_what_erasing_them_erases(journal: SqlJournal) -> None:
    await fill(journal)
    before = cast(dict[str, Any], await journal.export("me"))
    about = cast(dict[str, Any], await journal.about("me", "tom"))
    await journal.forget_person("me", "tom")
    after = cast(dict[str, Any], await journal.export("me"))
    for name in ("moments", "plans", "drafts", "conversations", "sent"):
        gone = [item for item in before[name] if item["id"] not in {it["id"] for it in after[name]}]
        assert [item["id"] for item in about[name]] == [item["id"] for item in gone], name
    assert about["person"]["name"] == "Tom Ashdown"
    assert {it["id"] for it in about["turns"]} >= {"t1"}
    assert [it["note"] for it in about["outcomes"]] == ["He smiled"]
    with pytest.raises(NotFound):
        await journal.about("me", "tom")


async def test_what_is_older_is_erased_and_the_person_stays(journal: SqlJournal) -> None:
    await fill(journal)
    await journal.add_moment("me", moment("fresh", days=500))
    assert (
        await journal.forget_before("me", "tom", NOW + OLD) == 5
    )  # the moment, its plan, their draft, turn and session
    assert [it.id for it in await journal.moments("me", "tom")] == ["fresh"]
    assert await journal.plans("me", "tom") == []
    assert await journal.person("me", "tom") == person()
    assert await journal.moments("me", "maya") != []
    with pytest.raises(NotFound):
        await journal.plan("me", plan().id)
    assert await journal.forget_before("me", "tom", NOW + OLD) == 0


async def test_open_commitments_are_found_and_go_with_their_plan(journal: SqlJournal) -> None:
    await fill(journal)
    assert await journal.commitments("me") == [commitment()]
    closed = replace(commitment(), closed_at=NOW, closing=Closing.DONE)
    await journal.keep_commitment("me", closed)
    assert await journal.commitments("me") == []
    assert await journal.commitments("me", "plan1") == [closed]
    await journal.forget_person("me", "tom")
    assert await journal.commitments("me", "plan1") == []


async def test_preferences_are_kept_once_and_go_with_the_user(journal: SqlJournal) -> None:
    assert await journal.preferences("me") == Preferences()
    for feed in ("one", "two"):
        await journal.change("me", Preferences, MINE, lambda it, feed=feed: replace(it, feed=feed, changed_at=NOW))
    assert (await journal.preferences("me")).feed == "two"
    await journal.forget("me")
    assert await journal.preferences("me") == Preferences()
