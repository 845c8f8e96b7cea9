"""Packs of cards and the index, by command. Knows what the library of cards can do; the library checks the cards."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, cast

from coach.cli.workbench import Doors, Opened, bar, opened, output, tell
from coach.errors import BadInput

if TYPE_CHECKING:
    from coach.knowledge.library import Library


def add(through: Doors, folder: Path) -> None:
    """Add a pack. Raises BadCard (file, line and mend), BadInput."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder. Give a folder of cards; knowledge/README.md tells how to write one.")
    with opened(through, personal=False) as coach, bar() as report:
        name, count = _library(coach).add_pack(folder, report)
    output().print(f"Added {name}: {_cards(count)}.", markup=False)


def show(through: Doors) -> None:
    """Print each pack and how many cards it has."""
    with opened(through, personal=False) as coach:
        for name, count in Counter(card.pack for card in coach.parts.knowledge.principles()).items():
            output().print(f"{name}: {_cards(count)}", markup=False)


def remove(through: Doors, name: str) -> None:
    """Remove a pack. Raises NotFound."""
    with opened(through, personal=False) as coach:
        _library(coach).remove_pack(name)
    output().print(f"Removed {name}.", markup=False)


def rebuild(through: Doors) -> None:
    """Build the index again and say how many passages it holds. Raises KnowledgeTrouble."""
    with opened(through, personal=False) as coach, bar() as report:
        count = _library(coach).rebuild(report)
    tell(f"Indexed {count} passages.")


def _library(coach: Opened) -> Library:
    return cast("Library", coach.parts.knowledge)


def _cards(count: int) -> str:
    return "1 card" if count == 1 else f"{count} cards"
