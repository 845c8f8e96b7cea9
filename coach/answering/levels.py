"""What each language model may do: its exam decided, or the user. Kept in one small file of the data folder.

The file holds servers' addresses, names of language models and which letters of the exam failed; nothing of a user's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.domain.readings import Level

OVERRIDES = ("plans", "suggests", "off")
"""What COACH_LLM_LEVEL may say, beside nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an exam came to: the level it gives, the letters that failed by name with why, and when it was sat."""

    level: Level
    failed: Mapping[str, str]
    at: datetime
    of: int


class Levels:
    """The results of exams, by server and language model."""

    def __init__(self, folder: Path, chosen: str = "") -> None:
        """Prepare. ``chosen``: a level the user set for good, one of OVERRIDES, or "" to go by the exam."""
        self._file, self._chosen = folder / "exams.json", chosen

    def level(self, destination: str, name: str) -> Level:
        """Return what a language model may do. Until its exam is over it may plan, and is checked as always."""
        if self._chosen:
            return Level.ASKS if self._chosen == "off" else Level(self._chosen)
        result = self.result(destination, name)
        return result.level if result else Level.PLANS

    def result(self, destination: str, name: str) -> Result | None:
        """Return the last exam of a language model, None when it has sat none (or the file cannot be read)."""
        kept: Any = self._kept().get(_key(destination, name))
        try:
            at = datetime.fromisoformat(kept["at"])
            return Result(Level(kept["level"]), dict(kept["failed"]), at, int(kept["of"]))
        except (KeyError, TypeError, ValueError):
            return None

    def keep(self, destination: str, name: str, result: Result) -> None:
        """Keep the result of an exam; a folder that cannot be written loses it, and nothing else."""
        kept = {**self._kept(), _key(destination, name): {**asdict(result), "at": result.at.isoformat()}}
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            os.replace(fresh, self._file)
        except OSError:
            return

    def _kept(self) -> dict[str, dict[str, object]]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _key(destination: str, name: str) -> str:
    return f"{destination}|{name}"
