"""Kinds of session, by command. The templates' own module checks them; only the data folder is touched."""

from __future__ import annotations

from pathlib import Path

from coach.cli.workbench import Doors, output
from coach.knowledge.cards import load_cards
from coach.knowledge.packs import Packs
from coach.knowledge.session_templates import Sessions
from coach.shipped import shipped


def add(through: Doors, folder: Path) -> None:
    """Add a folder of templates. Raises BadCard (file, line and mend), BadInput."""
    name, count = _templates(through).add(folder)
    output().print(f"Added {name}: {count} {'kind' if count == 1 else 'kinds'} of session.", markup=False)


def show(through: Doors) -> None:
    """Print each kind, and where it comes from."""
    for template in _templates(through).templates():
        output().print(f"{template.id}: {template.title} ({template.pack})", markup=False, soft_wrap=True)


def remove(through: Doors, name: str) -> None:
    """Remove a folder that was added. Raises NotFound."""
    _templates(through).remove(name)
    output().print(f"Removed {name}.", markup=False)


def _templates(through: Doors) -> Sessions:
    settings = through.settings()
    packs = Packs(settings.data / "packs")
    own = [card for name in packs.names() for card in packs.load(name)]
    cards = {card.id for card in (*load_cards(shipped("knowledge")), *own)}
    return Sessions(shipped("knowledge") / "sessions", settings.data / "sessions", cards)
