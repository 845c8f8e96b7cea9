"""Whom the user leaves in peace. Pure."""

from __future__ import annotations

from datetime import date

from coach.domain.people import Person


def resting(person: Person | None, today: date) -> bool:
    """Whether the user leaves someone in peace."""
    return person is not None and person.rest_until is not None and person.rest_until >= today
