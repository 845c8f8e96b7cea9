"""Members of a coach that runs: the link of the first one, and a browser each. Knows processes, pages and HTTP."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from evals.coached import environment

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
        return _path(self.send("/members/invite", role="member").text)


def _path(text: str) -> str:
    found = _LINK.search(text)
    if found is None:
        raise RuntimeError("there is no link to join by")
    return found[0]
