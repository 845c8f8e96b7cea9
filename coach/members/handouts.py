"""What hosts hand out to all members: packs and kinds of session, in the database, and from there at every worker.

Each worker looks every half minute what there is, and keeps a copy on its own shelves; so nothing has to be restarted,
and a worker that comes later has all of it. What is handed out or withdrawn is written down for every member to read.
Knows no card: a shelf checks what is put on it, and refuses it whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anyio import to_thread
from sqlalchemy import delete, insert, select

from coach.beside import beside
from coach.domain.members import Act, Handout, HandoutKind, Member, Role
from coach.errors import BadInput, CoachError, NotFound, Refused
from coach.files import written
from coach.journal.database import Database
from coach.members.archives import unpack
from coach.members.columns import HANDOUTS
from coach.members.ledger import Ledger
from coach.members.row_forms import day, instant

log = logging.getLogger(__name__)

LOOK_S = 30.0
_HOSTS = {Role.HOST, Role.ADMIN}
_WORDS = {HandoutKind.PACK: "the pack", HandoutKind.SESSIONS: "the kinds of session"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a worker keeps what it was handed. ``add`` checks a folder, copies it and returns its name and size."""

    add: Callable[[Path], tuple[str, int]]
    remove: Callable[[str], None]


class Handouts:
    """The handouts of one database at one worker. ``folder`` is the worker's own."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        clock: Callable[[], datetime],
        folder: Path,
        shelves: Mapping[HandoutKind, Shelf],
    ) -> None:
        self._database, self._ledger, self._clock = database, ledger, clock
        self._folder, self._shelves = folder, shelves
        self._lock = asyncio.Lock()
        self._unfit: set[str] = set()

    async def all(self) -> Sequence[Handout]:
        """Return what is handed out, by name."""
        columns = [each for each in HANDOUTS.c if each is not HANDOUTS.c.archive]
        rows = await self._database.rows(select(*columns).order_by(HANDOUTS.c.name))
        return [Handout(it.name, HandoutKind(it.kind), instant(it.handed_on).date(), it.digest) for it in rows]

    # ---- what hosts do

    async def hand_out(self, by: Member, kind: HandoutKind, name: str, archive: bytes) -> int:
        """Hand a ZIP file's content out under a name; return how many cards or templates it has.

        Raises Refused for who is no host, BadInput, and BadCard with file, line and mend; then nothing of it stays.
        """
        _check_host(by)
        shelf = self._shelf(kind)
        name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
        if not name or name in {each.name for each in await self.all()}:
            raise BadInput("The name is missing, or something else has it. Give the file another name.")
        digest = hashlib.sha256(archive).hexdigest()
        act = Act(0, self._clock().date(), by.login, "handed out", f"{_WORDS[kind]} {name}")
        values = {"name": name, "kind": kind, "handed_on": day(self._clock()), "digest": digest, "archive": archive}
        async with self._lock:
            many = await self._put(shelf, name, archive)
            try:
                async with self._database.writing() as connection:
                    await connection.execute(insert(HANDOUTS).values(values))
                    await self._ledger.note_within(connection, act)
            except BaseException:
                await to_thread.run_sync(shelf.remove, name)
                raise
            self._keep({**self._kept(), name: (kind.value, digest)})
        return many

    async def withdraw(self, by: Member, name: str) -> None:
        """Take back what was handed out; it is gone here at once, and within half a minute everywhere."""
        _check_host(by)
        found = next((each for each in await self.all() if each.name == name), None)
        if found is None:
            raise NotFound("Nothing of that name is handed out.")
        act = Act(0, self._clock().date(), by.login, "withdrew", f"{_WORDS[found.kind]} {name}")
        async with self._database.writing() as connection:
            if (await connection.execute(delete(HANDOUTS).where(HANDOUTS.c.name == name))).rowcount:
                await self._ledger.note_within(connection, act)
        await self.bring()

    # ---- what each worker does

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Bring here what is handed out, before the block and again and again while it runs."""
        await self._brought()
        async with beside(self._work()):
            yield

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self._brought()

    async def _brought(self) -> None:
        try:
            await self.bring()
        except (CoachError, OSError) as error:
            log.warning("what is handed out was not looked at: %s", type(error).__name__)

    async def bring(self) -> None:
        """Put here what was handed out elsewhere, and away what was withdrawn."""
        there = {each.name: (each.kind.value, each.digest) for each in await self.all()}
        async with self._lock:
            here = self._kept()
            for name in [each for each, what in here.items() if there.get(each) != what]:
                await self._away(HandoutKind(here[name][0]), name)
                del here[name]
                self._keep(here)
            for name, (kind, digest) in there.items():
                shelf = self._shelves.get(HandoutKind(kind))
                if name in here or digest in self._unfit or shelf is None:
                    continue
                if await self._fetched(shelf, name, digest):
                    here[name] = (kind, digest)
                    self._keep(here)

    async def _fetched(self, shelf: Shelf, name: str, digest: str) -> bool:
        """Put one thing on a shelf; whether it could be. What a shelf refuses once is not tried again."""
        archive = await self._database.value(select(HANDOUTS.c.archive).where(HANDOUTS.c.name == name))
        if archive is None:
            return False
        try:
            await self._put(shelf, name, bytes(archive))
        except CoachError as error:
            log.warning("something that a host handed out cannot be used here: %s", type(error).__name__)
            self._unfit.add(digest)
            return False
        return True

    async def _put(self, shelf: Shelf, name: str, archive: bytes) -> int:
        def put() -> int:
            with tempfile.TemporaryDirectory(prefix=".handed-", dir=self._folder) as around:
                unpack(archive, Path(around) / name)
                return shelf.add(Path(around) / name)[1]

        return await to_thread.run_sync(put)

    async def _away(self, kind: HandoutKind, name: str) -> None:
        shelf = self._shelves.get(kind)
        if shelf is not None:
            try:
                await to_thread.run_sync(shelf.remove, name)
            except NotFound:  # somebody took it off the shelf by hand
                log.info("something that was handed out was gone from its shelf already")

    def _shelf(self, kind: HandoutKind) -> Shelf:
        if kind not in self._shelves:
            raise BadInput("This coach takes no packs of that kind.")
        return self._shelves[kind]

    # ---- which of what stands on the shelves came from a host

    def _kept(self) -> dict[str, tuple[str, str]]:
        try:
            return {name: (kind, digest) for name, (kind, digest) in json.loads(self._file.read_text()).items()}
        except (OSError, ValueError):
            return {}

    def _keep(self, here: Mapping[str, tuple[str, str]]) -> None:
        written(self._file, json.dumps(here).encode())

    @property
    def _file(self) -> Path:
        return self._folder / "handouts.json"


def _check_host(by: Member) -> None:
    if by.role not in _HOSTS:
        raise Refused("Only a host may do that.")
