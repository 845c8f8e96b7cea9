"""The pages as a small site: ``make docs`` builds it in build/docs. A dead link or a page nothing leads to is an error.

The source is laid out like the repository, so that a link between files holds in both.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (
    "*.md", "docs/*.md", "docs/*.png", "docs/*.css", "knowledge/README.md", "knowledge/*/README.md",
    "prompts/*/README.md", "evals/README.md", "evals/results/*.svg",
)  # fmt: skip
_AT_ONCE = re.compile(r"^([^-|\s#>`].*)\n(?=[-|] |1\. )", re.MULTILINE)


def laid_out(folder: Path) -> None:
    """Put what the site is made of into a folder, which is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in (each for form in PAGES for each in ROOT.glob(form)):
        there = folder / "source" / page.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, there)
        if page.suffix == ".md":  # a list or a table may follow a line at once, as on most servers of Git
            there.write_text(_AT_ONCE.sub(r"\1\n\n", page.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copyfile(ROOT / "docs" / "site.yml", folder / "site.yml")


def built(folder: Path) -> Path:
    """Build the site of what lies in a folder; return its first page. Raises CalledProcessError, with what is wrong."""
    # Not quietly: warnings that are not told are not counted either.
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--config-file", "site.yml"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / "site" / "index.html"


if __name__ == "__main__":
    place = ROOT / "build" / "docs"
    laid_out(place)
    try:
        print(f"Open {built(place)}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr or error.stdout)
