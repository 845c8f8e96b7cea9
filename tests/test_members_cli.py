"""``coach members`` at the server's terminal, and the claim of a folder of one user."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from callers import calling
from coach.caller import ALONE, Caller
from coach.cli import app
from coach.cli.workbench import Doors
from coach.domain.members import DoorKind
from coach.errors import Locked
from coach.group import Group, group
from coach.journal import SqlJournal
from coach.journal.keys import KeyFile
from coach.settings import Settings
from groups import CHEAP, HOME, NOW, PASSWORD
from sample_journal import fill

CODE = "9K1Y-4D7G-DSTF-B60G-MQZ6-H2VG-SP2C"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, members=True, public_url="https://coach.example.org")


def run(settings: Settings, *command: str, typed: str = "") -> Result:
    async def made(settings: Settings) -> Group:
        return await group(settings, lambda: NOW, lambda: "new-id", CHEAP)

    doors = Doors(settings=lambda: settings, group=made, new_code=lambda: CODE)
    return CliRunner().invoke(app, ["members", *command], obj=doors, input=typed)


def test_the_first_link_is_printed_once_and_invitations_after_it(settings: Settings) -> None:
    done = run(settings, "first")
    found = re.search(r"https://coach\.example\.org/join/([\w-]+)\n", done.output)
    assert done.exit_code == 0
    assert found is not None
    assert "Nobody has joined yet" in run(settings, "list").output

    async def join() -> None:
        made = await group(settings, lambda: NOW, lambda: "new-id", CHEAP)
        await made.roster.join(found[1], "zoe", PASSWORD)
        await made.close()

    asyncio.run(join())
    again = run(settings, "first")
    assert (again.exit_code, "no first link" in again.output) == (2, True)
    assert "/join/" in run(settings, "invite", "--role", "host").output
    assert run(settings, "list").output == "zoe: admin since 2026-11-30\n"
    assert "last admin" in run(settings, "lock", "zoe").output
    assert "last admin" in run(settings, "erase", "zoe", "--yes").output
    assert "Nothing was erased" in run(settings, "erase", "zoe", typed="zo\n").output
    assert "Nobody here has that login" in run(settings, "lock", "yuri").output


def test_without_members_the_commands_say_which_setting_is_missing(tmp_path: Path) -> None:
    done = run(Settings(data=tmp_path), "first")
    assert (done.exit_code, "COACH_MEMBERS=1" in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_with_members_no_journal_opens_at_the_terminal(settings: Settings) -> None:
    done = CliRunner().invoke(app, ["export"], obj=Doors(settings=lambda: settings))
    assert (done.exit_code, "has members" in done.output) == (2, True)


def test_a_lost_pepper_is_named_and_not_made_anew(settings: Settings) -> None:
    run(settings, "first")
    token = re.search(r"/join/([\w-]+)", run(settings, "first").output)
    assert token is not None

    async def join() -> None:
        made = await group(settings, lambda: NOW, lambda: "new-id", CHEAP)
        await made.roster.join(token[1], "zoe", PASSWORD)
        await made.close()

    asyncio.run(join())
    settings.pepper.unlink()
    done = run(settings, "list")
    assert (done.exit_code, "is missing" in done.output) == (2, True)
    assert not settings.pepper.exists()


class TestClaim:
    @pytest.fixture
    def before(self, settings: Settings) -> dict[str, Any]:
        """What one user's folder holds."""

        async def made() -> dict[str, Any]:
            journal = await SqlJournal.open(settings.journal_url, settings.data)
            await fill(journal, ALONE)
            export = dict(await journal.export(ALONE))
            await journal.close()
            return export

        return asyncio.run(made())

    def exported(self, settings: Settings) -> dict[str, Any]:
        """What the member's password opens."""

        async def made() -> dict[str, Any]:
            there = await group(settings, lambda: NOW, lambda: "new-id", CHEAP)
            try:
                token = await there.entry.sign_in("zoe", PASSWORD, HOME)
                found = await there.entry.opened(token, [DoorKind.SESSION])
                assert found is not None
                with calling(Caller(found.member.id, found.key)):
                    return dict(await there.journal.export(found.member.id))
            finally:
                await there.close()

        return asyncio.run(made())

    def test_the_same_journal_opens_with_a_password_and_the_key_file_goes(
        self, settings: Settings, before: dict[str, Any]
    ) -> None:
        typed = f"Zoe\n{PASSWORD}\n{PASSWORD}\nwrong\nsp2c\n"
        done = run(settings, "claim", typed=typed)
        assert done.exit_code == 0, done.output
        assert "That is not its last group" in done.output
        assert not (settings.data / "key").exists()
        assert json.dumps(self.exported(settings), default=str) == json.dumps(before, default=str)

        async def recovered() -> None:
            there = await group(settings, lambda: NOW, lambda: "new-id", CHEAP)
            assert await there.entry.recover("zoe", "9k1y4d7gdstfb60gmqz6h2vgsp2c", "a new one of words", HOME)
            await there.close()

        asyncio.run(recovered())

    def test_broken_off_before_the_key_file_goes_both_ways_open_and_it_can_be_finished(
        self, settings: Settings, before: dict[str, Any]
    ) -> None:
        key = KeyFile(settings.data / "key").read(ALONE)
        assert key is not None
        asyncio.run(_claimed(settings, key))

        async def alone() -> dict[str, Any]:
            journal = await SqlJournal.open(settings.journal_url, settings.data)
            export = dict(await journal.export(ALONE))
            await journal.close()
            return export

        assert asyncio.run(alone()) == before
        assert self.exported(settings) == before
        done = run(settings, "claim", typed=f"zoe\n{PASSWORD}\n{PASSWORD}\n")
        assert done.exit_code == 0, done.output
        assert not (settings.data / "key").exists()
        assert self.exported(settings) == before

    def test_a_wrong_password_for_a_claim_that_was_broken_off_keeps_the_key_file(
        self, settings: Settings, before: dict[str, Any]
    ) -> None:
        key = KeyFile(settings.data / "key").read(ALONE)
        assert key is not None
        asyncio.run(_claimed(settings, key))
        done = run(settings, "claim", typed="zoe\nnot the password\nnot the password\n")
        assert done.exit_code == 2
        assert "key file stays" in done.output
        assert (settings.data / "key").exists()
        assert before["people"]

    def test_a_folder_without_a_key_has_nothing_to_claim(self, settings: Settings) -> None:
        done = run(settings, "claim")
        assert (done.exit_code, "nothing to claim" in done.output) == (2, True)


async def _claimed(settings: Settings, key: bytes) -> None:
    there = await group(settings, lambda: NOW, lambda: "new-id", CHEAP)
    await there.roster.claim(ALONE, key, "zoe", PASSWORD, CODE)
    with pytest.raises(Locked):
        await there.journal.people(ALONE)
    await there.close()
