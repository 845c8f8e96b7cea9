"""What other programs write of people and moments: address books, tables, calendars, a Monica export, lists of our own.

Bytes in, nouns out; nothing is kept here. The same file read twice gives the same ids, so that taking it in twice adds
nothing. Whatever cannot be taken is counted and reported with its line, and never silently lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from coach.errors import BadInput, CoachError
from coach.foreign import monica, own, sheets, talks, vcards
from coach.foreign.charsets import decoded
from coach.foreign.found import Found

__all__ = ["Found", "read"]

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then."""

_UNKNOWN = (
    "This is no file the coach knows: an address book (.vcf), a table (.csv), a calendar (.ics), a list (.json, .yaml)."
)
_OWN = re.compile(r"^(?:people|moments)\s*:|^-\s+name\s*:", re.IGNORECASE | re.MULTILINE)


def _quietly(done: int, total: int) -> None:
    del done, total


def read(raw: bytes, now: datetime, progress: Progress | None = None, call: str = "") -> Found:
    """Return what a file holds, told apart by its content. ``call``: what the user is called, to be told from others
    in a calendar. Raises BadInput for any other file."""
    try:
        return _read(raw, now, progress or _quietly, call)
    except CoachError:
        raise
    except Exception:  # whatever a file that looks like one of these does to its reader
        raise BadInput("This file cannot be read: it begins like one the coach knows, and goes on otherwise.") from None


def _read(raw: bytes, now: datetime, report: Progress, call: str) -> Found:
    text = decoded(raw)
    start = text.lstrip("\ufeff \t\r\n")[:2000]
    if re.search(r"^BEGIN:VCARD", start, re.IGNORECASE | re.MULTILINE):
        return vcards.read(raw if b"\0" not in raw else text.encode(), now, report)
    if re.search(r"^BEGIN:VCALENDAR", start, re.IGNORECASE | re.MULTILINE):
        return talks.read(raw if b"\0" not in raw else text.encode(), now, report, call)
    if start.startswith("{") and '"account"' in text:
        return monica.read(text, now, report)
    if start[:1] in {"{", "["} or _OWN.search(start):
        return own.read(text, now, report)
    if not start or "\0" in text:
        raise BadInput(_UNKNOWN)
    return sheets.read(text, now, report)
