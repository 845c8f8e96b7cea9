"""The journal's own tests, and the members', on a PostgreSQL whose tables are eight hash partitions by user.

And what a query looks at: the newest moments of somebody are looked for in one partition of eight.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from coach.journal.migrations import migrate
from evals.bars import Bar
from evals.clusters import cluster
from evals.partitions import partition
from evals.soak.left_out import counted

MANY = 8
TESTS = (
    "caller", "caretaker", "changes", "erased", "folder_claims", "handouts", "intakes", "journal", "journal_about",
    "members", "numbers", "once", "retention",
)  # fmt: skip
BARS: Mapping[str, Bar] = {"passed": Bar(100, True), "failed": Bar(0, False), "partitions_looked_at": Bar(1, False)}

_NEWEST = "EXPLAIN SELECT * FROM moments WHERE user_id = 'zoe' ORDER BY happened_at DESC LIMIT 3"


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many tests passed and failed, and how many partitions a member's newest moments are looked for in."""
    files = [f"tests/test_{name}.py" for name in TESTS]
    counts = counted(folder, "-k", "postgresql", *files, PARTITIONS=str(MANY))
    return {**counts, "partitions_looked_at": asyncio.run(_looked_at())}


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
