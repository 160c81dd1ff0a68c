"""The store: what must outlive the process.

Everything here blocks, and may be called from any thread: writes wait for each other, reads do not.

Be a decision: you are written as one line at the end of the record, linked to the line before (see
``chain``), your key beside you so that you are never written twice, and, if you let a post go out,
the post itself in the outbox, all in one transaction: after a crash all of it is there or nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

import msgspec
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from rtm.clock import WallClock
from rtm.decisions import (
    Forgotten,
    Labelled,
    Leaked,
    Noted,
    Outcome,
    Recalled,
    Record,
    Said,
    record_of,
)
from rtm.errors import StoreError, TooLate
from rtm.orders import House, Stopped
from rtm.store.archive import Archive
from rtm.store.chain import Entry, append, head_of
from rtm.store.database import Database, database_of
from rtm.store.files import holder_of, lock_of
from rtm.store.heads import Heads
from rtm.store.people import People
from rtm.store.pictures import Pictures
from rtm.store.secrets import Secrets
from rtm.store.sendings import Sendings, in_time, move_on, settle, wake_cut_off
from rtm.store.snapshots import Snapshots
from rtm.store.tables import events, keys, outbox
from rtm.types import StoryEvent

ARCHIVE = "archive"  # folders inside the store's own
SNAPSHOTS = "snapshots"
PICTURES = "pictures"
PAGE = 1_000  # records read at once


class Store:
    """The record, people, the outbox, the archive and snapshots in one folder of one rtm."""

    def __init__(
        self, database: Database, folder: Path, lock: TextIO, now: Callable[[], datetime]
    ) -> None:
        self._database, self._lock = database, lock
        self.people = People(database, now)
        self.secrets = Secrets(database, now)
        self.sendings = Sendings(database)
        self.archive = Archive(folder / ARCHIVE)
        self.snapshots = Snapshots(folder / SNAPSHOTS, before=self._before_snapshot)
        self.pictures = Pictures(folder / PICTURES)
        self._heads = Heads(folder, now)
        if not self.archive.position and (kept := self.snapshots.latest()):
            self.archive.go_on_after(kept.position)  # somebody moved the archive away

    @classmethod
    def open(
        cls, folder: Path, *, url: str | None = None, now: Callable[[], datetime] | None = None
    ) -> "Store":
        """Open the store in a folder, made if need be; ``url`` names another database than its own.

        Raises
        ------
        StoreError
            When another rtm has it, it is damaged, made by a newer rtm, or cannot be written.
        """
        lock = lock_of(folder)
        if lock is None:
            remedy = "stop that one, or name another folder"
            raise StoreError(f"{folder}: another rtm has it{holder_of(folder)}; {remedy}")
        database: Database | None = None
        try:
            database = database_of(folder, url)
            database.upgrade()
            with database.writing() as connection:
                wake_cut_off(connection)
            return cls(database, folder, lock, now or WallClock().now)
        except BaseException:
            if database is not None:
                database.close()
            lock.close()
            raise

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield all that was kept, in order, each with its place; also what is kept meanwhile."""
        for seq, line in self._all(0):
            yield seq, _read(seq, line, self._database.place)

    def told(self) -> int:
        """Return how many of the engine's own events are kept."""
        with self._database.reading() as connection:
            return _told(connection)

    def keep(self, records: Sequence[Record], *, first: int | None = None) -> list[Record]:
        """Keep records together; return those that were not kept already.

        Parameters
        ----------
        first
            For the engine's events: the number, from 0, of ``records[0]`` among all it ever told.
            Those with a number that is kept are skipped, so a restarted engine may tell again.
        """
        with self._database.writing() as connection:
            if first is None:
                numbered: list[tuple[int | None, Record]] = [(None, record) for record in records]
            else:
                known = _told(connection)
                if first > known:
                    raise StoreError(f"events {known} to {first - 1} were never kept")
                numbered = [
                    (number, record)
                    for number, record in enumerate(records, first)
                    if number >= known
                ]
            if numbered:
                append(connection, [_entry(record, number) for number, record in numbered])
        return [record for _, record in numbered]

    def knows(self, key: str) -> bool:
        """Tell whether a decision was kept under a key."""
        with self._database.reading() as connection:
            return (
                connection.execute(select(keys.c.seq).where(keys.c.key == key)).first() is not None
            )

    def about(self, key: str) -> str | None:
        """Return what was decided about under a key: an opportunity's id; None for a new key."""
        query = select(events.c.about).join(keys, keys.c.seq == events.c.seq)
        with self._database.reading() as connection:
            row = connection.execute(query.where(keys.c.key == key)).first()
        return None if row is None else str(row.about)

    def decide(self, *records: Said, key: str) -> bool:
        """Keep what a person decided, together, under one key.

        Posts that it fires are queued, recalled ones are not sent, and what a person says became of
        a post is settled. Of several that are recalled, those that have left are passed over.
        Returns False, and keeps nothing, when the key is known.

        Raises
        ------
        TooLate
            When the same post was fired before, or another that the network did not refuse; when
            one that is recalled has left, or one that is settled was settled before.
        """
        try:
            with self._database.writing() as connection:
                if _is_known(connection, key):
                    return False
                kept = in_time(connection, records)
                seq = append(connection, [_entry(record) for record in kept])
                connection.execute(insert(keys).values(key=key, seq=seq, at=kept[0].at))
                for record in kept:
                    move_on(connection, record)
        except IntegrityError as error:
            raise TooLate(
                f"{_about(records[0])}: was fired before and not refused; look in the outbox"
            ) from error
        return True

    def stop(self, record: Stopped, *, key: str) -> list[Recalled] | None:
        """Keep that a person stopped everything, and take back all that has not left.

        Returns what was taken back; None, and keeps nothing, when the key is known.
        """
        with self._database.writing() as connection:
            if _is_known(connection, key):
                return None
            waiting = connection.execute(
                select(outbox.c.opportunity, outbox.c.channel, outbox.c.account, outbox.c.key)
                .where(outbox.c.state == "queued")
                .order_by(outbox.c.id)
            ).all()
            recalled = [
                Recalled(
                    at=record.at,
                    opportunity=row.opportunity,
                    who=record.who,
                    channel=row.channel,
                    account=row.account,
                    key=row.key,
                    reason=f"everything was stopped: {record.reason}",
                )
                for row in waiting
            ]
            seq = append(connection, [_entry(record), *map(_entry, recalled)])
            connection.execute(insert(keys).values(key=key, seq=seq, at=record.at))
            for one in recalled:
                move_on(connection, one)
        return recalled

    def settle(self, sending_id: int, outcome: Outcome) -> bool:
        """Keep what the network said of a sending, and move it on.

        Returns False, and keeps nothing, when there is no such sending, the outcome is of another,
        or somebody settled it before.
        """
        with self._database.writing() as connection:
            if not settle(connection, outcome, outbox.c.id == sending_id):
                return False
            append(connection, [_entry(outcome)])
        return True

    def since(self, seq: int) -> list[tuple[int, Record]]:
        """Return what was kept after a place in the record, by whatever process, oldest first."""
        return [(place, _read(place, line, self._database.place)) for place, line in self._all(seq)]

    def close(self) -> None:
        """Note the head of the record and let go of everything; nothing is lost without it."""
        try:
            self._note_head()
        finally:
            self.archive.close()
            self._database.close()
            self._lock.close()

    def _before_snapshot(self) -> None:
        self.archive.sync()
        if self._heads.is_due():
            self._note_head()

    def _note_head(self) -> None:
        with self._database.reading() as connection:
            head = head_of(connection)
        self._heads.note(head)

    def _all(self, seq: int) -> Iterator[tuple[int, str]]:
        while page := self._page(seq):
            yield from page
            seq = page[-1][0]

    def _page(self, after: int) -> list[tuple[int, str]]:
        query = (
            select(events.c.seq, events.c.line)
            .where(events.c.seq > after)
            .order_by(events.c.seq)
            .limit(PAGE)
        )
        with self._database.reading() as connection:
            return [(row.seq, row.line) for row in connection.execute(query)]


def _read(seq: int, line: str, place: str) -> Record:
    try:
        return record_of(line)
    except msgspec.DecodeError as error:
        what = f"record {seq} cannot be read ({error})"
        raise StoreError(f"{place}: {what}; update rtm") from error


def _told(connection: Connection) -> int:
    newest = connection.execute(select(func.max(events.c.told))).scalar_one()
    return 0 if newest is None else int(newest) + 1


def _is_known(connection: Connection, key: str) -> bool:
    return connection.execute(select(keys.c.seq).where(keys.c.key == key)).first() is not None


def _entry(record: Record, told: int | None = None) -> Entry:
    return Entry(
        at=record.at,
        kind=str(record.__struct_config__.tag),
        about=_about(record),
        line=msgspec.json.encode(record).decode(),
        told=told,
    )


def _about(record: Record) -> str:
    match record:
        case Labelled() | Leaked():
            return record.post
        case Forgotten() | Noted():
            return ""
    if isinstance(record, House):
        return ""
    if isinstance(record, StoryEvent):
        return record.story.id
    about = record.opportunity
    return about if isinstance(about, str) else about.id
