"""What other programs write of people and moments: address books (vCard), tables (CSV), a Monica export (JSON).

Bytes in, nouns out; nothing is kept here. The same file read twice gives the same ids, so that taking it in twice adds
nothing. Whatever cannot be taken is counted and reported with its line, and never silently lost.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coach.errors import BadInput
from coach.foreign import monica, sheets, vcards
from coach.foreign.found import Found

__all__ = ["Found", "read"]

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then."""


def _quietly(done: int, total: int) -> None:
    del done, total


def read(raw: bytes, now: datetime, progress: Progress | None = None) -> Found:
    """Return what a file holds, told apart by its content. Raises BadInput for any other file."""
    text, report = decoded(raw), progress or _quietly
    start = text.lstrip()[:200].upper()
    if start.startswith("BEGIN:VCARD"):
        return vcards.read(text, now, report)
    if start.startswith("{"):
        return monica.read(text, now, report)
    if not start or "\0" in text:
        raise BadInput("This is neither an address book (.vcf), a table (.csv) nor a Monica export (.json).")
    return sheets.read(text, now, report)


def decoded(raw: bytes) -> str:
    """Return the text of a file: UTF-8 or UTF-16 by its marks, else what Western Windows programs write."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
