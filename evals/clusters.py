"""A PostgreSQL cluster of a drill's or the tests' own: made, run and thrown away. Knows its binaries and processes."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.served import free_port

_PATIENCE = 20.0
_DRILL = ("fsync=off", "full_page_writes=off", "max_connections=100", "log_statement=all", "log_min_messages=info")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: the address of its database ``coach``, its folder with the log, and its binaries."""

    url: str
    folder: Path
    binaries: Path

    def dump(self) -> bytes:
        """Return everything as ``pg_dump`` writes it."""
        command: list[Any] = [self.binaries / "pg_dump", "--dbname", self.url]
        return subprocess.run(command, capture_output=True, check=True).stdout

    def log(self) -> bytes:
        """Return what the server wrote to its log: every statement, and values where it names them."""
        return (self.folder / "log").read_bytes()


def binaries() -> Path | None:
    """Return where PostgreSQL is installed, None when it is not."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((it for it in folders if (it / "initdb").exists() and (it / "postgres").exists()), None)


@contextmanager
def cluster(settings: Sequence[str] = _DRILL, within: Path | None = None) -> Iterator[Cluster]:
    """Run a cluster; a drill's logs every statement. Raises RuntimeError when PostgreSQL is not installed or stops.

    ``within``: the folder for its own, None for that of temporary files.
    """
    there = binaries()
    if there is None:
        raise RuntimeError("PostgreSQL's initdb and postgres are not installed")
    folder = Path(tempfile.mkdtemp(prefix="coach-cluster-", dir=within))
    other = _somebody_else(folder)
    port = free_port()
    try:
        made: list[Any] = [
            there / "initdb",
            "-D",
            folder / "data",
            "-U",
            "coach",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **other)
        run: list[Any] = [
            there / "postgres",
            "-D",
            folder / "data",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            folder,
            *(part for setting in settings for part in ("-c", setting)),
        ]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(run, cwd=folder, stdout=log, stderr=log, **other)
        try:
            url = f"postgresql://coach@127.0.0.1:{port}"
            _wait(server, there / "psql", f"{url}/postgres", "CREATE DATABASE coach")
            yield Cluster(f"{url}/coach", folder, there)
        finally:
            server.send_signal(3)  # SIGQUIT: stop at once, nothing here is worth keeping
            server.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], psql: Path, url: str, statement: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError("PostgreSQL stopped while starting")
        done = subprocess.run([str(psql), "-q", "-d", url, "-c", statement], capture_output=True, check=False)
        if done.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start")


def _somebody_else(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: give the folder to another user and be them."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    other = names.get("postgres") or names["nobody"]
    os.chown(folder, other.pw_uid, other.pw_gid)
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
