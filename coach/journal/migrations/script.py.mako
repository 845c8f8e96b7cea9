"""${message}."""

import sqlalchemy as sa
from alembic import op

from coach.errors import StorageTrouble
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up from ${repr(down_revision)}."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Refuse: what a revision brought cannot be taken away without loss."""
    raise StorageTrouble("The journal cannot go back to an older form. Put back a copy from before.")
