"""Whether /readyz tells the truth: what is taken away from a running coach, and what it says and does then."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import coach.web.health
from coach.domain.people import Person
from coach.errors import KnowledgeTrouble, StorageTrouble
from coach.knowledge import upkeep
from coach.knowledge.embedder import unit
from coach.knowledge.index import Index, Shelf
from coach.knowledge.library import Library
from coach.knowledge.upkeep import AGAIN, TROUBLE, Upkeep
from coach.web.parts import Parts
from fakes import NOW
from talks import USER, wired

VECTORS = unit(np.random.default_rng(1).normal(size=(40, 16)))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is answered from before."""
    monkeypatch.setattr(coach.web.health, "KEPT_S", 0.0)


def somebody(id_: str = "tom") -> Person:
    return Person(id_, "Tom", NOW)


@dataclass
class Running:
    parts: Parts
    data: Path

    async def wrong(self) -> dict[str, str]:
        return {name: said for name, said in (await self.parts.ready()).items() if said}


@pytest.fixture
async def running(library: Library, tmp_path: Path) -> AsyncIterator[Running]:
    """A coach that somebody has used already."""
    parts = await wired(tmp_path / "data", library)
    await parts.journal.add_person(USER, somebody())
    yield Running(parts, tmp_path / "data")
    await parts.close()


async def test_all_is_well(running: Running) -> None:
    assert await running.parts.ready() == {"database": None, "key": None, "index": None}


async def test_a_key_that_is_gone_is_told_and_nothing_is_acknowledged(running: Running) -> None:
    key = (running.data / "key").read_bytes()
    (running.data / "key").unlink()
    assert list(wrong := await running.wrong()) == ["key"]
    assert "is gone: nothing in the journal can be read until it is back, and nothing was changed" in wrong["key"]
    for asked in (running.parts.journal.add_person(USER, somebody("maya")), running.parts.journal.people(USER)):
        with pytest.raises(StorageTrouble, match="key is gone"):
            await asked
    assert not (running.data / "key").exists()
    (running.data / "key").write_bytes(key)
    assert await running.wrong() == {}
    assert [each.id for each in await running.parts.journal.people(USER)] == ["tom"]


async def test_a_key_that_was_exchanged_is_told(running: Running) -> None:
    from coach.journal.keys import KeyFile

    (running.data / "key").unlink()
    KeyFile(running.data / "key").make(USER)
    assert "not the one this journal was written with" in (await running.wrong())["key"]
    with pytest.raises(StorageTrouble, match="nothing was changed"):
        await running.parts.journal.add_person(USER, somebody("maya"))


def gone(data: Path) -> None:
    (data / "journal.db").unlink()


def all_gone(data: Path) -> None:
    shutil.rmtree(data)


def exchanged(data: Path) -> None:
    shutil.copy(data / "journal.db", data / "copy")
    os.replace(data / "copy", data / "journal.db")


def without_log(data: Path) -> None:
    (data / "journal.db-wal").unlink()


@pytest.mark.parametrize("take_away", [gone, all_gone, exchanged, without_log])
async def test_a_write_to_a_file_that_is_gone_is_not_acknowledged(
    running: Running, take_away: Callable[[Path], None]
) -> None:
    take_away(running.data)
    with pytest.raises(StorageTrouble, match=r"deleted or exchanged .*nothing more is kept"):
        await running.parts.journal.add_person(USER, somebody("maya"))
    assert "deleted or exchanged" in (await running.wrong())["database"]
    assert not (running.data / "key.new").exists()


async def test_a_file_that_was_moved_away_and_back_is_the_same(running: Running) -> None:
    os.rename(running.data / "journal.db", running.data / "aside")
    with pytest.raises(StorageTrouble):
        await running.parts.journal.add_person(USER, somebody("maya"))
    os.rename(running.data / "aside", running.data / "journal.db")
    await running.parts.journal.add_person(USER, somebody("maya"))
    assert await running.wrong() == {}


async def test_asking_often_costs_once(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coach.web.health, "KEPT_S", 1000.0)
    first = await running.parts.ready()
    (running.data / "journal.db").unlink()
    assert await running.parts.ready() == first


# ---- the index


def kept(folder: Path, broken: bool = False) -> Upkeep:
    def vectors() -> Any:
        if broken:
            raise KnowledgeTrouble("no weights")
        return VECTORS

    return Upkeep(Index(folder), lambda _: [Shelf("coach", "k1", 40, vectors)])


def nearest(it: Upkeep, place: int) -> int | None:
    found = it.search("coach", VECTORS[place])[0]
    return int(found[0]) if len(found) else None


def settled(it: Upkeep) -> None:
    assert it._mending is not None
    it._mending.result(20)


def test_an_index_lost_while_running_is_built_again(tmp_path: Path) -> None:
    it = kept(tmp_path / "index")
    it.ensure()
    assert (it.check(), nearest(it, 7)) == (None, 7)
    shutil.rmtree(tmp_path / "index")
    with it._building:  # so that it is not done before it is asked about
        assert it.check() == AGAIN
    settled(it)
    assert (it.check(), it.trouble, nearest(it, 7)) == (None, None, 7)
    it.close()


def test_a_data_folder_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    it = kept(tmp_path / "data" / "index" / "chroma")
    it.ensure()
    shutil.rmtree(tmp_path / "data")
    assert it.check() == TROUBLE
    assert not (tmp_path / "data").exists()
    it.close()


def test_what_cannot_be_built_is_told_and_tried_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    it = kept(tmp_path / "index", broken=True)
    with pytest.raises(KnowledgeTrouble):
        it.ensure()
    assert (it.check(), nearest(it, 7)) == (TROUBLE, None)
    assert it._mending is None
    monkeypatch.setattr(upkeep, "PAUSE_S", 0.0)
    it._shelves = lambda _: [Shelf("coach", "k1", 40, lambda: VECTORS)]
    with it._building:
        assert it.check() == AGAIN
    settled(it)
    assert (it.check(), nearest(it, 7)) == (None, 7)
    it.close()
