"""A coach with members that runs: its workers, the first member's link, a browser each. Knows processes and HTTP."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from evals.clusters import Cluster
from evals.coached import environment
from evals.served import free_port, waited

PAGE = {"Accept": "text/html"}
_LINK = re.compile(r"/join/[\w-]+")


def first_link(folder: Path, **variables: str) -> str:
    """Return the path with which the first admin joins, as ``coach members first`` prints it."""
    return _path(command(folder, "first", **variables))


def command(folder: Path, *given: str, **variables: str) -> str:
    """Run a command of ``coach members`` on a data folder; return what it printed."""
    surroundings: Mapping[str, str] = {**environment(folder, "none"), "COACH_MEMBERS": "1", **variables}
    run = [sys.executable, "-m", "coach", "members", *given]
    return subprocess.run(run, env=dict(surroundings), capture_output=True, text=True, check=True).stdout


class Workers:
    """Workers on one database, each with a data folder of its own; the pepper is the same file. None is started yet."""

    def __init__(self, folder: Path, database: Cluster, many: int = 2, **variables: str) -> None:
        self.folder, self.ports = folder, [free_port() for _ in range(many)]
        self.processes: list[subprocess.Popen[bytes] | None] = [None] * many
        self._shared = {
            "COACH_MEMBERS": "1",
            "COACH_DATABASE_URL": database.url,
            "COACH_PEPPER_FILE": str(folder / "pepper"),
            **variables,
        }

    def variables(self, n: int) -> dict[str, str]:
        """Return the environment of a worker."""
        own = environment(self.folder / f"worker-{n}", "none")
        return {**own, **self._shared, "COACH_PORT": str(self.ports[n])}

    def launch(self, n: int) -> subprocess.Popen[bytes]:
        """Start a worker and return it at once."""
        with (self.folder / f"said-{n}").open("ab") as said:
            command = [sys.executable, "-m", "coach", "serve"]
            process = subprocess.Popen(command, env=self.variables(n), stdout=said, stderr=said)
        self.processes[n] = process
        return process

    def start(self, n: int) -> None:
        """Start a worker and wait until it is ready."""
        waited(self.launch(n), self.address(n))

    def kill(self, n: int) -> None:
        """End a worker as a power cut would."""
        self._end(n, "kill")

    def stop(self, n: int | None = None) -> None:
        """End one as an upgrade would, or all."""
        for each in range(len(self.processes)) if n is None else (n,):
            self._end(each, "terminate")

    def _end(self, n: int, how: str) -> None:
        process, self.processes[n] = self.processes[n], None
        if process is not None:
            getattr(process, how)()
            process.wait(60)

    def address(self, n: int) -> str:
        """Return where a worker is."""
        return f"http://127.0.0.1:{self.ports[n]}"

    def command(self, *given: str) -> str:
        """Run a command of ``coach members`` and return what it printed."""
        run = [sys.executable, "-m", "coach", "members", *given]
        return subprocess.run(run, env=self.variables(0), capture_output=True, text=True, check=True).stdout

    def first_link(self) -> str:
        """Return the path with which the first admin joins."""
        return _path(self.command("first"))


class Visitor:
    """A member's browser. ``client`` asks the API as that browser's pages do."""

    def __init__(self, url: str, **options: object) -> None:
        self.client = httpx.Client(base_url=url, headers={"Origin": url}, timeout=60, **options)  # type: ignore[arg-type]

    @property
    def cookie(self) -> str:
        """The session's token."""
        return next(each.value or "" for each in self.client.cookies.jar if each.name.endswith("coach"))

    def send(self, path: str, **data: str) -> httpx.Response:
        """Send a form as a page does."""
        return self.client.post(path, data=data, headers=PAGE)

    def join(self, link: str, login: str, password: str) -> None:
        """Join by a link. Raises RuntimeError where it lets nobody in."""
        if self.send(link, login=login, password=password, again=password).status_code != 303:
            raise RuntimeError(f"{login} could not join")

    def invite(self) -> str:
        """Return the path with which somebody else joins; for an admin."""
        return _path(self.send("/members", role="member").text)


def _path(text: str) -> str:
    found = _LINK.search(text)
    if found is None:
        raise RuntimeError("there is no link to join by")
    return found[0]
