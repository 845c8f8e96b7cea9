"""Users' own packs: folders of cards, events and scenes, copied into the data folder once every file is good.

Knows folders: cards anywhere, ``events.yaml``, and a folder with one scene for each event. Does not know how packs are
searched.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from coach.domain.principles import Principle
from coach.errors import BadCard, BadInput, NotFound
from coach.knowledge.cards import card_files, load_cards
from coach.knowledge.catalogue import EVENTS, scene_files

SHIPPED, EVIDENCE = "coach", "evidence"
"""Names of what is indexed in addition to the packs: the shipped cards, and all evidence cards."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Packs:
    """The packs under one folder, each in a subfolder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Return the packs' names, in order. Copies cut short are cleared away."""
        if not self.folder.is_dir():
            return []
        for path in self.folder.glob(".part-*"):
            shutil.rmtree(path, ignore_errors=True)
        return sorted(path.name for path in self.folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name))

    def load(self, name: str) -> tuple[Principle, ...]:
        """Return a pack's cards. Raises BadCard."""
        return load_cards(self.folder / name, pack=name)

    def check(self, source: Path, taken: Iterable[Principle]) -> tuple[str, tuple[Principle, ...]]:
        """Return the name and the cards of a folder that may become a pack. Raises BadInput or BadCard."""
        if not source.is_dir():
            raise BadInput(f"There is no folder {source.name}; give the folder that holds the cards.")
        name = re.sub(r"[^a-z0-9]+", "-", source.resolve().name.lower()).strip("-")[:40]
        if not name or name in (SHIPPED, EVIDENCE):
            raise BadInput("The folder's name becomes the pack's name; give it another one.")
        if name in self.names():
            raise BadInput(f"There is a pack '{name}' already; remove it first, or rename the folder.")
        cards = load_cards(source, pack=name)
        if not cards:
            raise BadInput("The folder holds no cards; a card is a file like my-card.md, see knowledge/README.md.")
        owners = {card.id: card.pack for card in taken}
        for path in card_files(source):
            if path.stem in owners:
                file = str(path.relative_to(source))
                problem = f"the id is taken by a card of the pack '{owners[path.stem]}'"
                raise BadCard(file, 2, problem, "Give the card another id, and its file the same name.")
        return name, cards

    def copy(self, source: Path, name: str) -> None:
        """Copy what the coach reads of a checked folder, whole or not at all. Raises BadInput."""
        part = self.folder / f".part-{uuid4().hex[:8]}"
        events = [path for path in (source / EVENTS,) if path.is_file()]
        try:
            for path in (*card_files(source), *events, *scene_files(source)):
                goal = part / path.relative_to(source)
                goal.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, goal)
            os.rename(part, self.folder / name)
        except OSError as error:
            shutil.rmtree(part, ignore_errors=True)
            raise BadInput("The pack could not be copied into the data folder; is there room for them?") from error

    def remove(self, name: str) -> None:
        """Delete a pack's copy. Raises NotFound."""
        if name not in self.names():
            raise NotFound(f"There is no pack '{name}'; 'coach knowledge list' shows those there are.")
        gone = self.folder / f".part-{uuid4().hex[:8]}"
        os.rename(self.folder / name, gone)
        shutil.rmtree(gone, ignore_errors=True)
