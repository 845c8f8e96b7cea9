"""Export, import and forget. Knows files and the journal's port; the journal decides what belongs to whom."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from coach.cli.terminal import find
from coach.cli.workbench import USER, Opened, output, tell
from coach.errors import BadInput, Refused
from coach.web.retention import GRACE

_WORD = "forget"


def export(coach: Opened, file: Path | None) -> None:
    """Write the export to a new file that only its owner may read, or to stdout. Raises BadInput."""
    text = json.dumps(coach.run(coach.parts.journal.export(USER)), ensure_ascii=False, indent=2)
    if file is None:
        typer.echo(text)
        return
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
            target.write(text + "\n")
    except FileExistsError:
        raise BadInput(f"{file} is there already. Name a new file.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be written ({error.strerror}). Name another file.") from None
    tell(f"Written to {file}. It is not encrypted: keep it where only you can read it.")


def read(file: Path) -> Mapping[str, object]:
    """Return the JSON object in a file, or on stdin for ``-``. Raises BadInput."""
    try:
        data = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{file} is not JSON. Give the file that 'coach export' wrote.") from None
    if not isinstance(data, dict):
        raise BadInput(f"{file} is not an export. Give the file that 'coach export' wrote.")
    return data


def import_(coach: Opened, data: Mapping[str, object]) -> None:
    """Take an export and say how many of each were new. Raises BadInput."""

    new = {name: count for name, count in coach.run(coach.parts.journal.import_(USER, data)).items() if count}
    what = ", ".join(f"{count} {name}" for name, count in new.items())
    output().print(f"New in your journal: {what}." if what else "All of it was in your journal already.", markup=False)


def keep(coach: Opened) -> None:
    """Keep everything after all, while its day has not come."""
    coach.run(coach.parts.journal.forget_on(USER, None))
    output().print("Everything stays.")


def forget(coach: Opened, person: str | None, *, sure: bool, at_terminal: bool, now: bool) -> None:
    """Erase one person, or the whole journal in a day (``now``: at once), once the word was typed.

    Raises NotFound, Refused.
    """
    person_id = coach.run(find(coach, person)) if person else None
    what = "this person and all that is about them" if person else "everything you ever kept here"
    if not sure:
        if not at_terminal:
            raise Refused("Nothing was erased: add --yes to erase without being asked.")
        typed = typer.prompt(f"This erases {what}, for good. Type {_WORD} to go on", default="", show_default=False)
        if str(typed).strip().casefold() != _WORD:
            raise Refused("Nothing was erased.")

    if person_id is None and not now:
        at = coach.parts.clock() + GRACE
        coach.run(coach.parts.journal.forget_on(USER, at))
        day = f"{at.astimezone():%A %d %B at %H:%M}"
        output().print(f"Everything will be erased on {day}. Until then `coach forget --keep` keeps it.", markup=False)
        return
    journal = coach.parts.journal
    coach.run(journal.forget(USER) if person_id is None else journal.forget_person(USER, person_id))
    output().print(f"Erased: {what}. Exports and backups you made are yours to delete.")
