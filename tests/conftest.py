"""Fixtures that every test may ask for. Each is defined beside what it serves."""

import pytest

from chromium import DRIVEN, chromium
from llama import llama
from postgres import _postgres_current, _sqlite_current, database_url, empty_url, postgres_server, sqlite_url
from scripted_server import scripted
from serving import client
from talks import library, prompts, talk

__all__ = [
    "_postgres_current",
    "_sqlite_current",
    "chromium",
    "client",
    "database_url",
    "empty_url",
    "library",
    "llama",
    "postgres_server",
    "prompts",
    "scripted",
    "sqlite_url",
    "talk",
]


_LONG = ("browser", "test_llama_turns", "test_wheel", "test_cli", "test_app", "test_what_leaves", "test_injections")
"""Files that take long: they go first, so that no worker is left with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files."""
    items.sort(key=lambda item: next((n for n, name in enumerate(_LONG) if name in item.nodeid), len(_LONG)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Close Chromium once no browser test is left."""
    if item.get_closest_marker("browser") is None:
        DRIVEN.close()


def pytest_sessionfinish() -> None:
    """Close Chromium when browser tests came last."""
    DRIVEN.close()
