"""Fixtures that every test may ask for. Each is defined beside what it serves."""

from postgres import _postgres_current, _sqlite_current, database_url, empty_url, postgres_server, sqlite_url
from serving import client
from talks import library, prompts, talk

__all__ = [
    "_postgres_current",
    "_sqlite_current",
    "client",
    "database_url",
    "empty_url",
    "library",
    "postgres_server",
    "prompts",
    "sqlite_url",
    "talk",
]
