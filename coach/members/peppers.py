"""The pepper: 32 bytes in a file that only the server's account may read, and that stand in no database.

A password's key is made with it, so whoever has the database alone cannot even guess. A line a pepper, base64; the
first is used for what is made now, the others still open what was made with them. Knows files, no rows.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from coach.errors import StorageTrouble
from coach.files import first

_SIZE = 32


class Peppers:
    """The peppers of this server, newest first."""

    def __init__(self, peppers: tuple[bytes, ...]) -> None:
        """Take peppers that were read; there is at least one."""
        self._by_id = {_named(each): each for each in peppers}
        self.now = _named(peppers[0])

    @classmethod
    def read(cls, path: Path, *, make: bool) -> Peppers:
        """Read the file; with ``make``, a new one is on disk (0600) before this returns. Raises StorageTrouble."""
        with _translated(path):
            if make and not path.exists():
                first(path, base64.b64encode(os.urandom(_SIZE)) + b"\n")
            if path.stat().st_mode & 0o077:
                os.chmod(path, 0o600)
            lines = path.read_bytes().split()
        try:
            peppers = tuple(base64.b64decode(line, validate=True) for line in lines)
        except (ValueError, binascii.Error):
            peppers = ()
        if not peppers or any(len(each) != _SIZE for each in peppers):
            raise StorageTrouble(f"The file {path} is damaged. Put back your copy of it, then try again.")
        return cls(peppers)

    def get(self, id_: str) -> bytes | None:
        """Return a pepper by its id, None when it is not in the file."""
        return self._by_id.get(id_)

    @property
    def newest(self) -> bytes:
        """The pepper for what is made now."""
        return self._by_id[self.now]


def _named(pepper: bytes) -> str:
    return hashlib.sha256(b"coach pepper" + pepper).hexdigest()[:16]


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise StorageTrouble(
            f"The file {path} is missing, and without it nobody can sign in. Put it back, or set COACH_PEPPER_FILE."
        ) from None
    except OSError as error:
        raise StorageTrouble(
            f"The file {path} cannot be read or written ({error.strerror}). Check its permissions, then try again."
        ) from error
