"""The journal: what a user keeps, encrypted, in SQLite or PostgreSQL.

Serves ``ports.Journal``. Knows SQLAlchemy, Alembic and ``cryptography``; must not know coaching, the web or the clock.

::

    store        SqlJournal: the methods of the port, one transaction each
    desk         a user's work in one transaction, again when another change came first
    transaction  one user's open transaction: find, add, change, keep
    schema       what the database sees: ids, times, foreign keys, and sealed payloads
    payloads     nouns ⇄ JSON, the inside of a payload
    earlier      turns as earlier versions wrote them
    keys         sealing (AES-256-GCM) and the file that holds the keys
    echo_rows    what requests were answered with, by the key they came with
    counts       how often a user has erased something: what began before writes nothing after
    erasure      forgetting a person, a conversation, a moment;  ``traces`` takes out what names them elsewhere
    departures   erasing all of a user, and finishing what was cut short
    exports      everything of a user as JSON-ready data;  ``imports`` takes it back, whole or not at all
    database     the engine: settings of SQLite and PostgreSQL
    trouble      vendors' errors → the coach's, in one table
    migrations/  the schema and its history (Alembic)
"""

from coach.journal.store import SqlJournal

__all__ = ["SqlJournal"]
