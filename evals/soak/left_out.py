"""The tests that ``make test`` leaves out or takes a sample of: whole programs, every case, many examples."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from evals import report
from evals.bars import Bar

BARS: Mapping[str, Bar] = {"passed": Bar(250, True), "failed": Bar(0, False)}
_WRONG = ("FAILED", "ERROR")


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many of these tests passed and failed."""
    return counted(folder, "-m", "slow or sampled or hypothesis")


def counted(folder: Path, *options: str, **surroundings: str) -> dict[str, float]:
    """Run pytest with ``options`` on the tests; return how many ``passed`` and ``failed``, and name those that failed.

    Skipped ones are neither.

    ``surroundings`` are further variables of the environment. Raises RuntimeError when pytest did not get to its end.
    """
    told = folder / "told.xml"
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={told}", *options]
    env, root = {**os.environ, **surroundings}, Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    counts = ElementTree.parse(told).getroot().find("testsuite") if told.exists() else None  # noqa: S314  pytest's own
    if counts is None or done.returncode > 1:
        raise RuntimeError(done.stdout[-2000:])
    report.console().print(
        *[line for line in done.stdout.splitlines() if line.startswith(_WRONG)], sep="\n", markup=False
    )
    wrong = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
    return {"passed": int(counts.get("tests", 0)) - wrong - int(counts.get("skipped", 0)), "failed": wrong}
