"""A certified single sign-on provider from npm, run by Node.js. Skipped where it is not there; COACH_CI=1 insists."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_HOME = Path(__file__).parent / "certified"


@contextmanager
def certified(back: str) -> Iterator[str]:
    """Run it while the block runs, for the client that is answered at ``back``; yield its address."""
    node = shutil.which("node")
    if node is None or not (_HOME / "node_modules").is_dir():
        reason = "the certified provider is not installed: Node.js and `npm ci --prefix tests/certified`"
        if os.environ.get("COACH_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    command = [node, "provider.mjs", back]
    with subprocess.Popen(command, cwd=_HOME, stdin=pipe, stdout=pipe, stderr=quiet, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate()  # its input ends, and so does it
