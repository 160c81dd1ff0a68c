"""A whole record, and copies of it that somebody tampered with."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from rtm.store.audit import Break, verify
from rtm.store.chain import NOTHING, Sealed, link_of
from rtm.store.database import FILE, MIGRATIONS, Database
from rtm.store.heads import HEADS
from rtm.store.store import Store
from tests.store.records import AT, claimed, fired, opened, sent

ROWS = 9
COLUMNS = ("seq", "at", "kind", "about", "line", "told", "link")
TEXTS = ("kind", "about", "line", "link")

rows_of = st.integers(1, ROWS)
quickly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Tamper = Callable[[sqlite3.Connection], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store of nine rows, closed."""
    folder = tmp_path_factory.mktemp("whole")
    store = Store.open(folder, now=lambda: AT)
    store.keep([opened(number) for number in range(5)], first=0)
    store.decide(claimed(), key="a")
    store.decide(fired(), key="b")
    (sending,) = store.sendings.due(AT)
    store.settle(sending.id, sent())
    store.keep([opened(5)], first=5)
    store.close()
    return folder


@pytest.fixture
def tampered(whole: Path, tmp_path: Path) -> Callable[[Tamper], Path]:
    """Return a function that gives a copy of the folder after somebody wrote to its database."""

    def copy(tamper: Tamper) -> Path:
        for name in (FILE, HEADS):
            shutil.copy(whole / name, tmp_path / name)
        connection = sqlite3.connect(tmp_path / FILE)
        connection.text_factory = bytes
        with connection:
            tamper(connection)
        connection.close()
        return tmp_path

    return copy


def broken(folder: Path) -> Break | None:
    return verify(folder).broken


def head(folder: Path) -> bytes:
    return verify(folder).head.link


def row_of(connection: sqlite3.Connection, seq: int) -> list[object]:
    query = f"SELECT {', '.join(COLUMNS)} FROM events WHERE seq = ?"
    return list(connection.execute(query, [seq]).fetchone())


def put(connection: sqlite3.Connection, seq: int, row: list[object]) -> None:
    places = ["?", "?", *["CAST(? AS TEXT)"] * 3, "?", "?"]
    connection.execute(f"INSERT INTO events VALUES ({', '.join(places)})", [seq, *row[1:]])


def take(connection: sqlite3.Connection, seq: int) -> list[object]:
    row = row_of(connection, seq)
    connection.execute("DELETE FROM events WHERE seq = ?", [seq])
    return row


def swap(connection: sqlite3.Connection, one: int, other: int) -> None:
    first, second = take(connection, one), take(connection, other)
    put(connection, one, second)
    put(connection, other, first)


def rebuild(connection: sqlite3.Connection) -> None:
    before = NOTHING
    for seq in range(1, ROWS + 1):
        _, at, *texts, told, _ = row_of(connection, seq)
        kind, about, line = (bytes(text).decode() for text in texts)  # type: ignore[call-overload]
        before = link_of(before, Sealed(seq, at, kind, about, line, told))  # type: ignore[arg-type]
        connection.execute("UPDATE events SET link = ? WHERE seq = ?", [before, seq])


def old(folder: Path, rows: int) -> None:
    """Make a database as the first version did."""
    database = Database(f"sqlite:///{folder / FILE}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for number in range(rows):
            connection.exec_driver_sql(
                "INSERT INTO events (at, kind, about, line) VALUES (?, 'noted', '', ?)",
                (number, '{"event":"noted","at":"2013-02-04T01:46:30Z","note":"ünïcode"}'),
            )
    database.close()
