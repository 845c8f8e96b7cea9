"""A file sealed by a passphrase. Knows ciphers and files; knows nothing of what is inside.

::

    coach backup 1                     the kind of file
    {"about": …, "argon2id": …}        one line of JSON: how to open it, and what its maker says of it
    sealed pieces                      AES-256-GCM, 1 MiB each but the last; the key by Argon2id from the passphrase
    SHA-256                            of all before, so that damage is told from a wrong passphrase

The number of a piece and whether it is the last are in its nonce (a key seals one file only), the head is associated
data: pieces cannot be moved, left out or put under another head.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from coach.errors import BadInput

SHORTEST = 12
"""Characters of a passphrase: whoever has the file can try as many as they like."""

MEMORY_KIB = 1 << 16
"""What a try of a passphrase takes: with rounds and lanes the choice of RFC 9106 where memory is scarce."""

_KIND = b"coach backup "
_VERSION = b"1\n"
_PIECE = 1 << 20
_TAG = 16
_HASH = 32
_LONGEST_HEAD = 1 << 16
_ROUNDS, _LANES = 3, 4
_MORE, _LAST, _PROOF = range(3)


class Sealer:
    """A file that seals what is written to it. ``close`` writes the end; without it the file does not open."""

    def __init__(self, out: BinaryIO, passphrase: str, told: Mapping[str, object]) -> None:
        """Write the head. ``told`` can be read by anyone who has the file. Raises BadInput for a short passphrase."""
        check(passphrase)
        salt = os.urandom(16)
        how = {"salt": _text(salt), "memory_kib": MEMORY_KIB, "rounds": _ROUNDS, "lanes": _LANES}
        self._key, self._about = _key(passphrase, how), json.dumps({**told, "argon2id": how}).encode()
        proof = self._key.encrypt(_nonce(0, _PROOF), b"", self._about)
        self._out, self._hash = out, hashlib.sha256()
        self._rest, self._number = bytearray(), 0
        self._put(_KIND + _VERSION + self._about + b"\n" + _text(proof).encode() + b"\n")

    def write(self, data: bytes) -> int:
        """Seal some more."""
        self._rest += data
        while len(self._rest) > _PIECE:
            self._seal(bytes(self._rest[:_PIECE]), _MORE)
            del self._rest[:_PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing can be written before a piece is full."""

    def close(self) -> None:
        """Write the last piece and the hash."""
        self._seal(bytes(self._rest), _LAST)
        self._out.write(self._hash.digest())

    def _seal(self, plain: bytes, place: int) -> None:
        self._put(self._key.encrypt(_nonce(self._number, place), plain, self._about))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._out.write(data)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed file that is whole: what its maker told, and where its pieces begin and end."""

    file: Path
    told: Mapping[str, Any]
    about: bytes
    proof: bytes
    begin: int
    end: int

    def unseal(self, passphrase: str, to: Path) -> None:
        """Write what is inside to a new file. Raises BadInput for another passphrase or a file that was tampered with.

        OSError is the caller's to tell.
        """
        try:
            key = _key(passphrase, self.told["argon2id"])
        except (KeyError, TypeError, ValueError):
            raise BadInput(_damaged(self.file)) from None
        try:
            key.decrypt(_nonce(0, _PROOF), self.proof, self.about)
        except (InvalidTag, ValueError):
            raise BadInput(f"This passphrase does not open {self.file}. Nothing was changed.") from None
        number = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as out, self.file.open("rb") as sealed:
            sealed.seek(self.begin)
            left, number = self.end - self.begin, 0
            while left > 0:
                piece = sealed.read(min(left, _PIECE + _TAG))
                left -= len(piece)
                try:
                    out.write(key.decrypt(_nonce(number, _MORE if left else _LAST), piece, self.about))
                except (InvalidTag, ValueError):
                    raise BadInput(_damaged(self.file)) from None
                number += 1


def look(file: Path) -> Envelope:
    """Return the envelope of a file whose every byte is as it was written. Raises BadInput."""
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            if opened.read(len(_KIND)) != _KIND:
                raise BadInput(f"{file} is not a backup of the coach. Give the file that 'coach backup' wrote.")
            if opened.read(len(_VERSION)) != _VERSION:
                raise BadInput(f"{file} was made by a newer version of the coach, or is damaged. Update the coach.")
            about, proof = opened.readline(_LONGEST_HEAD)[:-1], opened.readline(_LONGEST_HEAD)[:-1]
            begin = opened.tell()
            opened.seek(0)
            digest, left = hashlib.sha256(), size - _HASH
            while left > 0 and (some := opened.read(min(left, _PIECE))):
                digest.update(some)
                left -= len(some)
            if digest.digest() != opened.read():
                raise BadInput(_damaged(file))
        return Envelope(file, json.loads(about), about, base64.b64decode(proof), begin, size - _HASH)
    except (ValueError, RecursionError):
        raise BadInput(_damaged(file)) from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).") from None


def check(passphrase: str) -> None:
    """Raise BadInput for a passphrase too short to seal with."""
    if len(passphrase.strip()) < SHORTEST:
        raise BadInput(f"A passphrase of at least {SHORTEST} characters is needed: four or five words are good.")


def _key(passphrase: str, how: Mapping[str, Any]) -> AESGCM:
    memory, rounds, lanes = int(how["memory_kib"]), int(how["rounds"]), int(how["lanes"])
    if not (8 * lanes <= memory <= 1 << 20 and 1 <= rounds <= 20 and 1 <= lanes <= 16):
        raise ValueError("not a file of ours")
    words = unicodedata.normalize("NFKC", passphrase.strip()).encode("utf-8", "surrogatepass")
    salt = base64.b64decode(how["salt"])
    return AESGCM(Argon2id(salt=salt, length=32, iterations=rounds, lanes=lanes, memory_cost=memory).derive(words))


def _nonce(number: int, place: int) -> bytes:
    return number.to_bytes(11, "big") + bytes([place])


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _damaged(file: Path) -> str:
    return f"{file} is damaged or cut short, so nothing was taken from it and nothing was changed. Take another backup."
