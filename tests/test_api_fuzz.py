"""Whatever is sent to any operation of the API, the server does not fail, and answers as it said it would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from serving import TOKEN, fake_parts, serving

INPUTS = ("--phases=examples,coverage,fuzzing", "--max-examples=8")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.slow
def test_no_input_makes_the_server_fail(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Good and bad input of every kind, and what chance finds.

    By the program, not by pytest's plugin: the plugin would make all inputs in every worker, to collect them.
    """
    with serving(lambda: fake_parts(tmp_path / "data")) as address:
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/openapi.json", f"--checks={CHECKS}"]
        command += [*INPUTS, "--generation-deterministic", f"--header=Authorization:Bearer {TOKEN}"]
        command += ["--suppress-health-check=all", "--warnings=off", "--no-color"]
        kept = {"HYPOTHESIS_STORAGE_DIRECTORY": str(request.config.rootpath / ".hypothesis")}  # tables of characters
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=tmp_path, env={**os.environ, **kept}
        )
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"Tested: +(\d+)", done.stdout)
    assert counted, done.stdout
    assert int(counted[1]) > 40
