"""A folder of one user becomes a member's: from any older form, and broken off at whatever step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from callers import calling
from coach.caller import ALONE, Caller
from coach.errors import StorageTrouble
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.keys import KeyFile, fingerprint
from coach.members.codes import new_code
from coach.members.ledger import Ledger
from coach.members.roster import Outside, Roster
from groups import HOME, PASSWORD, Worker, worker
from sample_journal import JOURNALS, laid_down, telling

REVISIONS = sorted(path.stem for path in JOURNALS.glob("*.json"))
STEPS = ("join", "slots")


class Broken(Exception):
    """The program was ended."""


class Breaking(Ledger):
    """Ends the program at a step: before it, or once it is done."""

    def __init__(self, database: Database, at: int, after: bool) -> None:
        super().__init__(database)
        self._left, self._after = at, after

    async def join(self, *given: Any) -> Any:
        """Add the member."""
        return await self._step(super().join, *given)

    async def slots(self, *given: Any) -> Any:
        """Read the member's slots."""
        return await self._step(super().slots, *given)

    async def _step(self, step: Callable[..., Any], *given: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Broken
        found = await step(*given)
        if self._left == 0:
            raise Broken
        return found


async def alone(url: str, folder: Path) -> Any:
    """What the one user's coach exports."""
    journal = await SqlJournal.open(url, folder)
    try:
        return json.loads(json.dumps(await journal.export(ALONE), default=str))
    finally:
        await journal.close()


async def as_member(it: Worker) -> Any:
    """What the member's password opens."""
    opened = await it.opened(await it.entry.sign_in("zoe", PASSWORD, HOME))
    with calling(Caller(opened.member.id, opened.key)):
        return json.loads(json.dumps(await it.journal.export(opened.member.id), default=str))


async def claim(it: Worker, roster: Roster, file: KeyFile) -> None:
    """Do as ``coach members claim`` does."""
    key = file.read(ALONE)
    assert key is not None
    await roster.claim(ALONE, key, "zoe", PASSWORD, new_code())
    file.drop(ALONE)


@pytest.mark.parametrize("revision", telling(REVISIONS))
async def test_a_folder_of_any_older_form_is_the_same_journal_afterwards(tmp_path: Path, revision: str) -> None:
    kept, claimed = (tmp_path / name for name in ("kept", "claimed"))
    kept.mkdir()
    await laid_down(revision, f"sqlite:///{kept}/journal.db", kept)
    shutil.copytree(kept, claimed)
    before = await alone(f"sqlite:///{kept}/journal.db", kept)
    async with worker(f"sqlite:///{claimed}/journal.db", claimed) as it:
        await claim(it, it.roster, KeyFile(claimed / "key"))
        assert not (claimed / "key").exists()
        assert await as_member(it) == before


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3], ids=["adding", "proving the code", "proving the password"])
async def test_broken_off_at_any_step_the_folder_opens_as_it_did_and_the_claim_can_be_finished(
    database_url: str, tmp_path: Path, at: int, after: bool
) -> None:
    journal = await SqlJournal.open(database_url, tmp_path)
    await journal.import_(ALONE, json.loads((JOURNALS / f"{REVISIONS[-1]}.json").read_text())["export"])
    await journal.close()
    before = await alone(database_url, tmp_path)
    file = KeyFile(tmp_path / "key")
    async with worker(database_url, tmp_path) as it:
        outside = Outside(fingerprint, it.journal.finish, it.clock, lambda: "new-id")
        with pytest.raises(Broken):
            await claim(it, Roster(Breaking(it.database, at, after), it.entry, outside), file)
        assert await alone(database_url, tmp_path) == before
        await claim(it, it.roster, file)
        assert await as_member(it) == before
    with pytest.raises(StorageTrouble):
        await alone(database_url, tmp_path)
