"""The record of a folder, read only, also while a board is running on it."""

from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec
from sqlalchemy import bindparam, text

from rtm.decisions import Record, record_of
from rtm.errors import StoreError
from rtm.store.database import reader_of

PAGE = 1_000  # rows held at once
STORIES = ("story_opened", "story_grew", "story_closed", "story_merged", "story_split")
"""Kinds of which there are most: how stories went, not what was made of them."""


def records_in(
    folder: Path, *, without: Collection[str] = (), url: str | None = None
) -> Iterator[Record]:
    """Yield what was kept in a folder, in order, but for the kinds ``without``.

    Raises
    ------
    StoreError
        When there is no record, or it cannot be read.
    """
    query = text("SELECT seq, line FROM events WHERE kind NOT IN :without ORDER BY seq")
    query = query.bindparams(bindparam("without", expanding=True))
    with reader_of(folder, url) as database, database.reading() as connection:
        rows = connection.execute(
            query, {"without": list(without)}, execution_options={"yield_per": PAGE}
        )
        for seq, line in rows:
            try:
                yield record_of(line)
            except (msgspec.DecodeError, UnicodeEncodeError) as error:
                what = f"record {seq} cannot be read ({error})"
                remedy = "rtm audit verify tells whether it was changed; else update rtm"
                raise StoreError(f"{database.place}: {what}; {remedy}") from error
