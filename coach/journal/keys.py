"""Sealing what people wrote, and the file that holds the keys.

A payload is sealed with AES-256-GCM under the user's own data key (NIST SP 800-38D; 96-bit random nonce). User, table
and row id are associated data: a payload moved to another row, table or user does not open. Knows nothing of
tables, rows or nouns.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from coach import caller
from coach.errors import Locked, StorageTrouble
from coach.files import sync, written

VERSION = b"\x01"
"""First byte of every sealed payload: how it was sealed."""

_NONCE = 12
_HEAD = 1 + _NONCE
_KEY = 32
_ABOUT = "The keys of the coach's journal. Without this file the journal cannot be read by anyone. Keep it private."


class Cipher:
    """Seals and opens one user's payloads: version byte, nonce, ciphertext with its tag."""

    def __init__(self, user: str, key: bytes) -> None:
        self._user = user
        self._aes = AESGCM(key)
        self._key = key
        self._shelves: dict[str, bytes] = {}
        self.key_id = fingerprint(key)

    def seal(self, table: str, row_id: str, plain: bytes) -> bytes:
        """Return the sealed payload of a row."""
        nonce = os.urandom(_NONCE)
        return VERSION + nonce + self._aes.encrypt(nonce, plain, self._place(table, row_id))

    def open(self, table: str, row_id: str, sealed: bytes) -> bytes:
        """Return what was sealed for this very row. Raises StorageTrouble when it was changed or moved."""
        if sealed and sealed[:1] != VERSION:
            raise StorageTrouble(
                "A note in the journal was sealed by a newer version of the coach. Update the coach and try again."
            )
        try:
            return self._aes.decrypt(sealed[1:_HEAD], sealed[_HEAD:], self._place(table, row_id))
        except (InvalidTag, ValueError):
            raise StorageTrouble(
                f"A note in the journal (id {row_id}) was damaged or changed from outside, and cannot be opened. "
                "Put back a copy of the database from before."
            ) from None

    def secret(self, purpose: str) -> bytes:
        """Return 32 bytes that only this key gives for a purpose, and that tell nothing of it (HMAC-SHA256)."""
        return hmac.digest(self._key, b"coach " + purpose.encode(), "sha256")

    def _place(self, table: str, row_id: str) -> bytes:
        shelf = self._shelves.get(table)
        if shelf is None:  # lengths first, so that no other user, table and id can spell the same bytes
            shelf = VERSION + f"{len(self._user)} {len(table)} {self._user}{table}".encode()
            self._shelves[table] = shelf
        return shelf + row_id.encode()


class CallersKey:
    """The key that a member's request brought with it: the keys of a coach with members."""

    where = "this member's slots"
    lasting = False

    def mark(self) -> object:
        """Return nothing: these keys are not kept."""

    def read(self, user: str) -> bytes:
        """Return the user's key. Raises Locked when the request is somebody else's, or does not open the journal."""
        key = caller.key_of(user)
        if key is None:
            raise Locked("This journal is locked. Sign in, or type your password, to open it.")
        return key

    def make(self, user: str) -> bytes:
        """Return the user's key, which was made when they joined. Raises Locked."""
        return self.read(user)

    def drop(self, user: str) -> None:
        """Do nothing: the key goes with the member."""
        del user


class KeyFile:
    """Keys in one file that only its owner may read (0600): the keys of the one-user mode.

    JSON: {"about": sentence, "keys": {user: 32 bytes in base64}}. The file exists only while it holds a key.
    """

    lasting = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self.where = str(path)

    def mark(self) -> object:
        """Return which file it is now and when it was written, None while there is none."""
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self, user: str) -> bytes | None:
        """Return the user's key, None when the file has none."""
        with self._translated():
            return self._load().get(user)

    def make(self, user: str) -> bytes:
        """Return the user's key; a new one is on disk before this returns."""
        with self._translated(), self._locked():
            keys = self._load()
            if user not in keys:
                keys[user] = AESGCM.generate_key(bit_length=8 * _KEY)
                self._store(keys)
            return keys[user]

    def drop(self, user: str) -> None:
        """Remove the user's key, overwriting the file that held it; remove the file with the last key."""
        if not self._path.exists():
            return
        with self._translated(), self._locked():
            try:
                keys = self._load()
            except StorageTrouble:
                keys = {}  # an unreadable file can hold no key worth keeping
            if keys and user not in keys:
                return
            keys.pop(user, None)
            with self._path.open("r+b") as old:
                if keys:
                    self._store(keys)
                else:
                    self._path.unlink()
                    sync(self._path.parent)
                old.write(b"\0" * os.fstat(old.fileno()).st_size)
                old.flush()
                os.fsync(old.fileno())

    def _load(self) -> dict[str, bytes]:
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    os.chmod(self._path, 0o600)
                text = file.read()
        except FileNotFoundError:
            return {}
        try:
            return keys_in(text)
        except ValueError:
            raise StorageTrouble(
                f"The key file {self._path} is damaged: nothing can be read with it, and nothing was changed. "
                "Put back your copy of it ('coach restore' does), then try again."
            ) from None

    def _store(self, keys: dict[str, bytes]) -> None:
        content = {"about": _ABOUT, "keys": {user: base64.b64encode(key).decode() for user, key in keys.items()}}
        written(self._path, json.dumps(content, indent=1).encode())
        sync(self._path.parent)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from changing the file meanwhile (a lock on its folder, so no file is left)."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform == "win32":
            yield
            return
        import fcntl

        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageTrouble(
                f"The key file {self._path} cannot be read or written ({error.strerror}). "
                "Check its folder's permissions and free space, then try again."
            ) from error


Keys = CallersKey | KeyFile
"""Where users' data keys come from.

``where`` names it in sentences for the user. ``lasting``: a key is there at any time; else only while its user asks,
and then it is kept no longer than that. ``mark`` differs once keys came, went or changed.
"""


def keys_in(text: bytes) -> dict[str, bytes]:
    """Return user → key of a key file's content. Raises ValueError when it is damaged."""
    try:
        keys = {user: base64.b64decode(key, validate=True) for user, key in json.loads(text)["keys"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error, RecursionError):
        raise ValueError("no file of keys") from None
    if any(len(key) != _KEY for key in keys.values()):
        raise ValueError("no keys of ours")
    return keys


def fingerprint(key: bytes) -> str:
    """Name a key without revealing it (32 hexadecimal digits)."""
    return hashlib.sha256(b"coach journal key" + key).hexdigest()[:32]
