"""Signing in and out: from a login and a password, a recovery code or a token to a member and their key.

A password is right when it opens. A name that is nobody's takes as long as a wrong password and gets the same answer.
Two derivations run at once, whoever asks; tries are counted before they cost anything. Keeps no key.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from coach.domain.members import MADE_UP, PROGRAMS, DoorKind, Member, Opened, Way
from coach.errors import BadInput, Refused, TooMany
from coach.members import codes, wraps
from coach.members.doors import Doors
from coach.members.ledger import Ledger
from coach.members.peppers import Peppers
from coach.members.row_forms import instant, micros
from coach.members.wraps import REAL, Cost, Door, Slot, SlotKind

T = TypeVar("T")

SHORT, LONG, SIGNED_ON = "12 hours", "30 days", "12 hours, signed on"
SPANS = {SHORT: timedelta(hours=12), LONG: timedelta(days=30), SIGNED_ON: timedelta(hours=12)}
"""How long a session lasts after it was last used, by its scope."""

REACH = {DoorKind.CHAT: "/v1/", DoorKind.MCP: "/mcp"}
"""The addresses that a program's token reaches, by its kind."""

DEVICE_LASTS = timedelta(days=180)
PROGRAM_LASTS = timedelta(days=365)
_SLIDES = timedelta(hours=1)
_WINDOW = timedelta(minutes=5)
_MOST = (10, 100, 60)
"""Tries in the window for one login from one address, from one address, and for one login."""

_SHORTEST, _LONGEST = 12, 1000
_WRONG = "That login and password do not go together."
_TOO_MANY = "That was tried too often. Wait five minutes, then try again."
_MISTYPED = "That is not a recovery code as it was shown: a character is wrong or missing. Look at it again."
_NO_SUCH_CODE = "That login and recovery code do not go together. A code opens once; the newest one counts."
_BARRED = "An admin has locked you out. Your journal is still there; ask them."


class Entry:
    """How members get in. ``cost``: what a derivation costs; nothing but tests passes another one."""

    def __init__(
        self, ledger: Ledger, doors: Doors, peppers: Peppers, clock: Callable[[], datetime], cost: Cost = REAL
    ) -> None:
        self._ledger, self._doors, self._peppers, self._clock, self._cost = ledger, doors, peppers, clock, cost
        self._two = CapacityLimiter(2)

    # ---- with what is known

    async def sign_in(
        self, login: str, password: str, address: str, *, long: bool = False, before: Opened | None = None
    ) -> str:
        """Return the token of a new session. Raises Refused for what does not go together, TooMany.

        ``before``: a session that this one takes the place of; one of a single sign-on is followed by one of the same.
        """
        member, key, _ = await self._known(login, password, address)
        signed_on = before is not None and before.scope == SIGNED_ON and before.member.id == member.id
        return await self._session(member.id, key, SIGNED_ON if signed_on else LONG if long else SHORT)

    async def by_identity(self, member: Member, device: str) -> tuple[str, bool]:
        """Return the token of a session for somebody a single sign-on vouches for, and whether the journal is open.

        It is open where this member let the device be remembered; ``device`` is its token, and opens nothing by itself.
        """
        _let_in(member)
        known = await self.opened(device, (DoorKind.DEVICE,)) if device else None
        if known is not None and known.member.id == member.id and known.key is not None:
            return await self._session(member.id, known.key, SIGNED_ON), True
        token, ends_at = wraps.new_token(), micros(self._clock() + SPANS[SIGNED_ON])
        empty = Door(member.id, wraps.token_id(token), DoorKind.SESSION, SIGNED_ON, ends_at, self._peppers.now)
        await self._doors.add(empty, self._clock())
        return token, False

    async def by_passkey(self, member: Member, key: bytes) -> str:
        """Return the token of a session for somebody whose passkey opened their key."""
        _let_in(member)
        return await self._session(member.id, key, SHORT)

    async def device(self, opened: Opened) -> str:
        """Return a token by which this device opens the journal beside a single sign-on of the same member."""
        if opened.key is None:
            raise Refused(_WRONG)
        token, door = self._door(opened.member.id, opened.key, DoorKind.DEVICE, "", DEVICE_LASTS)
        await self._doors.add(door, self._clock())
        return token

    def sealed_note(self, text: str) -> str:
        """Return a text as a browser may keep it for the server: nobody else can read or change it."""
        return wraps.sealed_note(text, self._peppers)

    def opened_note(self, sealed: str) -> str | None:
        """Return what was sealed, None for anything else."""
        return wraps.opened_note(sealed, self._peppers)

    async def change_password(self, opened: Opened, old: str, new: str, address: str) -> str:
        """Put a new password in the place of the old one and end every door; return the token of a new session."""
        member, key, _ = await self._known(opened.member.login, old, address)
        check_password(new, member.login)
        slot = await self.slot(member.id, key, new)
        token, door = self._door(member.id, key, DoorKind.SESSION, opened.scope, SPANS[opened.scope])
        await self._ledger.renew(slot, door, self._clock())
        return token

    async def recover(self, login: str, code: str, new: str, address: str) -> str:
        """Put a new password in the place of a code, which is spent, and end every door; return a session's token.

        Raises BadInput for a code with a slip in it, before anything is looked up; Refused, TooMany.
        """
        read = codes.read(code)
        if read is None:
            raise BadInput(_MISTYPED)
        name = named(login)
        check_password(new, name)
        ids = await self._try(name, address)
        found = await self._ledger.slots(name, SlotKind.RECOVERY)
        for slot in found[1] if found else ():
            key = wraps.opened_slot(slot, read, self._peppers)
            if key is None or found is None:
                continue
            _let_in(found[0])
            token, door = self._door(found[0].id, key, DoorKind.SESSION, SHORT, SPANS[SHORT])
            if await self._ledger.renew(await self.slot(found[0].id, key, new), door, self._clock(), spent=slot):
                await self._doors.untried(ids[0], ids[1:])
                return token
        raise Refused(_NO_SUCH_CODE)

    def new_code(self) -> str:
        """Return a new recovery code, which opens nothing yet."""
        return codes.new_code()

    async def keep_code(self, opened: Opened, code: str, typed: str) -> bool:
        """Let a code open this journal from now on, when its last group was typed back; return whether it was."""
        read = codes.read(code)
        if read is None or opened.key is None or not codes.is_last_group(code, typed):
            return False
        await self._ledger.put_slot(wraps.by_code(opened.member.id, opened.key, read))
        return True

    async def has_code(self, member: str) -> bool:
        """Whether a recovery code was written down."""
        return await self._ledger.has_slot(member, SlotKind.RECOVERY)

    async def slot(self, member: str, key: bytes, password: str) -> Slot:
        """Return a new slot of a member's password."""
        return await self._derived(partial(wraps.by_password, member, key, password, self._cost, self._peppers))

    async def opens(self, slot: Slot, secret: str) -> bytes | None:
        """Return the key that a password or code opens in a slot, None when it opens nothing."""
        return await self._derived(partial(wraps.opened_slot, slot, secret, self._peppers))

    async def prove(self, opened: Opened, password: str, address: str) -> None:
        """Return when this is the member's password. Raises Refused, TooMany."""
        await self._known(opened.member.login, password, address)

    async def _known(self, login: str, password: str, address: str) -> tuple[Member, bytes, Slot]:
        """Return who it is and their key. Raises Refused, TooMany."""
        name = named(login)
        ids = await self._try(name, address)
        found = await self._ledger.slots(name, SlotKind.PASSWORD)
        slots = found[1] if found else []
        slot = slots[0] if slots else wraps.nobody(self._cost, self._peppers)
        key = await self.opens(slot, password[:_LONGEST])
        if key is None or found is None:
            raise Refused(_WRONG)
        _let_in(found[0])
        await self._doors.untried(ids[0], ids[1:])
        if (slot.cost, slot.pepper) != (str(self._cost), self._peppers.now):
            await self._ledger.put_slot(await self.slot(slot.member, key, password))
        return found[0], key, slot

    async def _try(self, name: str, address: str) -> Sequence[str]:
        """Count a try before it costs anything. Raises TooMany."""
        ids = [self._counted(kind) for kind in (f"{name} from {address}", f"from {address}", name)]
        counts = await self._doors.tried(ids, self._clock(), _WINDOW)
        if any(n > most for n, most in zip(counts, _MOST, strict=True)):
            raise TooMany(_TOO_MANY)
        return ids

    def _counted(self, what: str) -> str:
        return hmac.digest(self._peppers.newest, b"coach try " + what.encode(errors="replace"), hashlib.sha256).hex()

    async def _derived(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self._two)

    # ---- with a token

    async def opened(self, token: str, kinds: Collection[DoorKind]) -> Opened | None:
        """Return what a token of one of these kinds comes to; None for one that has ended, or opens nothing it should.

        The end of a session moves on while it is used, at most hourly.
        """
        now = self._clock()
        found = await self._doors.find(wraps.token_id(token), now)
        if found is None or found[1].kind not in kinds:
            return None
        member, door = found
        key = wraps.opened_door(door, token, self._peppers)
        if key is None and door.sealed is not None:
            return None
        if key is not None and door.kind is DoorKind.SESSION:
            door = await self._slid(door, token, key, now)
        return Opened(member, door.id, door.kind, door.scope, instant(door.ends_at), key)

    async def _slid(self, door: Door, token: str, key: bytes, now: datetime) -> Door:
        ends_at = micros(now + SPANS.get(door.scope, timedelta()))
        if instant(ends_at) - instant(door.ends_at) < _SLIDES:
            return door
        later = wraps.by_token(token, key, replace(door, ends_at=ends_at), self._peppers)
        await self._doors.put(later, door.ends_at)
        return later

    async def lock(self, opened: Opened) -> None:
        """Take the key out of a session; it still says who is there."""
        await self._doors.lock(opened.door)

    async def sign_out(self, opened: Opened, *, door: str | None = None, everywhere: bool = False) -> None:
        """End a session, another of the member's doors, or all of them."""
        await self._doors.end(opened.member.id, id_=None if everywhere else door or opened.door)

    async def program(self, opened: Opened, kind: DoorKind, label: str, *, made_up: bool = False) -> str:
        """Return a new token for a program, which opens the journal while it lasts; its seal covers ``made_up``."""
        if kind not in PROGRAMS or opened.key is None:
            raise BadInput("A token is for a chat program or for a program that speaks MCP.")
        scope = REACH[kind] + (MADE_UP if made_up else "")
        token, door = self._door(opened.member.id, opened.key, kind, scope, PROGRAM_LASTS)
        sealed = wraps.sealed_label(opened.key, door, label.strip()[:80] or kind.value)
        await self._doors.add(door, self._clock(), sealed)
        return token

    async def ways(self, opened: Opened) -> Sequence[Way]:
        """Return every way into the member's journal that has not ended."""
        found = await self._doors.of(opened.member.id, self._clock())
        return [
            Way(door.id, door.kind, wraps.opened_label(opened.key, door, label) if opened.key and label else "",
                made_at.date(), instant(door.ends_at), door.sealed is None, door.scope.endswith(MADE_UP))
            for door, made_at, label in found
        ]  # fmt: skip

    async def _session(self, member: str, key: bytes, scope: str) -> str:
        token, door = self._door(member, key, DoorKind.SESSION, scope, SPANS[scope])
        await self._doors.add(door, self._clock())
        return token

    def door(self, member: str, key: bytes, *, long: bool = False) -> tuple[str, Door]:
        """Return the token and door of a new session that is not kept yet."""
        scope = LONG if long else SHORT
        return self._door(member, key, DoorKind.SESSION, scope, SPANS[scope])

    def _door(self, member: str, key: bytes, kind: DoorKind, scope: str, lasts: timedelta) -> tuple[str, Door]:
        token = wraps.new_token()
        empty = Door(member, "", kind, scope, micros(self._clock() + lasts), "")
        return token, wraps.by_token(token, key, empty, self._peppers)


def named(login: str) -> str:
    """Return a login name as it is kept: small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def check_login(name: str) -> None:
    """Raise BadInput unless a name (as ``named`` gives it) can be a login."""
    fits = all(each.isalnum() or each in "-_.@+" for each in name)
    if not 2 <= len(name) <= 60 or not fits or not name[0].isalnum():  # ".." is another page's address
        raise BadInput("A login has 2 to 60 letters, digits, or any of . - _ @ +, and begins with a letter or digit.")


def check_password(password: str, name: str) -> None:
    """Raise BadInput for a password that would be guessed, or is too long to be typed."""
    if len(password) < _SHORTEST:
        raise BadInput(f"A password has at least {_SHORTEST} characters. A few words in a row are easy to remember.")
    if len(password) > _LONGEST:
        raise BadInput(f"A password has at most {_LONGEST} characters.")
    if named(password) == name or len(set(password)) < 4:
        raise BadInput("That password would be guessed at once. Take a few words in a row.")


def _let_in(member: Member) -> None:
    if member.locked:
        raise Refused(_BARRED)
