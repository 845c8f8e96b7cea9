"""Puts the parts of a coach with members together: for ``coach.app`` and the commands, and imported only then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from anyio import to_thread

from coach.domain.members import HandoutKind
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.keys import CallersKey, fingerprint
from coach.journal.migrations import bring_up
from coach.members import Members
from coach.members.caretaker import Caretaker
from coach.members.doors import Doors
from coach.members.entry import Entry
from coach.members.feeds import Feeds
from coach.members.handouts import Handouts, Shelf
from coach.members.identities import Identities
from coach.members.ledger import Ledger
from coach.members.numbers import Numbers
from coach.members.passkeys import Passkeys
from coach.members.peppers import Peppers
from coach.members.roster import Outside, Roster
from coach.members.shared_sheets import Shares
from coach.members.wraps import REAL, Cost
from coach.postbox import letter, send
from coach.settings import Settings


@dataclass(frozen=True, slots=True)
class Group(Members):
    """A journal that opens with the caller's key, and who may call. ``close`` ends all of it."""

    journal: SqlJournal
    doors: Doors

    async def close(self) -> None:
        """Wait for what is under way and close the database."""
        await self.journal.close()


async def group(
    settings: Settings,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    cost: Cost | None = None,
    shelves: Mapping[HandoutKind, Shelf] | None = None,
) -> Group:
    """Return the group of some settings, its tables brought up. Raises StorageTrouble, also for a lost pepper.

    ``cost`` is what a password's derivation costs; nothing but tests gives another one than the one that ships.
    ``shelves``: where this worker keeps what hosts hand out, by kind.
    """
    database = Database(settings.journal_url)
    try:
        await bring_up(database)
        ledger, doors = Ledger(database), Doors(database)
        # A new one where members are would let nobody in any more, and hide that the old one is lost.
        empty = await ledger.empty()
        peppers = await to_thread.run_sync(lambda: Peppers.read(settings.pepper, make=empty))
    except BaseException:
        await database.close()
        raise

    async def post(to: str, steps: int) -> None:
        message = letter(steps, 0, settings, clock(), to)
        await to_thread.run_sync(lambda: send(message, settings))

    journal = SqlJournal(database, CallersKey(), nightly=not database.sqlite)
    await journal.finish()
    entry, numbers = Entry(ledger, doors, peppers, clock, cost or REAL), Numbers(database)
    posting = post if settings.smtp_host else None
    caretaker = Caretaker(database, doors, clock, journal.finish, posting, numbers.reckon)
    roster = Roster(ledger, entry, Outside(fingerprint, journal.finish, clock, new_id))
    feeds = Feeds(database, peppers)
    identities, shares = Identities(database), Shares(database, ledger, clock, new_id)
    handouts = Handouts(database, ledger, clock, settings.data, shelves or {})
    passkeys = Passkeys(database, entry, clock)
    return Group(entry, roster, feeds, caretaker, identities, shares, numbers, handouts, passkeys, journal, doors)
