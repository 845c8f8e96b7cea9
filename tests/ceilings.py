"""How large the files, functions, lines and patterns of coach/ are, beside the ceilings kept in ``ceilings.yaml``.

A ceiling is today's size and may only fall: ``make ceilings`` lowers the numbers of what shrank, and refuses while a
sum has grown. What is not in the table stays below the limits of the house: 300 lines a file, 40 a function, 120
characters a line, and 300 characters of pattern a file, enough for mechanics. Words that people write belong into
``knowledge/``.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
TABLE = Path(__file__).with_suffix(".yaml")
LIMITS = {
    "lines of a file": 300,
    "lines of a function": 40,
    "lines over 120 characters": 0,
    "characters of pattern": 300,
}
"""What is measured, and up to where nothing need be listed."""

_OPEN = re.compile(r"([A-Za-z]*)(\"\"\"|'''|\"|')")
_RAW = re.compile(r"\b(?:r|[bf]r|r[bf])[\"']", re.IGNORECASE)
_RE = {"compile", "search", "match", "fullmatch", "split", "sub", "subn", "findall", "finditer"}
_STARTS = {tokenize.STRING, getattr(tokenize, "FSTRING_START", -1)}
_END = getattr(tokenize, "FSTRING_END", -1)

Place = tuple[int, int]
"""Line and column, counted as ``tokenize`` counts."""


@cache
def measured() -> dict[str, dict[str, int]]:
    """Return what is over a limit, by what is measured: a file (``coach/ports.py``) or function → its size."""
    found: dict[str, dict[str, int]] = {what: {} for what in LIMITS}
    for path in sorted((ROOT / "coach").rglob("*.py")):
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        sizes = {
            "lines of a file": {name: text.count("\n")},
            "lines of a function": {f"{name}:{function}": lines for function, lines in _functions(tree)},
            "lines over 120 characters": {name: sum(len(line) > 120 for line in text.splitlines())},
            "characters of pattern": {name: sum(patterns(text, tree))},
        }
        for what, some in sizes.items():
            found[what] |= {key: size for key, size in some.items() if size > LIMITS[what]}
    return found


def kept() -> dict[str, dict[str, int]]:
    """Return the table."""
    found: dict[str, dict[str, int]] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {what: found.get(what) or {} for what in LIMITS}


def patterns(text: str, tree: ast.Module) -> Iterator[int]:
    """Yield the length of every string that is a pattern: raw ones, and what functions of ``re`` are given."""
    nodes = list(ast.walk(tree))
    given = list(_given_to_re(text, nodes))
    if not given and not _RAW.search(text):
        return
    documents = _docstrings(nodes)
    begun: Place | None = None
    depth = 0
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _STARTS:
            if depth == 0:
                begun = token.start
            depth += token.type != tokenize.STRING
        elif token.type == _END:
            depth -= 1
        if begun is not None and depth == 0:
            source = _between(lines, begun, token.end)
            opening = _OPEN.match(source)
            assert opening is not None
            raw = "r" in opening[1].lower() and begun not in documents
            if raw or any(start <= begun < end for start, end in given):
                yield len(source) - len(opening[0]) - len(opening[2])
            begun = None


def _given_to_re(text: str, nodes: Sequence[ast.AST]) -> Iterator[tuple[Place, Place]]:
    """Yield where the first arguments of calls of ``re`` begin and end."""
    lines = text.splitlines(keepends=True)
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[first, *_]) if name in _RE:
                yield (
                    _place(lines, first.lineno, first.col_offset),
                    _place(lines, first.end_lineno, first.end_col_offset),
                )


def _place(lines: list[str], line: int | None, column: int | None) -> Place:
    """Return a place of ``ast``, which counts bytes, in characters."""
    assert line is not None
    return line, len(lines[line - 1].encode()[:column].decode())


def _docstrings(nodes: Sequence[ast.AST]) -> set[Place]:
    lone = (node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    return {(node.lineno, node.col_offset) for node in lone}


def _between(lines: list[str], start: Place, end: Place) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    return "".join([lines[start[0] - 1][start[1] :], *lines[start[0] : end[0] - 1], lines[end[0] - 1][: end[1]]])


def _functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, int]]:
    """Yield every function's name, with those of what it stands in, and its number of lines."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{inside}{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1
            yield from _functions(node, f"{name}.")
        elif not isinstance(node, ast.expr):
            yield from _functions(node, inside)


def grown(now: Mapping[str, Mapping[str, int]], before: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return a sentence for every sum that has grown."""
    sums = ((what, sum(now[what].values()), sum(before[what].values())) for what in LIMITS)
    return [f"The {what} were {old} in all and are {new}." for what, new, old in sums if new > old]


def main() -> int:
    """Write the table, unless something has grown that nothing else made up for."""
    now = measured()
    if TABLE.exists() and (wrong := grown(now, kept())):
        print("\n".join([*wrong, "A ceiling may only fall."]), file=sys.stderr)
        return 1
    head = "# Today's sizes; they may only fall. Lowered by `make ceilings` (tests/ceilings.py says what is counted).\n"
    TABLE.write_text(head + yaml.safe_dump(now, sort_keys=False, width=200, allow_unicode=True), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
