"""Backup and restore, by command. Knows how to ask for a passphrase; the journal's backups know the rest."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from coach.cli.workbench import Doors, doors, output, tell
from coach.errors import BadInput, Refused

PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file with the passphrase; left out: it is asked for.")
]


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A new file.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write everything into one file sealed by a passphrase, and verify it. The coach may be running."""
    from coach.journal.backups.backup import make
    from coach.journal.backups.restore import finish

    through = doors(context)
    settings = through.settings()
    if file.exists():
        raise BadInput(f"{file} is there already. Name a new file.")
    passphrase = _passphrase(through, passphrase_file, twice=True)
    asyncio.run(finish(settings))
    made = asyncio.run(make(settings, file, passphrase, datetime.now(UTC)))
    output().print(f"Written to {file} and verified: {_rows(made.rows)} ({made.size / 1e6:.1f} MB).", soft_wrap=True)
    tell("Without its passphrase nobody can open it, you included. 'coach restore' puts it back.")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What 'coach backup' wrote.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put a backup in the place of what is here, which is kept aside. The coach must not be running."""
    from coach.journal.backups.envelope import look
    from coach.journal.backups.restore import restore as put_back

    through = doors(context)
    settings = through.settings()
    look(file)  # what is damaged is said before anything is asked
    passphrase = _passphrase(through, passphrase_file, twice=False)
    back = asyncio.run(put_back(settings, file, passphrase, datetime.now(UTC)))
    output().print(f"Restored from {back.made_at[:16].replace('T', ' ')}: {_rows(back.rows)}.", soft_wrap=True)
    if back.aside:
        output().print(f"What was here before is in {back.aside}: delete it when you need it no more.", soft_wrap=True)
    if back.settings:
        output().print(f"The settings it ran with are in {back.settings}: set again those you want.", soft_wrap=True)
    tell("Start it again: coach serve")


def _passphrase(through: Doors, file: Path | None, *, twice: bool) -> str:
    from coach.journal.backups.envelope import check
    from coach.journal.backups.rotation import configured, in_file

    found = in_file(file) if file else configured(through.settings())
    if found is None:
        if not through.at_terminal():
            raise Refused(
                "A passphrase is needed, and nobody can be asked here. Give --passphrase-file FILE, or set "
                "COACH_BACKUP_PASSPHRASE_FILE."
            )
        found = str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice, err=True))
    if twice:
        check(found)
    return found


def _rows(rows: dict[str, int]) -> str:
    told = [f"{rows[name]} {name}" for name in ("people", "moments", "conversations", "plans") if name in rows]
    return ", ".join(told)
