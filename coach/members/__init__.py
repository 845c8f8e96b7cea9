"""Members of a group: who may sign in, and what opens each one's journal. Imported only when COACH_MEMBERS is set.

::

    codes      the recovery code: 130 random bits and two characters that find a slip
    wraps      a data key sealed under a password, a recovery code or a token; the pair of keys for sharing
    peppers    the file without which a stolen database cannot even be guessed at
    entry      signing in and out: password, code or token → a member and their key
    roster     who belongs to the group: invitations, roles, locking out, leaving, claiming a folder
    feeds      calendars that answer while the journal is locked
    caretaker  what one process of all does: sweeping, digests that hold counts alone
    handouts   what hosts hand out to all members, at every worker;  ``archives`` unpacks it
    numbers    numbers of the whole group, in fives, none under five
    identities who members are at a single sign-on
    passkeys   what opens beside password and code, where an authenticator can
    shared_sheets  sheets that one member sends to another
    ledger     members, slots, invitations and the audit, as rows;  ``doors`` and tries
    row_forms  rows ⇄ records;  ``columns`` declares the tables

Nobody but a member can open their journal while it is locked: the data key is nowhere but in slots, sealed under what
the member knows, and in doors, sealed under what their browser or program holds. Knows nothing of what a journal holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.members.caretaker import Caretaker
from coach.members.entry import Entry
from coach.members.feeds import Feeds
from coach.members.handouts import Handouts
from coach.members.identities import Identities
from coach.members.numbers import Numbers
from coach.members.passkeys import Passkeys
from coach.members.roster import Roster
from coach.members.shared_sheets import Shares


@dataclass(frozen=True, slots=True)
class Members:
    """All that the web asks about members."""

    entry: Entry
    roster: Roster
    feeds: Feeds
    caretaker: Caretaker
    identities: Identities
    shares: Shares
    numbers: Numbers
    handouts: Handouts
    passkeys: Passkeys
