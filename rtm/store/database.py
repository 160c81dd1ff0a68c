"""The database beneath the tables: open it, bring it up to date, read it, write to it.

Safe to be used from several threads: each takes a connection of its own from the pool, and one
lock lets one of them write at a time.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)

from rtm.errors import StoreError
from rtm.store.files import lock_of

FILE = "rtm.db"
BUSY_MS = 5_000  # how long to wait for another program that reads or writes the same file
MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Give connections; turn the database's complaints into StoreError."""

    def __init__(self, url: str | URL) -> None:
        try:
            self._url = make_url(url)
            self.engine = _engine(url)
            self._writer = self.engine.execution_options(**{_WRITES: True})
        except ImportError as error:
            raise StoreError(f"database address: {error}; install its driver") from error
        except ArgumentError as error:
            raise StoreError(
                f"database address: {error}; write sqlite:/// or postgresql+..."
            ) from error
        self.place = str(self._url.database or self._url.render_as_string(hide_password=True))
        self._write = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database."""
        with self._complaining(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose writes are kept together, or not at all."""
        with self._write, self._complaining(), self._writer.begin() as connection:
            yield connection

    def upgrade(self) -> None:
        """Look whether the file is whole, and bring the tables up to date.

        Raises
        ------
        StoreError
            When it is damaged, or was made by a newer rtm.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        try:
            with self.writing() as connection:
                self._check(connection)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            remedy = "update rtm, or start it with another folder"
            raise StoreError(f"{self.place}: made by a newer rtm ({error}); {remedy}") from error

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def _check(self, connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            said = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
            if said != "ok":
                raise StoreError(f"{self.place}: damaged ({said}); {_REMEDY}")

    @contextmanager
    def _complaining(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise  # what stands in the way is for the caller to say; or it is a mistake of ours
        except DBAPIError as error:
            is_damaged = type(error.orig) is sqlite3.DatabaseError
            what = "damaged or no database" if is_damaged else "cannot be read or written"
            remedy = _REMEDY if is_damaged else "look at its disk, its rights and its server"
            raise StoreError(f"{self.place}: {what} ({error.orig}); {remedy}") from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self.place}: {error}") from error


_WRITES = "rtm_writes"
_REMEDY = "put a copy of it back, or move it aside to begin anew"


def database_of(folder: Path, url: str | None) -> Database:
    """Return the database of a folder: its own SQLite file, or the one that ``url`` names."""
    return Database(url or URL.create("sqlite", database=str(folder / FILE)))


@contextmanager
def beside(folder: Path, url: str | None = None) -> Iterator[Database]:
    """Give the database of a folder, brought up to date, also while an rtm has it open."""
    lock = lock_of(folder)
    database = database_of(folder, url)
    try:
        if lock is not None:  # else whoever has it has brought it up to date
            database.upgrade()
        yield database
    finally:
        database.close()
        if lock is not None:
            lock.close()


@contextmanager
def reader_of(folder: Path, url: str | None = None) -> Iterator[Database]:
    """Give the database of a folder to be read only, also while an rtm has it, of any version.

    Raises
    ------
    StoreError
        When there is none. What is in it may be wrong: text that is no UTF-8 comes with surrogates.
    """
    path = folder / FILE
    if url is None and not path.is_file():
        remedy = "name the folder that rtm live was given as --data"
        raise StoreError(f"{folder}: no {FILE} in it; {remedy}")
    file, query = f"file:{quote(str(path.absolute()))}", {"mode": "ro", "uri": "true"}
    database = Database(url or URL.create("sqlite", database=file, query=query))
    if url is None:
        database.place = str(path)
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", _take_any_text)
    try:
        yield database
    finally:
        database.close()


def _engine(url: str | URL) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, so that reads have one state too
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what was decided survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _take_any_text(connection: Any, _record: object) -> None:
    connection.text_factory = lambda text: text.decode(errors="surrogateescape")


def _begin_sqlite(connection: Connection) -> None:
    # a writer that has read before must not find that another program wrote meanwhile
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
