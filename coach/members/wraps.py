"""A data key sealed under a password, a recovery code or a token; and the pair of keys with which members share.

::

    password ── Argon2id ── HKDF with the pepper ──┐
    recovery code ──────── HKDF with a salt ───────┼── seals the data key (AES-256-GCM)
    token ──────────────── HKDF with the pepper ───┘

All that a row says beside the sealed key is associated data: whose it is, its kind and id, the cost of its derivation,
salt and pepper, its scope and its end. A row in which any of these was changed opens nothing. There is no hash of a
password: it is right when it opens. Pure: knows no file, no table, no clock. Python cannot wipe memory, and nothing
here claims to.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coach.domain.members import DoorKind
from coach.members.peppers import Peppers

_KEY = 32
_NONCE = 12
_SALT = 16
_MOST_KIB = 1 << 20
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SlotKind(StrEnum):
    """What a member knows that opens their journal."""

    PASSWORD = "password"  # noqa: S105  the name of a kind
    RECOVERY = "recovery"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a derivation costs: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int

    def __str__(self) -> str:
        """As it stands in a row."""
        return f"argon2id {self.memory} {self.passes} {self.lanes}"

    @classmethod
    def read(cls, text: str) -> Cost | None:
        """Read what stands in a row; None for what is no cost, or one that would take the machine down."""
        name, _, numbers = text.partition(" ")
        parts = numbers.split(" ")
        if name != "argon2id" or len(parts) != 3 or not all(part.isdecimal() and len(part) < 9 for part in parts):
            return None
        cost = cls(*map(int, parts))
        return cost if 8 * max(1, cost.lanes) <= cost.memory <= _MOST_KIB and 1 <= cost.passes <= 100 else None


REAL = Cost(64 * 1024, 3, 1)
"""About half a second and 64 MiB. Tests pass a cheaper one; no setting does."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A data key sealed under what its member knows. ``cost`` and ``pepper`` are empty for a recovery code."""

    member: str
    id: str
    kind: SlotKind
    cost: str
    salt: bytes
    pepper: str
    sealed: bytes = b""

    def _place(self) -> bytes:
        return _bound("slot", self.member, self.id, self.kind, self.cost, self.salt.hex(), self.pepper)


@dataclass(frozen=True, slots=True)
class Door:
    """A data key sealed under a token, until an end (microseconds since 1970). ``id`` is the token's hash.

    ``sealed`` None: it says who is there, and opens nothing.
    """

    member: str
    id: str
    kind: DoorKind
    scope: str
    ends_at: int
    pepper: str
    sealed: bytes | None = None

    def _place(self) -> bytes:
        return _bound("door", self.member, self.id, self.kind, self.scope, str(self.ends_at), self.pepper)


# ---- what a member knows


def by_password(member: str, key: bytes, password: str, cost: Cost, peppers: Peppers) -> Slot:
    """Seal a data key under a password. Takes as long as the cost says."""
    slot = Slot(member, secrets.token_hex(8), SlotKind.PASSWORD, str(cost), os.urandom(_SALT), peppers.now)
    return replace(slot, sealed=_sealed(_from_password(slot, password, peppers), key, slot._place()))


def by_code(member: str, key: bytes, code: str) -> Slot:
    """Seal a data key under a recovery code (its characters). It opens even when the pepper is lost."""
    slot = Slot(member, secrets.token_hex(8), SlotKind.RECOVERY, "", os.urandom(_SALT), "")
    return replace(slot, sealed=_sealed(_hkdf(code.encode(), slot.salt, "recovery"), key, slot._place()))


def passkey_slot(credential: str) -> str:
    """Return the id of a passkey's slot."""
    return hashlib.sha256(b"coach passkey " + credential.encode()).hexdigest()[:32]


def by_passkey(member: str, key: bytes, credential: str, output: bytes) -> Slot:
    """Seal a data key under what a passkey alone works out (its PRF output, 32 bytes)."""
    slot = Slot(member, passkey_slot(credential), SlotKind.PASSKEY, "", os.urandom(_SALT), "")
    return replace(slot, sealed=_sealed(_hkdf(output, slot.salt, "passkey"), key, slot._place()))


def opened_by_passkey(slot: Slot, output: bytes) -> bytes | None:
    """Return the data key, None when another passkey worked it out, or anything in the row was changed."""
    return _opened(_hkdf(output, slot.salt, "passkey"), slot.sealed, slot._place())


def opened_slot(slot: Slot, secret: str, peppers: Peppers) -> bytes | None:
    """Return the data key, None when the password or code is not the one, or anything in the row was changed."""
    if slot.kind is SlotKind.RECOVERY:
        return _opened(_hkdf(secret.encode(), slot.salt, "recovery"), slot.sealed, slot._place())
    return _opened(_from_password(slot, secret, peppers), slot.sealed, slot._place())


def nobody(cost: Cost, peppers: Peppers) -> Slot:
    """Return a slot that nothing opens, for a name that is nobody's: trying it takes as long as any other."""
    return Slot("", "", SlotKind.PASSWORD, str(cost), os.urandom(_SALT), peppers.now, os.urandom(_NONCE + _KEY + 16))


def _from_password(slot: Slot, password: str, peppers: Peppers) -> bytes | None:
    cost, pepper = Cost.read(slot.cost), peppers.get(slot.pepper)
    if cost is None or pepper is None or not 8 <= len(slot.salt) <= 64:
        return None
    typed = unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
    derivation = Argon2id(
        salt=slot.salt, length=_KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    return _hkdf(derivation.derive(typed), pepper, "password")


# ---- what a browser or program holds


def new_token() -> str:
    """Return a new token: 32 random bytes as text."""
    return secrets.token_urlsafe(_KEY)


def token_id(token: str) -> str:
    """Return the id of a token's door, which tells nothing of the token."""
    return hashlib.sha256(b"coach door " + token.encode()).hexdigest()


def by_token(token: str, key: bytes, door: Door, peppers: Peppers) -> Door:
    """Return a door with the data key sealed under a token; its id and pepper are set."""
    door = replace(door, id=token_id(token), pepper=peppers.now)
    return replace(door, sealed=_sealed(_hkdf(token.encode(), peppers.newest, door.kind), key, door._place()))


def opened_door(door: Door, token: str, peppers: Peppers) -> bytes | None:
    """Return the data key, None when the door is locked, the token is another, or anything in the row was changed."""
    pepper = peppers.get(door.pepper)
    if pepper is None or door.sealed is None:
        return None
    return _opened(_hkdf(token.encode(), pepper, door.kind), door.sealed, door._place())


def feed_id(token: str) -> str:
    """Return the id of a feed, which tells nothing of the token in its address. No door has it."""
    return hashlib.sha256(b"coach feed " + token.encode()).hexdigest()


def sealed_feed(token: str, plain: bytes, peppers: Peppers) -> bytes:
    """Seal what a feed answers under the token in its address; the journal's key is not behind it."""
    return _sealed(_hkdf(token.encode(), peppers.newest, "feed"), plain, _bound("feed", feed_id(token)))


def opened_feed(token: str, sealed: bytes, peppers: Peppers) -> bytes | None:
    """Return what a feed answers, None when it was changed, or sealed under an older pepper: it is made anew soon."""
    return _opened(_hkdf(token.encode(), peppers.newest, "feed"), sealed, _bound("feed", feed_id(token)))


def sealed_note(text: str, peppers: Peppers) -> str:
    """Seal a text that a browser keeps for the server."""
    sealed = _sealed(_hkdf(b"", peppers.newest, "note"), text.encode(), _bound("note"))
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def opened_note(sealed: str, peppers: Peppers) -> str | None:
    """Return the text, None for anything else."""
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    except ValueError:
        return None
    found = _opened(_hkdf(b"", peppers.newest, "note"), raw, _bound("note"))
    return None if found is None else found.decode()


def sealed_label(key: bytes, door: Door, label: str) -> bytes:
    """Seal what a member calls a door."""
    return _sealed(key, label.encode(errors="replace"), _bound("label", door.member, door.id))


def opened_label(key: bytes, door: Door, label: bytes) -> str:
    """Return what a member calls a door, "" when it was changed."""
    return (_opened(key, label, _bound("label", door.member, door.id)) or b"").decode()


# ---- the pair of keys for what members share


def pair(member: str, key: bytes) -> tuple[bytes, bytes]:
    """Return a new public key, and the private one sealed under the member's data key."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), _sealed(key, private.private_bytes_raw(), _bound("pair", member))


def sealed_to(public: bytes, plain: bytes, *info: str) -> bytes:
    """Seal something for the owner of a public key; it opens only with the same ``info`` (HPKE)."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info=_bound(*info))


def opened_from(member: str, key: bytes, private: bytes, sealed: bytes, *info: str) -> bytes | None:
    """Return what was sealed for a member, None when it was for somebody else or ``info`` differs."""
    raw = _opened(key, private, _bound("pair", member))
    if raw is None:
        return None
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(raw), info=_bound(*info))
    except (InvalidTag, ValueError):
        return None


def sealed_copy(key: bytes, share: str, plain: bytes) -> bytes:
    """Seal a sender's own copy of what they shared."""
    return _sealed(key, plain, _bound("share", share))


def opened_copy(key: bytes, share: str, sealed: bytes) -> bytes | None:
    """Return a sender's own copy, None when it was changed."""
    return _opened(key, sealed, _bound("share", share))


# ---- the parts


def _bound(*parts: str) -> bytes:
    """Join parts so that no other parts give the same bytes."""
    return b"coach 1 " + b"".join(f"{len(part.encode())}:".encode() + part.encode() for part in parts)


def _hkdf(secret: bytes, salt: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY, salt, b"coach " + purpose.encode()).derive(secret)


def _sealed(under: bytes | None, plain: bytes, place: bytes) -> bytes:
    if under is None:
        raise ValueError("nothing to seal under")
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(under).encrypt(nonce, plain, place)


def _opened(under: bytes | None, sealed: bytes, place: bytes) -> bytes | None:
    if under is None:
        return None
    try:
        return AESGCM(under).decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
    except (InvalidTag, ValueError):
        return None
