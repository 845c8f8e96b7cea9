"""What every test may ask for, and the order of the files. Each fixture is defined beside what it serves."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("deep", deadline=None, max_examples=300)  # a busy machine makes no test wrong
settings.register_profile("sample", settings.get_profile("deep"), max_examples=40)

_FIXTURES = ("browsers", "llama", "postgres", "scripted_server", "serving", "talks")
"""The modules of the fixtures."""
pytest.register_assert_rewrite(*_FIXTURES)

_LONG = (
    "browser",
    "test_api_fuzz",
    "test_nothing_is_logged",
    "test_exam",
    "test_sessions.py",
    "test_cli",
    "test_answering",
    "test_migrations",
    "test_moves",
    "test_journal.py",
    "test_library",
    "test_members.py",
    "test_checks",
    "test_wheel",
    "test_llama_server",
    "test_harm_talks",
    "test_drafting",
    "test_practice",
    "test_what_leaves",
    "test_injections",
)
"""Files that take long: they go first, so that no worker is left with one at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Some tests take longer, or have more cases, than a quick run has time for."""
    parser.addoption(
        "--sample", action="store_true", help="leave out tests marked slow, and most cases of those marked sampled"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures where tests run. xdist's controller runs none, and its workers wait for it to be ready."""
    settings.load_profile("sample" if config.getoption("sample") else "deep")
    _in_memory()
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        gc.disable()  # until all is imported, nothing is garbage
        for name in _FIXTURES:
            config.pluginmanager.import_plugin(name)
        from engines import compile_once

        compile_once()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out by file, those with a browser among all workers but one."""
    if config.getvalue("dist") != "loadfile":
        return None
    from workers import Sharing

    return Sharing(config, log)


def _in_memory() -> None:
    """Keep the tests' folders in memory where there is room: a journal waits for the disk at every commit."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_finish() -> None:
    """What is there once all is imported stays; the collector need not look through it again and again."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure() -> None:
    """Look once for what nobody holds any more: pytest does it five times now, each over all that the tests left."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not in the sample; begin with the long files."""
    if config.getoption("sample"):
        left_out = [item for item in items if not _sampled(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _sampled(item)]
    items.sort(key=lambda item: next((n for n, name in enumerate(_LONG) if name in _file(item)), len(_LONG)))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _sampled(item: pytest.Item) -> bool:
    if item.get_closest_marker("slow"):
        return False
    mark = item.get_closest_marker("sampled")
    return mark is None or all(n % mark.args[0] == 0 for n in item.callspec.indices.values())  # type: ignore[attr-defined]
