"""Which of xdist's workers runs which tests: a file goes to one as a whole, the browser tests to all workers but one.

A browser test waits for Chromium a good part of its time; a worker that has none of them uses what is left of the
processors meanwhile, and a Chromium fewer is started.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling


class Sharing(LoadFileScheduling):
    """Files as they come, but those of the browser tests in as many shares as there are workers but one."""

    def __init__(self, config: Any, log: Any) -> None:
        super().__init__(config, log)
        self._browser: dict[str, int] = {}

    def _split_scope(self, nodeid: str) -> str:
        """Return what goes to one worker as a whole: a file, or a share of the browser tests."""
        file = nodeid.partition("::")[0]
        if "/browser/" not in file:
            return file
        number = self._browser.setdefault(file, len(self._browser))
        return f"browser {number % max(1, self.numnodes - 1)}"
