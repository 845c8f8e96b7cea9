"""Sealing and the key file."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coach.errors import StorageTrouble
from coach.journal.keys import VERSION, Cipher, KeyFile

KEY = bytes(range(32))


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "data" / "key")


def test_what_was_sealed_opens() -> None:
    cipher = Cipher("me", KEY)
    sealed = cipher.seal("moments", "m1", b"He went quiet")
    assert sealed[:1] == VERSION
    assert b"quiet" not in sealed
    assert cipher.open("moments", "m1", sealed) == b"He went quiet"


def test_the_same_words_never_look_the_same() -> None:
    cipher = Cipher("me", KEY)
    assert len({cipher.seal("moments", "m1", b"yes") for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("user", "table", "row"),
    [
        ("you", "moments", "m1"),
        ("me", "turns", "m1"),
        ("me", "moments", "m2"),
        ("mem", "oments", "m1"),
        ("me", "moment", "sm1"),
    ],
)
def test_a_payload_opens_in_its_own_row_only(user: str, table: str, row: str) -> None:
    sealed = Cipher("me", KEY).seal("moments", "m1", b"He went quiet")
    with pytest.raises(StorageTrouble, match="damaged or changed"):
        Cipher(user, KEY).open(table, row, sealed)


def test_every_changed_byte_is_noticed() -> None:
    cipher = Cipher("me", KEY)
    sealed = cipher.seal("moments", "m1", b"quiet")
    for n in range(len(sealed)):
        with pytest.raises(StorageTrouble):
            cipher.open("moments", "m1", sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :])
    for n in range(len(sealed)):
        with pytest.raises(StorageTrouble):
            cipher.open("moments", "m1", sealed[:n])


def test_an_unknown_version_byte_asks_for_an_update() -> None:
    with pytest.raises(StorageTrouble, match="Update the coach"):
        Cipher("me", KEY).open("moments", "m1", b"\x07" + bytes(40))


def test_reading_makes_no_file(key_file: KeyFile) -> None:
    assert key_file.read("me") is None
    assert not Path(key_file.where).exists()


def test_the_file_is_for_its_owner_alone(key_file: KeyFile) -> None:
    key = key_file.make("me")
    assert len(key) == 32
    assert key_file.make("me") == key == key_file.read("me")
    assert stat.S_IMODE(os.stat(key_file.where).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(Path(key_file.where).parent).st_mode) == 0o700
    assert os.listdir(Path(key_file.where).parent) == ["key"]


def test_a_file_open_to_others_is_closed(key_file: KeyFile) -> None:
    key_file.make("me")
    os.chmod(key_file.where, 0o644)
    key_file.read("me")
    assert stat.S_IMODE(os.stat(key_file.where).st_mode) == 0o600


def test_each_user_has_their_own_key(key_file: KeyFile) -> None:
    mine, yours = key_file.make("me"), key_file.make("you")
    assert mine != yours
    key_file.drop("me")
    assert key_file.read("me") is None
    assert key_file.read("you") == yours
    key_file.drop("you")
    assert not Path(key_file.where).exists()
    assert key_file.make("me") != mine


def test_a_dropped_key_is_overwritten_where_it_lay(key_file: KeyFile) -> None:
    """A second name for the old file shows what became of its bytes."""
    key_file.make("me")
    key_file.make("you")
    for n, user in enumerate(("me", "you")):
        other_name = Path(key_file.where).with_name(f"seen{n}")
        os.link(key_file.where, other_name)
        key_file.drop(user)
        assert set(other_name.read_bytes()) == {0}


def test_all_who_ask_at_once_get_one_key(key_file: KeyFile) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: KeyFile(Path(key_file.where)).make("me"), range(24)))
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"keys": {"me": "AAAA"}}', '{"keys": {"me": 3}}', '{"keys": []}', "\xff"]
)
def test_a_damaged_file_is_named_and_left_alone(key_file: KeyFile, content: str) -> None:
    path = Path(key_file.where)
    path.parent.mkdir()
    path.write_bytes(content.encode("latin-1"))
    for ask in (key_file.read, key_file.make):
        with pytest.raises(StorageTrouble, match="Put back your copy") as caught:
            ask("me")
        assert str(path) in str(caught.value)
    assert path.read_bytes() == content.encode("latin-1")
    key_file.drop("me")
    assert not path.exists()


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageTrouble, match=r"data.key cannot be read or written"):
        KeyFile(tmp_path / "data" / "key").make("me")


def test_the_file_says_what_it_is(key_file: KeyFile) -> None:
    key_file.make("me")
    assert "cannot be read" in json.loads(Path(key_file.where).read_text())["about"]
