"""The journal's own tests, and the members', on a PostgreSQL whose tables are eight hash partitions by user.

And what a query looks at: the newest moments of somebody are looked for in one partition of eight.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import asyncpg  # type: ignore[import-untyped]

from coach.journal.migrations import migrate
from evals.bars import Bar
from evals.clusters import cluster
from evals.partitions import partition

MANY = 8
TESTS = (
    "caller", "caretaker", "changes", "erased", "folder_claims", "handouts", "intakes", "journal", "journal_about",
    "members", "numbers", "once", "retention",
)  # fmt: skip
BARS: Mapping[str, Bar] = {"passed": Bar(100, True), "failed": Bar(0, False), "partitions_looked_at": Bar(1, False)}

_NEWEST = "EXPLAIN SELECT * FROM moments WHERE user_id = 'zoe' ORDER BY happened_at DESC LIMIT 3"


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many tests passed and failed, and how many partitions a member's newest moments are looked for in."""
    root, told = Path(__file__).parents[2], folder / "told.xml"
    files = [f"tests/test_{name}.py" for name in TESTS]
    options = ["-p", "no:cacheprovider", "-k", "postgresql", f"--junitxml={told}"]
    command = [sys.executable, "-m", "pytest", *options, *files]
    surroundings = {**os.environ, "PARTITIONS": str(MANY)}
    done = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True, check=False)
    counts = ElementTree.parse(told).getroot().find("testsuite")  # noqa: S314  pytest wrote it just now
    if counts is None or done.returncode > 1:
        raise RuntimeError(done.stdout[-2000:])
    wrong = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
    passed = int(counts.get("tests", 0)) - wrong - int(counts.get("skipped", 0))
    return {"passed": passed, "failed": wrong, "partitions_looked_at": asyncio.run(_looked_at())}


async def _looked_at() -> int:
    with cluster() as database:
        await migrate(database.url)
        await partition(database.url, MANY)
        connection = await asyncpg.connect(database.url)
        try:
            plan = "\n".join(row[0] for row in await connection.fetch(_NEWEST))
        finally:
            await connection.close()
    return len(set(re.findall(r"on (moments_\d)", plan)))
