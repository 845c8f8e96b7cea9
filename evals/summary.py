"""Writes the results of the last runs into docs/evals.md, between two marks: a table and pictures. Knows Markdown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.bars import BARS

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "evals.md"

BEGIN, END = "<!-- results: written by make eval and make bench -->", "<!-- end of results -->"


def write(results: Path, page: Path) -> bool:
    """Write what results/ holds into the page between its marks; return whether the marks were found."""
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        return False
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    told = "\n".join(_told(results, Path(os.path.relpath(results, page.parent)).as_posix()))
    page.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")
    return True


def _told(results: Path, folder: str) -> Iterator[str]:
    yield "| suite | figure | dev cases, or the first set | held-out sets, in order | bar |"
    yield "|---|---|---|---|---|"
    shown = []
    for suite in BARS:
        found = _read(results / f"{suite}.json")
        if not found:
            continue
        shown.append(suite)
        files = {"here": found} if suite == "bench" else found
        tapped = {stem: each for stem, each in files.items() if stem.endswith("_accounts")}
        bare = {stem: each for stem, each in files.items() if stem not in tapped}
        yield from _lines(suite, suite, bare)
        yield from _lines(suite, f"{suite}, from accounts" if bare else suite, tapped)
    yield ""
    pictures = [suite for suite in shown if (results / f"{suite}.svg").exists()]
    yield "\n".join(f"![{name}]({folder}/{name}.svg)" for name in pictures)


def _lines(suite: str, title: str, files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each figure that has a bar: the first file's, then the others'."""
    first, *others = files.values() or ({},)
    for figure, bar in BARS[suite].items():
        if figure in first:
            held = " · ".join(_number(each[figure]) for each in others if figure in each) or "–"
            yield f"| {title} | {figure} | {_number(first[figure])} | {held} | {bar} |"


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
