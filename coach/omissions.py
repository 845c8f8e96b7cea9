"""Imports of a library without those parts of it that nothing here asks for. Knows no library."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Import what is imported inside without these modules: they are empty, and whatever is asked of them is a no-op.

    A module that is there already stays what it is; afterwards each can be imported as it is.
    """
    stand_ins: dict[str, Any] = {name: ModuleType(name) for name in names if name not in sys.modules}
    for module in stand_ins.values():
        module.__path__ = []
        module.__getattr__ = lambda _name: _nothing
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            sys.modules.pop(name, None)


def _nothing(*_given: object, **_more: object) -> None:
    """Stand for everything that is asked of a module that was spared."""
