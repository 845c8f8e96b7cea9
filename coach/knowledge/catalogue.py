"""The file of events: ``knowledge/events.yaml`` and the ``events.yaml`` of a pack → the Catalogue; a pack's scenes.

Knows files. ``coach.planning.moves`` knows what a scene may hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from coach.domain.events import Catalogue, Doer, Entry, Group, Want
from coach.errors import BadInput

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
EVENTS = "events.yaml"
_NEEDED = ("id", "group", "by", "chip", "means", "premises", "wants", "principles")
_LISTS = ("premises", "principles", "like", "also_groups", "ask", "near")
MOST_ASKED = 5
"""Facts of an event that are asked with one tap; more is a form."""


def load_catalogue(folder: Path, cards: Collection[str], packs: Mapping[str, Path] | None = None) -> Catalogue:
    """Return the catalogue of a folder, with the events of packs added. Raises BadInput, naming event and mend.

    ``cards``: the ids of every card, which an event's principles must be among. ``packs``: name → folder.
    """
    held = _read(folder / EVENTS)
    groups = tuple(Group(each["id"], each["text"]) for each in held["groups"])
    entries = [_entry(each, "coach") for each in held["events"]]
    facts = dict(held["facts"])
    for name, place in (packs or {}).items():
        if (place / EVENTS).is_file():
            more = _read(place / EVENTS)
            entries += [_entry(each, name) for each in more.get("events", ())]
            facts |= {key: text for key, text in more.get("facts", {}).items() if key not in facts}
    catalogue = Catalogue(groups, tuple(entries), facts, tuple(held.get("tried", ())))
    _check(catalogue, cards)
    return catalogue


def scene_files(folder: Path) -> list[Path]:
    """Return the files of a pack's scenes, by name."""
    return sorted((folder / "scenes").glob("*.yaml"))


def load_scenes(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the scenes of a pack: event → what its file holds. Raises BadInput."""
    found: dict[str, Mapping[str, Any]] = {}
    for file in scene_files(folder):
        held = _held(file)
        if not isinstance(held, dict) or not isinstance(held.get("moves"), list):
            raise BadInput(f"The scene {file.name} holds no list of moves; see prompts/scenes/README.md for its form.")
        found[file.stem] = held
    return found


def _read(file: Path) -> Mapping[str, Any]:
    held = _held(file)
    if not isinstance(held, dict) or not isinstance(held.get("events"), list):
        raise BadInput(f"{file.name} holds no list of events; see knowledge/README.md for its form.")
    return held


def _held(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - a safe loader, in C
    except (OSError, yaml.YAMLError) as error:
        raise BadInput(f"The file {file.name} cannot be read: {error}") from error


def _entry(held: Mapping[str, Any], pack: str) -> Entry:
    name = held.get("id", "?")
    if missing := [key for key in _NEEDED if key not in held]:
        raise BadInput(f"The event {name} lacks {', '.join(missing)}.")
    values: dict[str, Any] = {key: tuple(held.get(key, ())) for key in _LISTS}
    try:
        values["by"], values["wants"] = Doer(held["by"]), tuple(Want(want) for want in held["wants"])
    except ValueError as error:
        raise BadInput(f"The event {name}: {error}.") from error
    return Entry(
        id=name,
        group=held["group"],
        chip=held["chip"],
        means=held["means"],
        mirror=held.get("mirror"),
        they=held.get("they"),
        pack=pack,
        **values,
    )


def _check(catalogue: Catalogue, cards: Collection[str]) -> None:
    ids = [entry.id for entry in catalogue.entries]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise BadInput(f"The event {twice[0]} stands twice; give one of them another id.")
    groups = {group.id for group in catalogue.groups}
    for entry in catalogue.entries:
        if fault := _fault(entry, catalogue, groups, cards):
            raise BadInput(f"The event {entry.id}: {fault}.")


def _fault(entry: Entry, catalogue: Catalogue, groups: Collection[str], cards: Collection[str]) -> str | None:
    """Return what is wrong with an event, or None."""
    unknown: Sequence[tuple[str, list[str]]] = (
        ("group", [each for each in (entry.group, *entry.also_groups) if each not in groups]),
        ("fact", [each for each in (*entry.premises, *entry.ask) if each not in catalogue.facts]),
        ("card", [each for each in entry.principles if each not in cards]),
        ("event", [each for each in (*entry.near, entry.mirror or entry.id) if each not in catalogue]),
    )
    for what, names in unknown:
        if names:
            return f"there is no {what} '{names[0]}'"
    if len(entry.ask) > MOST_ASKED:
        return f"more than {MOST_ASKED} facts are asked"
    if "{name}" in entry.chip and not entry.they:
        return "its chip names a person; give it 'they', the chip for nobody in particular"
    if not entry.premises:
        return "a tap on it confirms nothing; give it premises"
    return None
