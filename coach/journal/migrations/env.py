"""Alembic runs this for every command. The connection is handed over; its transaction is the caller's.

Safe under a running event loop: the caller is inside ``AsyncConnection.run_sync``, and nothing is opened here.
"""

from alembic import context

from coach.journal.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite changes a table by copying it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
