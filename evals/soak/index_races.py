"""Programs that start at once on one data folder, or on one Chroma server: none may end without an index.

``without_folder`` and ``without_server``: of so many starts, those that ended without an index that finds passages;
``without_anew``: of those that build again what others are using.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from evals.bars import Bar

ROUNDS = 5
PROGRAM = """
import sys, numpy as np
from pathlib import Path
from coach.knowledge.embedder import unit
from coach.knowledge.index import Index, Shelf
vectors = unit(np.random.default_rng(1).normal(size=(400, 16)))
index = Index(Path(sys.argv[1]), sys.argv[2] or None)
shelves = [Shelf(pack, sys.argv[3], 400, lambda: vectors) for pack in ("coach", "evidence", "ours")]
index.ensure(shelves, anew=len(sys.argv) > 4)
found = [int(index.search(shelf.pack, vectors[7])[0][0]) for shelf in shelves]
print(found == [7, 7, 7] and index.whole())
"""

BARS: Mapping[str, Bar] = {
    "without_folder": Bar(0, False),
    "without_server": Bar(0, False),
    "without_anew": Bar(0, False),
}


def measure(folder: Path) -> dict[str, float]:
    """Race two on a folder and three on a server, so many rounds; then three that build what is there anew."""
    without = {"without_folder": 0, "without_server": 0, "without_anew": 0}
    for n in range(ROUNDS):
        without["without_folder"] += _race(folder / f"index-{n}" / "chroma", "", f"k{n}", 2)
    with chroma(folder) as url:
        for n in range(ROUNDS):
            without["without_server"] += _race(folder / "none", url, f"k{n}", 3)
            without["without_anew"] += _race(folder / "none", url, f"k{n}", 3, "anew")
    return {"starts": ROUNDS * 8, **without}


def _race(folder: Path, url: str, key: str, many: int, *more: str) -> int:
    """Start so many at once; return how many of them have no index."""
    command = [sys.executable, "-c", PROGRAM, str(folder), url, key, *more]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(many)]
    return sum(each.communicate(timeout=300)[0].strip() != b"True" for each in started)


@contextmanager
def chroma(folder: Path) -> Iterator[str]:
    """Run a Chroma server while the block runs; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).parent / "chroma"
    command = [str(program), "run", "--path", str(folder / "server"), "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=folder) as server:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()
