"""Vendors' errors → the coach's, in one place. Knows SQLite's and PostgreSQL's ways of failing, and no noun."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from coach.errors import BadInput, CoachError, StorageTrouble

_SQLITE = {
    "database is locked": "Another program is using the journal {where}. Close it or wait a little, then try again.",
    "disk is full": "The disk is full, so nothing more can be kept in {where}. Free some space and try again.",
    "unable to open": "The journal {where} cannot be opened. Check that its folder exists and is yours.",
    "readonly": "The journal {where} may not be written. Check who owns it and its permissions.",
    "not a database": "{where} is not a journal, or is damaged; it was not changed. 'coach restore' mends that.",
    "malformed": "The journal {where} is damaged. 'coach restore' puts a backup back, and keeps this file aside.",
    "disk i/o error": "The disk failed while using the journal {where}. Check the disk, then try again.",
    "already exists": "The database {where} holds tables of something else. Give the coach a database of its own.",
}
"""What SQLite says (or SQLAlchemy through it) → the sentence for the user."""

MET = "Two changes met in the journal. Try again."

_POSTGRES = {
    "28": "The database {where} refuses this name or password. Check COACH_DATABASE_URL.",
    "3D": "There is no database at {where}. Create it, or check COACH_DATABASE_URL.",
    "42501": "The database {where} does not allow this. Give the coach's database user the right to create tables.",
    "42P07": _SQLITE["already exists"],
    "53100": _SQLITE["disk is full"],
    "53": "The database {where} is overloaded. Wait a little and try again.",
    "40": MET,
    "55P03": _SQLITE["database is locked"],
    "22": "The text holds a character that cannot be kept. Take it out and try again.",
}
"""SQLSTATE, or its class → the sentence for the user; the longest match holds."""

_OTHER = "The journal {where} cannot be reached. Check that the database runs and COACH_DATABASE_URL is right."


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn every error of the database inside into StorageTrouble or BadInput. ``where`` names the database."""
    try:
        yield
    except CoachError:
        raise
    except IntegrityError as error:
        raise BadInput("Something this belongs to was erased meanwhile, or it is there already. Try again.") from error
    except (SQLAlchemyError, sqlite3.Error, OSError, TimeoutError) as error:
        raise _trouble(error, where) from error
    except Exception as error:
        # While connecting, the PostgreSQL driver raises its own errors, with a SQLSTATE.
        if not hasattr(error, "sqlstate"):
            raise
        raise _trouble(error, where) from error


class Passed(StorageTrouble):
    """Another change came first and nothing of this one was written: it can be made again."""


def _trouble(error: BaseException, where: str) -> CoachError:
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or ""
    for length in (5, 2):
        if sentence := _POSTGRES.get(state[:length]):
            kind = {"22": BadInput, "40": Passed}.get(state[:2], StorageTrouble)
            return kind(sentence.format(where=where))
    if isinstance(error, DataError | UnicodeError):
        return BadInput(_POSTGRES["22"].format(where=where))
    words = str(original).lower()
    for mark, sentence in _SQLITE.items():
        if mark in words:
            return StorageTrouble(sentence.format(where=where))
    return StorageTrouble(_OTHER.format(where=where))
