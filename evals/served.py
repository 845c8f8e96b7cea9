"""The running server seen from outside: how soon it is ready, how much memory it holds. Knows processes and HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from statistics import median

import httpx

from coach.door import Token
from evals.coached import environment

_PATIENCE = 60.0
_STARTS = 5


def cold_start_s(folder: Path) -> float:
    """Return the seconds from starting ``coach serve`` to a 200 of /readyz, median of five; the index is built."""
    found = []
    for _ in range(_STARTS):
        began = time.perf_counter()
        with running(folder):
            found.append(time.perf_counter() - began)
    return median(found)


def rss_mb(folder: Path, messages: Sequence[str]) -> float:
    """Return the resident memory (MB of 10^6 bytes) of the server after these turns, one conversation each."""
    with running(folder) as (process, url):
        for text in messages:
            reply = httpx.post(f"{url}/api/chat", json={"text": text}, headers=bearer(folder), timeout=_PATIENCE)
            reply.raise_for_status()
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(process.pid)], capture_output=True, text=True, check=True)
        return int(told.stdout) * 1024 / 1e6


def processor_s(pid: int) -> float:
    """Return the seconds of processor time that a process has used. Linux only."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def bearer(folder: Path) -> dict[str, str]:
    """Return the header by which the server of a data folder lets a program in."""
    return {"Authorization": f"Bearer {Token(folder).value()}"}


@contextmanager
def running(folder: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the server on a free port with its data in ``folder``; yield it once it is ready, and stop it after."""
    port = free_port()
    process = _started({**environment(folder, "none"), "COACH_PORT": str(port), **variables})
    url = f"http://127.0.0.1:{port}"
    try:
        waited(process, url)
        yield process, url
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _started(variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "coach", "serve"],
        env=dict(variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def waited(process: subprocess.Popen[bytes], url: str) -> None:
    """Return once the server at an address is ready. Raises RuntimeError when it ends, or is not in time."""
    until = time.monotonic() + _PATIENCE
    # One client that reads no certificates: to make one anew each time would take a core from what is measured.
    with httpx.Client(verify=False, timeout=5) as client:  # noqa: S501 - plain HTTP on this machine
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(f"coach serve ended with {process.returncode}")
            try:
                if client.get(f"{url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.005)
    raise RuntimeError("coach serve was not ready in time")


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
