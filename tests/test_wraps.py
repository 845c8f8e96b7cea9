"""What opens a member's journal: passwords, recovery codes and tokens, and that nothing else does."""

from __future__ import annotations

import itertools
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.members import DoorKind
from coach.errors import StorageTrouble
from coach.members import codes, wraps
from coach.members.peppers import Peppers
from coach.members.wraps import Cost, Door, Slot

CHEAP = Cost(16, 1, 1)
PEPPERS = Peppers((bytes(range(32)),))
KEY = bytes(range(32, 64))
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def slot(member: str = "m1", password: str = "rain on the roof") -> Slot:
    return wraps.by_password(member, KEY, password, CHEAP, PEPPERS)


def door(token: str = "t" * 43, **changed: object) -> Door:
    empty = Door("m1", "", DoorKind.CHAT, "/v1/", 1_000_000, "")
    return wraps.by_token(token, KEY, replace(empty, **changed), PEPPERS)  # type: ignore[arg-type]


class TestPasswords:
    def test_a_password_opens_what_it_sealed_and_another_does_not(self) -> None:
        assert wraps.opened_slot(slot(), "rain on the roof", PEPPERS) == KEY
        assert wraps.opened_slot(slot(), "rain on the roofs", PEPPERS) is None

    def test_a_password_may_be_typed_on_another_keyboard(self) -> None:
        """One that composes its accents, or writes a ligature as one character."""
        assert wraps.opened_slot(slot(password="caf\u00e9 \ufb01re"), "cafe\u0301 fire", PEPPERS) == KEY

    def test_the_same_password_never_gives_the_same_row(self) -> None:
        assert slot().sealed != slot().sealed
        assert slot().salt != slot().salt

    def test_without_the_pepper_the_right_password_opens_nothing(self) -> None:
        assert wraps.opened_slot(slot(), "rain on the roof", Peppers((b"p" * 32,))) is None

    def test_an_older_pepper_still_opens_what_was_made_with_it(self) -> None:
        both = Peppers((b"p" * 32, bytes(range(32))))
        assert wraps.opened_slot(slot(), "rain on the roof", both) == KEY
        assert wraps.by_password("m1", KEY, "new", CHEAP, both).pepper == both.now != PEPPERS.now

    def test_the_cost_that_ships_opens_and_stands_in_the_row(self) -> None:
        made = wraps.by_password("m1", KEY, "rain on the roof", wraps.REAL, PEPPERS)
        assert made.cost == "argon2id 65536 3 1"
        assert wraps.opened_slot(made, "rain on the roof", PEPPERS) == KEY

    def test_the_slot_of_nobody_is_tried_at_the_same_cost_and_opens_nothing(self) -> None:
        made = wraps.nobody(CHEAP, PEPPERS)
        assert (made.cost, len(made.sealed), len(made.salt)) == (slot().cost, len(slot().sealed), len(slot().salt))
        assert wraps.opened_slot(made, "rain on the roof", PEPPERS) is None

    @pytest.mark.parametrize("cost", ["", "argon2id", "argon2id 9999999 3 1", "argon2id 64 0 1", "scrypt 64 3 1",
                                      "argon2id 64 3 99", "argon2id -64 3 1", "argon2id 64 3 1 1"])  # fmt: skip
    def test_a_cost_that_would_take_the_machine_down_or_is_none_is_not_tried(self, cost: str) -> None:
        assert Cost.read(cost) is None
        assert wraps.opened_slot(replace(slot(), cost=cost), "rain on the roof", PEPPERS) is None


class TestEditedRows:
    """Whoever can write to the database gains nothing by it."""

    @pytest.mark.parametrize(
        "edit",
        [
            {"member": "m2"},
            {"id": "0" * 16},
            {"kind": wraps.SlotKind.RECOVERY},
            {"cost": str(Cost(8, 1, 1))},
            {"salt": b"s" * 16},
            {"pepper": ""},
            {"sealed": b""},
            {"sealed": slot("m2").sealed},
        ],
        ids="+".join,
    )
    def test_an_edited_slot_opens_nothing(self, edit: dict[str, object]) -> None:
        assert wraps.opened_slot(replace(slot(), **edit), "rain on the roof", PEPPERS) is None  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "edit",
        [
            {"member": "m2"},
            {"id": wraps.token_id("another")},
            {"kind": DoorKind.SESSION},
            {"kind": DoorKind.MCP},
            {"scope": "/"},
            {"ends_at": 9_000_000},
            {"pepper": "0" * 16},
            {"sealed": door("u" * 43).sealed},
            {"sealed": None},
        ],
        ids="+".join,
    )
    def test_an_edited_door_opens_nothing(self, edit: dict[str, object]) -> None:
        assert wraps.opened_door(door(), "t" * 43, PEPPERS) == KEY
        assert wraps.opened_door(replace(door(), **edit), "t" * 43, PEPPERS) is None  # type: ignore[arg-type]

    @given(st.integers(0, 59), st.integers(1, 255))
    def test_a_flipped_bit_of_the_sealed_key_opens_nothing(self, at: int, by: int) -> None:
        made = door()
        assert made.sealed is not None
        changed = bytearray(made.sealed)
        changed[at] ^= by
        assert wraps.opened_door(replace(made, sealed=bytes(changed)), "t" * 43, PEPPERS) is None


class TestPasskeys:
    def test_what_a_passkey_works_out_opens_its_slot_and_nothing_else_does(self) -> None:
        made = wraps.by_passkey("m1", KEY, "credential", b"o" * 32)
        assert wraps.opened_by_passkey(made, b"o" * 32) == KEY
        assert wraps.opened_by_passkey(made, b"x" * 32) is None
        assert wraps.opened_slot(made, "rain on the roof", PEPPERS) is None
        for edit in ({"member": "m2"}, {"id": wraps.passkey_slot("other")}, {"salt": b"s" * 16}, {"kind": "recovery"}):
            assert wraps.opened_by_passkey(replace(made, **edit), b"o" * 32) is None  # type: ignore[arg-type]


class TestTokens:
    def test_a_token_opens_its_door_and_no_other(self) -> None:
        assert wraps.opened_door(door(), "u" * 43, PEPPERS) is None

    def test_a_row_tells_nothing_of_its_token_and_a_token_is_never_made_twice(self) -> None:
        made = {wraps.new_token() for _ in range(100)}
        assert len(made) == 100
        assert min(map(len, made)) >= 43
        assert door().id == wraps.token_id("t" * 43) != "t" * 43

    def test_without_the_pepper_a_token_opens_nothing(self) -> None:
        assert wraps.opened_door(door(), "t" * 43, Peppers((b"p" * 32,))) is None


class TestRecovery:
    def test_a_code_opens_in_any_spelling_and_without_the_pepper(self) -> None:
        code = codes.new_code()
        read = codes.read(code)
        assert read is not None
        made = wraps.by_code("m1", KEY, read)
        for spelt in (code.lower(), code.replace("-", " "), code.replace("-", ""), code.replace("0", "o"),
                      code.replace("1", "l"), f"  {code}\n", code.replace("-", " \u2013 ")):  # fmt: skip
            again = codes.read(spelt)
            assert again is not None, spelt
            assert wraps.opened_slot(made, again, Peppers((b"p" * 32,))) == KEY

    def test_a_code_has_130_random_bits(self) -> None:
        assert len(codes.new_code().replace("-", "")) - 2 == 130 // 5
        assert len({codes.new_code()[:9] for _ in range(50)}) == 50

    def test_any_one_slip_is_noticed_before_anything_is_looked_up(self) -> None:
        code = codes.read(codes.new_code())
        assert code is not None
        for at, letter in itertools.product(range(28), LETTERS):
            if letter != code[at]:
                assert codes.read(code[:at] + letter + code[at + 1 :]) is None

    @given(st.tuples(st.integers(0, 27), st.integers(0, 27)).filter(lambda it: it[0] != it[1]), st.integers(0, 1023))
    def test_any_two_slips_are_noticed(self, places: tuple[int, int], values: int) -> None:
        code = codes.read("9K1Y-4D7G-DSTF-B60G-MQZ6-H2VG-SP2C")
        assert code is not None
        changed = list(code)
        changed[places[0]], changed[places[1]] = LETTERS[values // 32], LETTERS[values % 32]
        assert (codes.read("".join(changed)) is None) == ("".join(changed) != code)

    @pytest.mark.parametrize("text", ["", "9K1Y", "U" * 28, "9K1Y-4D7G-DSTF-B60G-MQZ6-H2VG-SP2C-9K1Y", "ä" * 28])
    def test_what_is_no_code_is_none(self, text: str) -> None:
        assert codes.read(text) is None

    def test_the_last_group_is_typed_back_in_any_spelling(self) -> None:
        assert codes.is_last_group("9K1Y-4D7G-SP0C", " sp oc ")
        assert not codes.is_last_group("9K1Y-4D7G-SP0C", "4D7G")


class TestSharing:
    def test_only_the_one_it_is_sealed_to_opens_it_and_only_as_it_was_sent(self) -> None:
        public, private = wraps.pair("m1", KEY)
        _, other = wraps.pair("m2", b"o" * 32)
        sealed = wraps.sealed_to(public, b"what we agreed", "share1", "yuri", "zoe")
        assert wraps.opened_from("m1", KEY, private, sealed, "share1", "yuri", "zoe") == b"what we agreed"
        assert len(sealed) == len(b"what we agreed") + 48
        assert wraps.opened_from("m2", b"o" * 32, other, sealed, "share1", "yuri", "zoe") is None
        assert wraps.opened_from("m1", KEY, private, sealed, "share1", "xena", "zoe") is None
        assert wraps.opened_from("m1", KEY, private, sealed, "share1y", "uri", "zoe") is None
        assert wraps.opened_from("m1", b"o" * 32, private, sealed, "share1", "yuri", "zoe") is None
        assert wraps.opened_from("m2", KEY, private, sealed, "share1", "yuri", "zoe") is None


class TestPepper:
    def test_it_is_made_once_for_its_owner_alone(self, tmp_path: Path) -> None:
        made = Peppers.read(tmp_path / "new" / "pepper", make=True)
        file = tmp_path / "new" / "pepper"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert Peppers.read(file, make=True).newest == made.newest
        assert [each.name for each in file.parent.iterdir()] == ["pepper"]

    def test_a_new_line_at_the_top_is_used_from_then_on_and_the_old_one_still_opens(self, tmp_path: Path) -> None:
        first = Peppers.read(tmp_path / "pepper", make=True)
        second = Peppers.read(tmp_path / "other", make=True)
        (tmp_path / "pepper").write_bytes((tmp_path / "other").read_bytes() + (tmp_path / "pepper").read_bytes())
        both = Peppers.read(tmp_path / "pepper", make=False)
        assert (both.now, both.get(first.now)) == (second.now, first.newest)

    def test_a_missing_one_is_named_and_not_made_where_members_are(self, tmp_path: Path) -> None:
        with pytest.raises(StorageTrouble, match="is missing, and without it nobody can sign in"):
            Peppers.read(tmp_path / "pepper", make=False)

    @pytest.mark.parametrize("content", [b"", b"not base64!", b"AAAA"])
    def test_a_damaged_one_is_named(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "pepper").write_bytes(content)
        with pytest.raises(StorageTrouble, match="is damaged"):
            Peppers.read(tmp_path / "pepper", make=True)

    def test_one_that_others_could_read_is_closed_to_them(self, tmp_path: Path) -> None:
        Peppers.read(tmp_path / "pepper", make=True)
        os.chmod(tmp_path / "pepper", 0o644)
        Peppers.read(tmp_path / "pepper", make=False)
        assert stat.S_IMODE((tmp_path / "pepper").stat().st_mode) == 0o600
