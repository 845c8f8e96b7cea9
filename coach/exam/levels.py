"""What each language model may do: its exam decided, or the user. Kept in one small file of the data folder.

The file holds servers' addresses, names of language models and which letters of the exam failed; nothing of a user's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.domain.readings import Level
from coach.files import written

OVERRIDES: Mapping[str, Level] = {"plans": Level.PLANS, "suggests": Level.SUGGESTS, "off": Level.ASKS}
"""What COACH_LLM_LEVEL and the user may say, beside nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an exam came to: the level it gives, the letters that failed by name with why, and when it was sat."""

    level: Level
    failed: Mapping[str, str]
    at: datetime
    of: int


class Levels:
    """The results of exams and what the user has set, by server and language model."""

    def __init__(self, folder: Path, for_all: str = "") -> None:
        """Prepare. ``for_all``: a level set for every language model, one of OVERRIDES, or ""."""
        self._file, self.for_all = folder / "exams.json", for_all

    def level(self, destination: str, name: str) -> Level:
        """Return what a language model may do. Until its exam is over it may plan, and is checked as always."""
        if chosen := self.chosen(destination, name):
            return OVERRIDES[chosen]
        result = self.result(destination, name)
        return result.level if result else Level.PLANS

    def chosen(self, destination: str, name: str) -> str:
        """Return the level that was set, for all or for this one; "" where the exam decides."""
        kept = self._kept().get(_key(destination, name), {}).get("chosen")
        return self.for_all or (str(kept) if kept in OVERRIDES else "")

    def choose(self, destination: str, name: str, chosen: str) -> None:
        """Set a language model's level, one of OVERRIDES, or "": its exam decides."""
        self._keep(destination, name, {"chosen": chosen})

    def forget(self) -> None:
        """Forget all of it."""
        self._file.unlink(missing_ok=True)

    def result(self, destination: str, name: str) -> Result | None:
        """Return the last exam of a language model, None when it has sat none (or the file cannot be read)."""
        kept: Any = self._kept().get(_key(destination, name))
        try:
            at = datetime.fromisoformat(kept["at"])
            return Result(Level(kept["level"]), dict(kept["failed"]), at, int(kept["of"]))
        except (KeyError, TypeError, ValueError):
            return None

    def keep(self, destination: str, name: str, result: Result) -> None:
        """Keep the result of an exam."""
        self._keep(destination, name, {**asdict(result), "at": result.at.isoformat()})

    def _keep(self, destination: str, name: str, some: Mapping[str, object]) -> None:
        """Keep fields of a language model; a folder that cannot be written loses them, and nothing else."""
        kept = self._kept()
        key = _key(destination, name)
        kept[key] = {**kept.get(key, {}), **some}
        with suppress(OSError):
            written(self._file, json.dumps(kept, indent=1).encode())

    def _kept(self) -> dict[str, dict[str, object]]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and all(isinstance(each, dict) for each in found.values()) else {}


def _key(destination: str, name: str) -> str:
    return f"{destination}|{name}"
