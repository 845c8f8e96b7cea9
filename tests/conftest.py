"""Fixtures that every test may ask for. Each is defined beside what it serves."""

import pytest

from llama import llama
from postgres import _postgres_current, _sqlite_current, database_url, empty_url, postgres_server, sqlite_url
from scripted_server import scripted
from serving import client
from talks import library, prompts, talk

__all__ = [
    "_postgres_current",
    "_sqlite_current",
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that need the llama.cpp server share one."""
    for item in items:
        if "llama" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("llama"))
