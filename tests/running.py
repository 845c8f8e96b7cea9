"""The coach in a process of its own: ``coach serve``, ready to be asked, stopped when the block is left."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from coach.door import Token
from evals.served import bearer

__all__ = ["SERVE", "STOP_S", "bearer", "running"]

SERVE = (sys.executable, "-m", "coach", "serve")
STOP_S = 20


@contextmanager
def running(
    data: Path, command: Sequence[str] = SERVE, cwd: Path | None = None, errors: Path | None = None, **variables: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``command`` on a data folder and a free port; yield its address and its process once it answers.

    What it said is in the pipes ``stdout`` (after its first line, the address) and ``stderr``; the latter goes to the
    file ``errors``, if there is one, for what would fill a pipe.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    given = {name: value for name, value in os.environ.items() if not name.startswith("COACH_")}
    given |= {"COACH_DATA": str(data), "COACH_PORT": str(port), **variables}
    pipe = subprocess.PIPE
    with (
        open(errors or os.devnull, "w") as file,
        subprocess.Popen(
            command, cwd=cwd, env=given, stdout=pipe, stderr=file if errors else pipe, text=True
        ) as process,
    ):
        assert process.stdout is not None
        try:
            said = process.stdout.readline()  # nothing but the link, once it answers; empty when it ended
            assert said == f"The coach is at {Token(data).link(address)} (Ctrl-C stops it)\n", said or _errors(
                process, errors
            )
            yield address, process
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _errors(process: subprocess.Popen[str], file: Path | None) -> str:
    if process.stderr is not None:
        return process.stderr.read()
    process.wait(STOP_S)
    return file.read_text() if file else ""
