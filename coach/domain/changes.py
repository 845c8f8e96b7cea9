"""A change made from how something was, put on top of how it is by now. Knows dataclasses, and no noun by name."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar, cast

T = TypeVar("T")


def rebased(before: T, after: T, now: T) -> T:
    """Return ``now`` with what ``after`` changes of ``before``; all else stays as it has become.

    Of lists, what was added is added, what was taken out goes, and what was changed (the same id) is changed. Where
    both changed one field, ``after`` holds.
    """
    changed: dict[str, Any] = {}
    for name in (field.name for field in fields(cast(Any, now))):
        was, mine, theirs = (getattr(it, name) for it in (before, after, now))
        if mine != was:
            lists = all(isinstance(it, tuple) for it in (was, mine, theirs))
            changed[name] = _list(was, mine, theirs) if lists else mine
    return cast(T, replace(cast(Any, now), **changed)) if changed else now


def _list(was: tuple[Any, ...], mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...]:
    if theirs == was:
        return mine
    before, after = ({_key(it): it for it in each} for each in (was, mine))
    present = {_key(it) for it in theirs}
    kept = [
        after[key] if key in after and after[key] != before.get(key) else it
        for it in theirs
        if (key := _key(it)) in after or key not in before
    ]
    return (*kept, *(it for key, it in after.items() if key not in before and key not in present))


def _key(thing: Any) -> Any:
    return getattr(thing, "id", thing)
