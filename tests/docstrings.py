"""Names in double backticks in the docstrings of coach/, and which of them stand for nothing.

A name has to be found where a reader would look: in what the docstring is about (its fields, parameters, body, strings,
base classes, and the files of words it reads), or among what the whole program defines or imports: packages, modules,
top-level functions, classes and constants. A field of some other class does not do, for then a docstring may explain
what its own class no longer has. A path has to lie in the repository; ``<name>`` and ``*`` stand for anything in it.
The modules that a package lists, a line each, have to be there as well.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUOTED = re.compile(r"``([^`]+)``")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
PATH = re.compile(r"[\w.*<>-]+(?:/[\w.*<>-]*)+")
_WORD = re.compile(r"[A-Za-z_]\w*")
_LISTED = re.compile(r"^ *(\w+)/?(?:  +)\S", re.MULTILINE)
_DATA = ("", "coach", "knowledge", "prompts", "web")

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Code:
    """The program as names: what it defines on top, by module; the members of each class; modules by name."""

    tops: dict[str, set[str]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    bases: dict[str, set[str]] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)

    def defines(self, name: str) -> bool:
        """Whether the program has or imports such a package or module, or has something on top of one."""
        return name in self.tops or name in self.imported or any(name in some for some in self.tops.values())

    def has(self, name: str, member: str) -> bool:
        """Whether a module or class (or one that it is made from) has a member."""
        own = member in self.tops.get(name, ()) or member in self.members.get(name, ())
        return own or any(self.has(base, member) for base in self.bases.get(name, ()) if base != name)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def code() -> Code:
    """Return the names of coach/."""
    found = Code()
    for path in sorted((ROOT / "coach").rglob("*.py")):
        tree = _tree(path)
        tops = found.tops.setdefault(_module(path), set())
        tops |= set(_defined(tree))
        found.tops.setdefault(path.parent.name, set()).add(_module(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                given = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
                if not given[0].startswith("coach"):
                    found.imported.update(each.split(".")[0] for each in given)
                    found.imported.update(each.name for each in node.names)
                if path.stem == "__init__":
                    tops.update(each.name for each in node.names)
            elif isinstance(node, ast.ClassDef):
                found.members.setdefault(node.name, set()).update(_words(node))
                bases = {
                    base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases
                }
                found.bases.setdefault(node.name, set()).update(bases)
    return found


def drifted(path: Path) -> Iterator[str]:
    """Yield what the docstrings of a file name and what is not there, with the line."""
    tree = _tree(path)
    for line, text, about in _docstrings(tree):
        wrong = [name for name in QUOTED.findall(text) if not _is_there(name, about, path)]
        if about == [tree] and path.stem == "__init__":
            beside = {each.stem for each in [*path.parent.glob("*.py"), *path.parent.glob("*/")]}
            wrong += [name for name in _LISTED.findall(text) if name not in beside]
        yield from (f"{path.name}:{line}: {name}" for name in wrong)


def _is_there(name: str, about: list[ast.AST], path: Path) -> bool:
    if PATH.fullmatch(name):
        return _lies(name, path)
    name = name.removesuffix("()")
    if not NAME.fullmatch(name):
        return True  # a piece of code, a command or an example
    scope = _scope(about, path)
    parts = name.split(".")
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return name in scope or code().defines(name)
    if set(parts) <= scope or code().has(parts[-2], last) or _lies(name.replace(".", "/"), path) or _lies(name, path):
        return True
    if first in scope and not code().defines(first):  # a parameter, whose class may be any
        return any(last in some for some in code().members.values())
    return first in code().imported or first in sys.stdlib_module_names


def _scope(about: list[ast.AST], path: Path) -> set[str]:
    """Return the words a docstring may name of what it is about."""
    scope: set[str] = set().union(*map(_words, about))
    for node in about:
        if isinstance(node, ast.ClassDef):
            scope |= {word for base in code().bases.get(node.name, ()) for word in code().members.get(base, ())}
        elif isinstance(node, ast.Module) and path.stem == "__init__":
            scope |= {word for each in path.parent.glob("*.py") for word in code().tops[_module(each)]}
            scope |= {each.parent.name for each in path.parent.glob("*/__init__.py")}
    return scope.union(*(_read(node) for node in about))


@lru_cache(64)
def _read(node: ast.AST) -> frozenset[str]:
    """Return the words of the files of words that code names."""
    texts = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    files = [file for text in texts if PATH.fullmatch(text) for file in (ROOT / "knowledge").glob(f"{text}.yaml")]
    return frozenset(word for file in files for word in _WORD.findall(file.read_text(encoding="utf-8")))


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, str, list[ast.AST]]]:
    """Yield every docstring's line and text, and what it is about; of a method, its class as well."""

    def inside(node: Documented, around: list[ast.AST]) -> Iterator[tuple[int, str, list[ast.AST]]]:
        own: list[ast.AST] = [*around, node] if not isinstance(node, ast.Module) else [node]
        before: ast.AST | None = None
        for each in node.body:
            if (
                isinstance(each, ast.Expr)
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                yield each.lineno, each.value.value, own if before is None else [*around, node, before]
            elif isinstance(each, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield from inside(each, own if isinstance(node, ast.ClassDef) else [])
            before = each

    yield from inside(tree, [])


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (word for target in targets for word in _words(target))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


@lru_cache(64)  # a class is asked for with each of its methods
def _words(node: ast.AST) -> frozenset[str]:
    """Return the names and the words of texts in code, its docstrings left out."""
    found: set[str] = set()
    nodes = list(ast.walk(node))
    texts = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
    for each in nodes:
        match each:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.update(name.split("."))
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.keyword(arg=str(name)):
                found.add(name)
            case ast.Constant(value=str(text)) if id(each) not in texts:
                found.update(_WORD.findall(text))
    return frozenset(found)


def _lies(name: str, path: Path) -> bool:
    """Whether a path lies in the repository, next to a file or among what ships, with or without its ending."""
    pattern = re.sub(r"<\w+>", "**/*", name, count=1).strip("/")
    pattern = re.sub(r"<\w+>", "*", pattern)
    places = (path.parent, *(ROOT / folder for folder in _DATA))
    return any(any(place.glob(f"{pattern}{end}")) for place in places for end in ("", ".*"))


def _module(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem
