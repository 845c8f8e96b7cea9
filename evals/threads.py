"""Pasted threads: how many are taken apart wholly right, by sender, words, and day and time where they are given.

``python -m evals.threads [FILE] [--wrong]``; the form of the file is in ``cases/README-held-out.md``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coach.reading.threads import taken_apart

CASES = Path(__file__).parent / "cases" / "threads.jsonl"
Seen = tuple[str, str, str]
"""Sender, day and time, words."""


def main(arguments: Sequence[str]) -> None:
    """Print the shares, and with ``--wrong`` what was wanted and what was found where they differ."""
    cases = held_out(Path(next((each for each in arguments if not each.startswith("--")), CASES)))
    pairs = [(case, wanted(case), found(case)) for case in cases]
    right = [want == seen for _, want, seen in pairs]
    bare = [[(who, text) for who, _, text in want] == [(who, text) for who, _, text in seen] for _, want, seen in pairs]
    said = {
        "n": len(cases),
        "wholly_right": sum(right),
        "share": round(sum(right) / len(cases), 3),
        "who_and_text": sum(bare),
    }
    print(json.dumps(said))
    if "--wrong" in arguments:
        for (case, want, seen), fine in zip(pairs, right, strict=True):
            if not fine:
                print(
                    json.dumps({"id": case.get("id"), "text": case["text"], "me": case.get("me")}, ensure_ascii=False)
                )
                print("  wanted", *want, sep="\n    ")
                print("  found", *seen, sep="\n    ")


def held_out(file: Path = CASES) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def wanted(case: Mapping[str, Any]) -> list[Seen]:
    """Return the messages of a case."""
    return [(each["who"] or "", _even(each["when"] or ""), _spaced(each["text"])) for each in case["messages"]]


def found(case: Mapping[str, Any]) -> list[Seen]:
    """Return what the coach sees in it, without knowing what day it is."""
    seen = []
    for each in taken_apart(case["text"], me=case.get("me") or ""):
        at = each.at.isoformat() if each.at else ""
        on = each.on.isoformat() if each.on and at else ""  # a day alone is not asked for
        seen.append((each.who, _even("T".join(part for part in (on, at) if part)), _spaced(each.text)))
    return seen


def _even(when: str) -> str:
    """Return a time without seconds that are nought."""
    return when.removesuffix(":00") if when.count(":") == 2 else when


def _spaced(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main(sys.argv[1:])
