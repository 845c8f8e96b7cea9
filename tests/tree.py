"""The tree of coach/ for docs/tree.md, a line a module, taken from the modules' own first sentences.

``make tree`` writes it into docs/tree.md; a test says when that is due.
"""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "tree.md"
BEGIN, END = "<!-- tree -->\n```\n", "```\n<!-- /tree -->"


def sentence(module: Path) -> str:
    """Return the first sentence of a module's docstring, without its full stop."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    first = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.:])\s+(?=[A-Z:])", first)[0].rstrip(".:").replace("``", "")


def lines(folder: Path, depth: int = 0) -> list[str]:
    """Return a line for a package, its modules, then its packages."""
    found = [f"{'  ' * depth}{folder.name + '/':<{24 - 2 * depth}} {sentence(folder / '__init__.py')}".rstrip()]
    modules = sorted(each for each in folder.glob("*.py") if each.stem != "__init__")
    found += [f"{'  ' * depth}  {each.name:<{22 - 2 * depth}} {sentence(each)}" for each in modules]
    packages = sorted(each.parent for each in folder.glob("*/__init__.py"))
    return found + [line for each in packages for line in lines(each, depth + 1)]


@cache
def tree() -> str:
    """Return the tree as docs/tree.md holds it; revisions of the schema are left out."""
    return "\n".join(line for line in lines(ROOT / "coach") if not re.match(r"\s*\d{4}_|\s*versions/", line)) + "\n"


def written() -> tuple[str, str, str]:
    """Return docs/tree.md in three: before the tree, the tree, after it."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    inside, after = rest.split(END)
    return before, inside, after


if __name__ == "__main__":
    before, _, after = written()
    PAGE.write_text(before + BEGIN + tree() + END + after, encoding="utf-8")
