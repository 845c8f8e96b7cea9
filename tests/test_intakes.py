"""What a file brought in is listed, sealed, and can be taken out again; what was changed since stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.intakes import UNDONE_WITHIN, Incoming, TakenOut
from coach.domain.moments import Moment
from coach.domain.people import Celebration
from coach.errors import NotFound
from coach.journal import SqlJournal
from sample_journal import NOW, moment, person


@pytest_asyncio.fixture
async def journal(database_url: str, tmp_path: Path) -> AsyncIterator[SqlJournal]:
    it = await SqlJournal.open(database_url, tmp_path)
    yield it
    await it.close()


def incoming(id_: str = "intake1", at_days: int = 0) -> Incoming:
    """Two new people with a moment each, and a birthday of somebody who may be here."""
    people = (person("ann", "Ann Lee"), person("bo", "Bo Berg"))
    moments = tuple(replace(moment(f"m-{each.id}", each.id), turn_id=None) for each in people)
    told = replace(person("tom", "Tom"), role="Buyer", celebrations=(Celebration("birthday", 3, 14),))
    return Incoming(id_, NOW + timedelta(days=at_days), "list", people, moments, (told,))


async def test_it_comes_in_once_and_goes_out_again(journal: SqlJournal) -> None:
    tom = replace(person("tom", "Tom Ashdown"), role=None, celebrations=())
    await journal.add_person("me", tom)
    before = await journal.export("me")
    intake = await journal.take_in("me", incoming())
    assert [id_ for id_, _ in (*intake.people, *intake.moments)] == ["ann", "bo", "m-ann", "m-bo"]
    assert (await journal.person("me", "tom")).role == "Buyer"
    again = await journal.take_in("me", incoming("intake2"))
    assert (again.people, again.moments, again.facts) == ((), (), ())
    assert await journal.intakes("me") == [intake]
    assert await journal.take_out("me", "intake1") == TakenOut(people=2, moments=2, stayed=0)
    assert await journal.export("me") == before
    with pytest.raises(NotFound):
        await journal.take_out("me", "intake1")


async def test_what_was_changed_since_stays_with_its_person(journal: SqlJournal) -> None:
    await journal.take_in("me", incoming())
    await journal.change("me", Moment, "m-ann", lambda it: replace(it, what="in my own words"))
    await journal.add_moment("me", replace(moment("mine", "bo"), turn_id=None))
    assert await journal.take_out("me", "intake1") == TakenOut(people=0, moments=1, stayed=3)
    assert {each.id for each in await journal.moments("me")} == {"m-ann", "mine"}


async def test_whoever_is_erased_is_in_no_list(journal: SqlJournal) -> None:
    await journal.add_person("me", replace(person("tom", "Tom Ashdown"), role=None))
    await journal.take_in("me", incoming())
    await journal.forget_person("me", "tom")
    await journal.forget_person("me", "ann")
    [intake] = await journal.intakes("me")
    assert [[id_ for id_, _ in some] for some in (intake.people, intake.moments)] == [["bo"], ["m-bo"]]
    assert intake.facts == ()


async def test_lists_that_are_too_old_go_with_the_next_file(journal: SqlJournal) -> None:
    await journal.take_in("me", incoming())
    later = replace(incoming("intake2", UNDONE_WITHIN.days + 1), people=(person("eve", "Eve"),), moments=(), facts=())
    await journal.take_in("me", later)
    assert [each.id for each in await journal.intakes("me")] == ["intake2"]
