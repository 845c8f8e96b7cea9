"""Fixtures that every test may ask for. Each is defined beside what it serves."""

from postgres import _postgres_template, _sqlite_template, database_url, empty_url, postgres_server, sqlite_url

__all__ = ["_postgres_template", "_sqlite_template", "database_url", "empty_url", "postgres_server", "sqlite_url"]
