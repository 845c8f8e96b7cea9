"""Writes the results of the last runs into README.md, between two marks: a table, and the pictures. Knows Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.bars import BARS
from evals.rivals import NAMES

BEGIN, END = "<!-- results: written by make eval and make bench -->", "<!-- end of results -->"

_RIVAL_FIGURES = ("n", "gate_failures", "form_pass", "form_kept", "violations", "checker", "cites_exactly", "own_words")


def write(results: Path, readme: Path) -> bool:
    """Write what results/ holds into the page between its marks; return whether the marks were found."""
    page = readme.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        return False
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = "\n".join(_told(results, results.relative_to(readme.parent).as_posix()))
    readme.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")
    return True


def _told(results: Path, folder: str) -> Iterator[str]:
    yield "| suite | figure | dev cases, or the first set | held-out sets, in order | bar |"
    yield "|---|---|---|---|---|"
    shown = []
    for suite, bars in BARS.items():
        found = _read(results / f"{suite}.json")
        if not found:
            continue
        shown.append(suite)
        files = {"here": found} if suite == "bench" else found
        first, *others = files.values()
        for figure, bar in bars.items():
            if figure in first:
                held = " · ".join(_number(each[figure]) for each in others if figure in each) or "–"
                yield f"| {suite} | {figure} | {_number(first[figure])} | {held} | {bar} |"
    yield ""
    for label, found in _read(results / "baselines.json").items():
        yield from _rivals(label, found["rivals"])
    for label, found in _read(results / "judge.json").items():
        yield from _judge(label, found)
    pictures = [suite for suite in (*shown, "baselines") if (results / f"{suite}.svg").exists()]
    yield "\n".join(f"![{name}]({folder}/{name}.svg)" for name in pictures)


def _rivals(label: str, rivals: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield f"Five answers to each message, {label}:"
    yield ""
    yield f"| | {' | '.join(_RIVAL_FIGURES)} |"
    yield f"|---{'|---' * len(_RIVAL_FIGURES)}|"
    for name, figures in rivals.items():
        cells = " | ".join(_number(figures[each]) for each in _RIVAL_FIGURES)
        yield f"| {name} {NAMES[name]} | {cells} |"
    yield ""


def _judge(label: str, found: Mapping[str, Any]) -> Iterator[str]:
    trusted = f"{len(found['reliable'])} of {len(found['reliability'])} criteria, at most {found['most']} of 56 points"
    yield f"{label}: reliable on {trusted}."
    for name, figures in found.get("rivals", {}).items():
        points, gates = _number(figures["share_of_points"]), _number(figures["gate_failures"])
        yield f"{name}: {points} of the points, gates failed in {gates} of {figures['n']}."
    yield ""


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
