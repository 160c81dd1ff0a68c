"""All that leaves with a text: pictures, a thread, a poll."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Give the outbox room for it."""
    op.add_column("outbox", sa.Column("message", sa.Text(), nullable=True))
