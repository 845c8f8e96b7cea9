"""Files in the shapes of real programs, twenty-five by each of two writers, are read as was written down before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from coach.domain.people import Person
from coach.foreign import Found, read
from many import many

FOLDERS = [Path(__file__).parent / "foreign" / name for name in ("programs", "others")]
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
WANTED: dict[Path, dict[str, Any]] = {
    folder / name: wanted
    for folder in FOLDERS
    for name, wanted in yaml.load((folder / "expected.yaml").read_bytes(), yaml.CSafeLoader).items()
}


def told(person: Person) -> dict[str, Any]:
    """Return what is known of somebody, as ``expected.yaml`` has it."""
    facts = {
        "name": person.name,
        "role": person.role,
        "days": [f"{it.label} {it.month}-{it.day}" for it in person.celebrations],
        "addresses": list(person.addresses),
        "note": person.beyond,
    }
    return {name: value for name, value in facts.items() if value}


def talks(found: Found) -> list[list[Any]]:
    """Return the talks of a calendar, newest first."""
    names = {each.id: each.name for each in found.people}
    return [
        [f"{it.happened_at:%Y-%m-%d %H:%M}", names[it.person_id], it.by.value, it.what, it.id not in found.doubtful]
        for it in found.moments
    ]


def test_every_file_has_its_expected_values() -> None:
    for folder in FOLDERS:
        wanted = {path.name for path in WANTED if path.parent == folder}
        assert {path.name for path in folder.iterdir()} == {*wanted, "expected.yaml", "README.md"}
        assert len(wanted) == 25


@many("path", sorted(WANTED))
def test_files_of_programs(path: Path) -> None:
    found, wanted = read(path.read_bytes(), NOW, call="Alex"), WANTED[path]
    assert [told(person) for person in found.people] == wanted["people"]
    assert talks(found) == [[str(it[0]), *it[1:]] for it in wanted.get("talks", ())]
    assert len(found.left_out) == wanted.get("told", 0), found.left_out
