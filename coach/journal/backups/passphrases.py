"""The passphrase of backups that nobody is asked for: from a setting, or from a file. Knows settings, and no cipher."""

from __future__ import annotations

from pathlib import Path

from coach.errors import BadInput
from coach.settings import Settings


def configured(settings: Settings) -> str | None:
    """Return the passphrase of the settings, None when there is none. Raises BadInput for a file without one."""
    if settings.backup_passphrase:
        return settings.backup_passphrase
    return in_file(Path(settings.backup_passphrase_file).expanduser()) if settings.backup_passphrase_file else None


def in_file(file: Path) -> str:
    """Return the passphrase a file holds, without the blanks around it. Raises BadInput."""
    try:
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"The passphrase cannot be read from {file}. Name a file that holds it, and is yours.") from None
    if not found:
        raise BadInput(f"{file} is empty. Write the passphrase into it.")
    return found
