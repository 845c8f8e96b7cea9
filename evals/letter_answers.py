"""A scripted language model that has its answers ready: TurnAnswers by the letter, and what the smaller calls want.

Knows what each request asks for by its schema, beside the messages or in their words; nothing of servers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evals.behaviours import Asked, Good, filled

Answer = Mapping[str, Any]

NOTHING_FLAGGED: Answer = {"flags": [], "own_harm": "unsure", "own_sentence": None}


class LetterAnswers:
    """Answers each letter as prepared: of all the letters that a request holds, the last."""

    def __init__(self, cases: Iterable[Mapping[str, Any]], flagged: Answer = NOTHING_FLAGGED) -> None:
        """Prepare. ``cases``: lines of a case file of good answers, with ``sentences`` and ``answer``."""
        self._cases = list(cases)
        self._flagged = flagged

    @classmethod
    def read(cls, *files: Path) -> LetterAnswers:
        """Return the language model with the answers of case files."""
        return cls(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())

    def text(self, asked: Asked) -> str:
        """Return the reply to a request, as JSON."""
        return json.dumps(self._reply(asked), ensure_ascii=False)

    def __call__(self, asked: Asked) -> Good:
        """Return the reply to a request, streamed."""
        return Good(self.text(asked), piece=24)

    def _reply(self, asked: Asked) -> Any:
        schema = asked.schema or {}
        wanted = schema.get("properties", {})
        if "flags" in wanted:
            return self._flagged
        answer = self._answer(asked.messages[-1][1])
        if answer is None:
            return filled(schema) if schema else {}
        if "fits" in wanted or not wanted:
            return answer
        known = {**(answer.get("plan") or {}), **(answer.get("patch") or {}), **answer}
        return {name: known.get(name, filled(part, schema)) for name, part in wanted.items()}

    def _answer(self, said: str) -> Answer | None:
        """Return the answer to the last letter that is known; sentences with names in them left under other names."""
        found = [(max(map(said.rfind, case["sentences"])), case["answer"]) for case in self._cases]
        at, answer = max(found, key=lambda each: each[0], default=(-1, None))
        return answer if at >= 0 else None
