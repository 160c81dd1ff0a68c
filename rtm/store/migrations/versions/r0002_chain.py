"""The chain: each row of the record has a link to the one before."""

import sqlalchemy as sa
from alembic import op

from rtm.store.chain import NOTHING, Sealed, link_of

revision = "0002"
down_revision = "0001"

PAGE = 1_000  # rows read at once


def upgrade() -> None:
    """Link what is there, each row marked by its link as linked late."""
    op.add_column("events", sa.Column("link", sa.LargeBinary(), nullable=True))
    connection, seq, link = op.get_bind(), 0, NOTHING
    page = sa.text(
        "SELECT seq, at, kind, about, line, told FROM events WHERE seq > :seq "
        f"ORDER BY seq LIMIT {PAGE}"
    )
    write = sa.text("UPDATE events SET link = :link WHERE seq = :seq")
    while rows := [Sealed(*row) for row in connection.execute(page, {"seq": seq})]:
        links = []
        for row in rows:
            seq, link = row.seq, link_of(link, row, is_late=True)
            links.append({"seq": seq, "link": link})
        connection.execute(write, links)
