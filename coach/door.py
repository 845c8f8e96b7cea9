"""The token that opens the coach: its file, the link that carries it, and what a browser keeps instead of it.

Knows one file of the data folder and no HTTP. The token itself goes into no log, no page and no cookie.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from pathlib import Path

from coach.errors import StorageTrouble
from coach.files import first

FILE = "token"
"""The file's name in the data folder."""

_BYTES = 32
_SHORTEST = 20


class Token:
    """The token of a data folder. It is made when first asked for, and read again whenever its file has changed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._seen: tuple[int, int, int] | None = None
        self._value = ""

    def value(self) -> str:
        """Return the token as it now is. Raises StorageTrouble when there is none and none can be kept."""
        try:
            told = self._file.stat()
            seen = (told.st_mtime_ns, told.st_ino, told.st_size)
            if seen != self._seen:
                self._value, self._seen = self._read(), seen
        except FileNotFoundError:
            if not self._value:  # a file that is lost while the coach runs locks nobody out
                self._make()
                self._value = self._read()
        except OSError as error:
            raise StorageTrouble(f"The token in {self._file} cannot be read ({error.strerror}).") from None
        return self._value

    def renew(self) -> str:
        """Put a new token in the place of the old one, which opens nothing from now on; return it."""
        self._file.unlink(missing_ok=True)
        self._value, self._seen = "", None
        return self.value()

    def fits(self, given: str) -> bool:
        """Whether this is the token; takes the same time for every wrong one."""
        return hmac.compare_digest(given.encode(), self.value().encode())

    def mark(self) -> str:
        """Return what a browser keeps: made from the token, so it ends with it, and the token cannot be had from it."""
        digest = hmac.digest(self.value().encode(), b"what a browser of the coach keeps", hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def link(self, address: str) -> str:
        """Return the link that lets a browser in, under an address of the coach without a slash at its end."""
        return f"{address}/?token={self.value()}"

    def _read(self) -> str:
        found = self._file.read_text(encoding="ascii", errors="replace").strip()
        if len(found) < _SHORTEST or not found.replace("-", "").replace("_", "").isalnum():
            raise StorageTrouble(f"{self._file} holds no token. Delete it, and the coach makes a new one.")
        return found

    def _make(self) -> None:
        try:
            first(self._file, f"{secrets.token_urlsafe(_BYTES)}\n".encode())
        except OSError as error:
            raise StorageTrouble(f"No token can be kept in {self._file} ({error.strerror}).") from None
