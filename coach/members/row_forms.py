"""Rows ⇄ records: what a row of a member, a slot or a door holds, field by field. Pure."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from coach.domain.members import Act, DoorKind, Member, Role
from coach.members.wraps import Door, Slot, SlotKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return a time as whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """Return a time of whole microseconds since 1970, in UTC."""
    return _EPOCH + value * _MICROSECOND


def day(at: datetime) -> int:
    """Return the beginning of a time's day, as a row has it."""
    return micros(at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


def member_of(row: Any, before: str = "") -> Member:
    """Return the member of a row; ``before`` is what the names of its columns begin with."""
    values = row._mapping
    return Member(
        values["member_id" if before else "id"],
        values[f"{before}login"],
        Role(values[f"{before}role"]),
        instant(values[f"{before}joined_at"]).date(),
        bool(values[f"{before}locked"]),
    )


def chained(before: str, act: Act) -> str:
    """Return an act's link of the chain: a hash over it and all acts before it."""
    fields = (str(act.number), act.day.isoformat(), act.who, act.what, act.about)
    said = "".join(f"{len(field)}:{field}" for field in (before, *fields))
    return hashlib.sha256(said.encode()).hexdigest()


def slot_of(row: Any) -> Slot:
    """Return the slot of a row."""
    return Slot(row.member_id, row.id, SlotKind(row.kind), row.cost, bytes(row.salt), row.pepper, bytes(row.sealed))


def slot_row(slot: Slot) -> dict[str, Any]:
    """Return the row of a slot."""
    return {
        "member_id": slot.member, "id": slot.id, "kind": slot.kind, "cost": slot.cost, "salt": slot.salt,
        "pepper": slot.pepper, "sealed": slot.sealed,
    }  # fmt: skip


def door_of(row: Any) -> Door:
    """Return the door of a row."""
    sealed = None if row.sealed is None else bytes(row.sealed)
    return Door(row.member_id, row.id, DoorKind(row.kind), row.scope, row.ends_at, row.pepper, sealed)


def door_row(door: Door, now: datetime) -> dict[str, Any]:
    """Return the row of a door that is made now."""
    return {
        "id": door.id, "member_id": door.member, "kind": door.kind, "scope": door.scope, "made_at": day(now),
        "ends_at": door.ends_at, "pepper": door.pepper, "sealed": door.sealed,
    }  # fmt: skip
