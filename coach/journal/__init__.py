"""The journal: what a user keeps, encrypted, in SQLite or PostgreSQL.

Serves ``ports.Journal``. Knows SQLAlchemy, Alembic and ``cryptography``; must not know coaching, the web or the clock.
"""

from coach.journal.store import SqlJournal

__all__ = ["SqlJournal"]
