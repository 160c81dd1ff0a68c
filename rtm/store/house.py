"""The house's part of the record, for a program beside the board: read it, and add to it.

Be a decision that is made on the command line: what holds is read from the record, you follow from
it, and you are linked to its end, all in one transaction; a board that is running reads you there.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import get_args

import msgspec
from sqlalchemy import Connection, select

from rtm.clock import WallClock
from rtm.desk.newsroom import Newsroom
from rtm.errors import StoreError
from rtm.orders import House
from rtm.store.chain import Entry, append
from rtm.store.database import Database, beside, reader_of
from rtm.store.people import People
from rtm.store.tables import events

KINDS = tuple(str(kind.__struct_config__.tag) for kind in get_args(House))

Decide = Callable[[Newsroom, datetime], Sequence[House]]


class HouseRecord:
    """What was decided about the house, and who may log in to it."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now
        self.people = People(database, now)

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self._now()

    def records(self) -> list[House]:
        """Return all that was decided about the house, in order."""
        with self._database.reading() as connection:
            return list(_records(connection))

    def newsroom(self) -> Newsroom:
        """Return what holds now."""
        with self._database.reading() as connection:
            return _newsroom(connection)

    def keep(self, decide: Decide) -> Sequence[House]:
        """Keep what ``decide`` makes of what holds and of the moment; return it.

        Nobody else writes meanwhile. What ``decide`` raises is raised, and nothing is kept.
        """
        with self._database.writing() as connection:
            made = decide(_newsroom(connection), self._now())
            if made:
                append(connection, [entry_of(record) for record in made])
        return made


@contextmanager
def house_of(
    folder: Path, *, url: str | None = None, now: Callable[[], datetime] | None = None
) -> Iterator[HouseRecord]:
    """Give the house of a store, also while an rtm has it open."""
    with beside(folder, url) as database:
        yield HouseRecord(database, now or WallClock().now)


@contextmanager
def house_seen(
    folder: Path, *, url: str | None = None, now: Callable[[], datetime] | None = None
) -> Iterator[HouseRecord]:
    """Give the house of a store that is there, to be read only.

    Raises
    ------
    StoreError
        When there is none.
    """
    with reader_of(folder, url) as database:
        yield HouseRecord(database, now or WallClock().now)


def entry_of(record: House) -> Entry:
    """Return the row of a record that is about no opportunity."""
    kind, line = str(record.__struct_config__.tag), msgspec.json.encode(record).decode()
    return Entry(at=record.at, kind=kind, about="", line=line)


def _newsroom(connection: Connection) -> Newsroom:
    newsroom = Newsroom()
    for record in _records(connection):
        newsroom.tell(record)
    return newsroom


def _records(connection: Connection) -> Iterator[House]:
    query = select(events.c.seq, events.c.line).where(events.c.kind.in_(KINDS))
    for row in connection.execute(query.order_by(events.c.seq)):
        try:
            record: House = msgspec.json.decode(row.line, type=House)
        except msgspec.DecodeError as error:
            raise StoreError(f"record {row.seq} cannot be read ({error}); update rtm") from error
        yield record
