"""The Chroma index: built once, found again, mended when damaged, and never reaching outside its folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.errors import KnowledgeTrouble
from coach.knowledge.embedder import unit
from coach.knowledge.index import Index, Shelf

VECTORS = unit(np.random.default_rng(1).normal(size=(40, 16)))


def shelf(key: str = "k1", pack: str = "coach", size: int = 40) -> Shelf:
    return Shelf(pack, key, size, lambda: VECTORS[:size])


def nearest(index: Index, place: int, pack: str = "coach") -> int:
    return int(index.search(pack, VECTORS[place], 3)[0][0])


def test_built_once_and_found_again(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    assert index.ensure([shelf()]) == 40
    assert nearest(index, 7) == 7
    index.close()
    again = Index(tmp_path / "index")
    assert again.ensure([shelf()]) == 0
    assert nearest(again, 7) == 7
    again.close()


def test_another_key_builds_anew_and_drops_the_old(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    index.ensure([shelf("k1")])
    assert index.ensure([shelf("k2", size=10)]) == 10
    assert [collection.name for collection in index._open().list_collections()] == ["coach.k2"]
    index.close()


def test_similarities_are_cosines_nearest_first(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    index.ensure([shelf()])
    places, cosines = index.search("coach", VECTORS[3], 5)
    assert cosines[0] == pytest.approx(1, abs=1e-4)
    assert list(cosines) == sorted(cosines, reverse=True)
    assert np.allclose(cosines, VECTORS[places] @ VECTORS[3], atol=1e-3)
    index.close()


def test_packs_have_collections_of_their_own(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    index.ensure([shelf(), shelf(pack="mine", size=5)])
    assert nearest(index, 20) == 20
    assert int(index.search("mine", VECTORS[20])[0].max()) < 5
    index.ensure([shelf()])
    assert len(index.search("mine", VECTORS[20])[0]) == 0
    index.close()


def cut(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            os.truncate(path, path.stat().st_size // 2)


def scramble(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(os.urandom(999))


def empty(folder: Path) -> None:
    for path in folder.rglob("*.sqlite3"):
        path.unlink()


def replace(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
    folder.write_text("not a folder", encoding="utf-8")


@pytest.mark.parametrize("damage", [cut, scramble, empty, replace])
def test_a_damaged_folder_is_built_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    beside = tmp_path / "beside.txt"
    beside.write_text("stays", encoding="utf-8")
    index = Index(tmp_path / "index")
    index.ensure([shelf()])
    index.close()
    damage(tmp_path / "index")
    mended = Index(tmp_path / "index")
    assert mended.ensure([shelf()]) == 40
    assert nearest(mended, 9) == 9
    assert beside.read_text(encoding="utf-8") == "stays"
    mended.close()


def test_a_collection_cut_short_is_built_again(tmp_path: Path) -> None:
    index = Index(tmp_path / "index")
    index.ensure([shelf()])
    index._open().get_collection("coach.k1").delete(ids=["3"])
    assert index.ensure([shelf()]) == 40
    assert nearest(index, 3) == 3
    index.close()


def test_a_server_that_is_not_there_is_a_knowledge_trouble(tmp_path: Path) -> None:
    index = Index(tmp_path / "index", "http://127.0.0.1:9")
    with pytest.raises(KnowledgeTrouble, match="COACH_CHROMA_URL"):
        index.ensure([shelf()])
    assert not (tmp_path / "index").exists()
