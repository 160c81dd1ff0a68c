import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from rtm.errors import StoreError
from rtm.store import store as stores
from rtm.store.audit import Break, verify
from rtm.store.chain import NOTHING, Head, Sealed, link_of
from rtm.store.database import FILE, MIGRATIONS, Database, reader_of
from rtm.store.heads import HEADS, Heads
from rtm.store.store import Store
from rtm.store.tables import events
from tests.store.records import AT, claimed, fired, opened, sent
from tests.store.test_killed import acknowledged_until_killed

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


def test_an_untouched_record_is_unbroken(whole, tampered):
    verdict = verify(tampered(lambda connection: None))

    assert (verdict.rows, verdict.late, verdict.broken) == (ROWS, 0, None)
    assert verdict.head.seq == ROWS
    assert verdict == verify(whole)


def test_an_empty_record_is_unbroken(tmp_path):
    Store.open(tmp_path).close()

    verdict = verify(tmp_path)

    assert (verdict.rows, verdict.head.link, verdict.broken) == (0, NOTHING, None)
    assert verify(tmp_path, head=NOTHING).broken is None


@quickly
@given(rows_of, st.sampled_from(TEXTS), st.integers(0, 10_000), st.integers(1, 255))
def test_any_byte_changed_is_found_in_its_row(tampered, seq, column, place, change):
    def tamper(connection: sqlite3.Connection) -> None:
        query = f"SELECT {column} FROM events WHERE seq = ?"
        content = bytearray(connection.execute(query, [seq]).fetchone()[0])
        content[place % len(content)] ^= change
        kept = "?" if column == "link" else "CAST(? AS TEXT)"
        connection.execute(
            f"UPDATE events SET {column} = {kept} WHERE seq = ?", [bytes(content), seq]
        )

    assert broken(tampered(tamper)) == Break(seq, "changed")


@quickly
@given(rows_of, st.sampled_from(["at", "told"]), st.integers(3, 62))
def test_any_bit_of_a_number_changed_is_found_in_its_row(tampered, seq, column, bit):
    def tamper(connection: sqlite3.Connection) -> None:
        value = row_of(connection, seq)[COLUMNS.index(column)]
        changed = value ^ 1 << bit if isinstance(value, int) else 1_000 + bit
        connection.execute(f"UPDATE events SET {column} = ? WHERE seq = ?", [changed, seq])

    assert broken(tampered(tamper)) == Break(seq, "changed")


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "noon"), ("at", 1.5), ("line", b"\xff"), ("link", "text"), ("link", 7), ("link", None)],
)
def test_a_value_of_another_type_is_found_in_its_row(tampered, column, value):
    folder = tampered(
        lambda connection: (
            connection.execute(f"UPDATE events SET {column} = ? WHERE seq = 4", [value]) and None
        )
    )

    found = broken(folder)

    assert found is not None
    assert (found.seq, found.what) == (4, "not chained" if column == "link" else "changed")


@quickly
@given(st.integers(1, ROWS - 1))
def test_a_row_taken_out_is_missing_before_the_next(tampered, seq):
    folder = tampered(lambda connection: take(connection, seq) and None)

    assert broken(folder) == Break(seq + 1, "missing before")


@quickly
@given(st.integers(1, ROWS - 1))
def test_a_row_taken_out_and_the_rest_renumbered_is_found_where_it_was(tampered, seq):
    def tamper(connection: sqlite3.Connection) -> None:
        take(connection, seq)
        for later in range(seq + 1, ROWS + 1):
            put(connection, later - 1, take(connection, later))

    assert broken(tampered(tamper)) == Break(seq, "changed")


@quickly
@given(st.lists(rows_of, min_size=2, max_size=2, unique=True), st.booleans())
def test_two_rows_that_changed_places_are_found_at_the_first(tampered, places, with_links):
    def tamper(connection: sqlite3.Connection) -> None:
        links = [row_of(connection, seq)[-1] for seq in places]
        swap(connection, *places)
        if not with_links:
            for seq, link in zip(places, links, strict=True):
                connection.execute("UPDATE events SET link = ? WHERE seq = ?", [link, seq])

    assert broken(tampered(tamper)) == Break(min(places), "out of order")


@quickly
@given(rows_of, rows_of)
def test_a_row_put_in_is_found_where_it_stands(tampered, seq, like):
    def tamper(connection: sqlite3.Connection) -> None:
        forged = row_of(connection, like)
        for later in range(ROWS, seq - 1, -1):
            put(connection, later + 1, take(connection, later))
        put(connection, seq, [*forged[:4], b'{"event":"forged"}', None, os.urandom(32)])

    assert broken(tampered(tamper)) == Break(seq, "put in")


@pytest.mark.parametrize("seq", [-(2**63), -1, 0])
def test_a_row_put_in_before_the_first_is_found(tampered, seq):
    def tamper(connection: sqlite3.Connection) -> None:
        put(connection, seq, [*row_of(connection, 6)[:6], os.urandom(32)])

    assert broken(tampered(tamper)) == Break(seq, "put in")


def test_a_row_put_in_behind_the_last_is_found(tampered):
    def tamper(connection: sqlite3.Connection) -> None:
        put(connection, ROWS + 1, row_of(connection, 6))

    assert broken(tampered(tamper)) == Break(ROWS + 1, "changed")


@quickly
@given(st.integers(1, ROWS))
def test_newest_rows_cut_off_are_missed_by_the_head_noted_beside(tampered, cut):
    folder = tampered(
        lambda connection: (
            connection.execute("DELETE FROM events WHERE seq > ?", [ROWS - cut]) and None
        )
    )

    found = broken(folder)

    assert found is not None
    assert (found.seq, found.what) == (ROWS - cut, "cut off")
    assert found.note == f"row {ROWS}, noted in audit.head at 2013-02-04T01:46:30Z"


def test_newest_rows_cut_off_are_missed_by_a_head_noted_elsewhere(whole, tampered):
    folder = tampered(
        lambda connection: connection.execute("DELETE FROM events WHERE seq > 7") and None
    )
    (folder / HEADS).unlink()

    assert broken(folder) is None  # nothing is left that could tell
    missed = verify(folder, head=head(whole)).broken
    assert missed == Break(7, "cut off", "the head that you noted")


def test_a_record_cut_off_that_went_on_growing_is_found_too(tampered):
    folder = tampered(
        lambda connection: (
            connection.executescript(
                "DELETE FROM events WHERE seq > 8; UPDATE sqlite_sequence SET seq = 8"
            )
            and None
        )
    )
    store = Store.open(folder, now=lambda: AT)
    store.keep([claimed(), claimed()])
    store.close()

    found = broken(folder)

    assert found is not None
    assert (found.seq, found.what) == (10, "cut off")


def test_a_chain_built_anew_is_only_told_by_a_head_noted_elsewhere(whole, tampered):
    def tamper(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE events SET line = replace(line, 'Ann', 'Bob')")
        rebuild(connection)

    folder = tampered(tamper)
    (folder / HEADS).unlink()

    assert broken(folder) is None
    missed = verify(folder, head=head(whole)).broken
    assert missed is not None
    assert missed.what == "cut off"


def test_a_head_noted_earlier_lies_in_a_record_that_grew(whole, tampered):
    folder = tampered(lambda connection: None)
    store = Store.open(folder)
    store.keep([opened(6)], first=6)
    store.close()

    assert verify(folder, head=head(whole)).broken is None
    assert head(folder) != head(whole)


def test_links_are_the_ones_that_the_description_gives():
    row = b"\x96\x02\xcd\x03\xe8\xa5noted\xa0\xa2{}\xc0"  # [2, 1000, "noted", "", "{}", null]
    before = bytes(range(32))

    link = link_of(before, Sealed(2, 1_000, "noted", "", "{}", None))

    assert link == blake2b(before + row, digest_size=32, person=b"rtm audit 1").digest()


def test_a_chain_built_anew_of_the_same_rows_is_the_same(whole, tampered):
    assert head(tampered(rebuild)) == head(whole)


def test_rows_that_were_all_renumbered_are_found_at_the_first(tampered):
    folder = tampered(
        lambda connection: connection.execute("UPDATE events SET seq = seq - 100") and None
    )

    assert broken(folder) == Break(1 - 100, "changed")


def test_a_writer_that_forgets_to_link_is_found(tmp_path, monkeypatch):
    def forgetful(connection, entries):
        row = {name: getattr(entries[0], name) for name in ("at", "kind", "about", "line")}
        connection.execute(insert(events).values(row))
        return 2

    store = Store.open(tmp_path)
    store.decide(claimed(), key="a")
    with monkeypatch.context() as patch:
        patch.setattr(stores, "append", forgetful)
        store.decide(claimed(), key="b")
    store.decide(claimed(), key="c")
    store.close()

    assert broken(tmp_path) == Break(2, "not chained")


def test_a_record_is_verified_while_it_grows(store, tmp_path):
    for turn in range(3):
        store.keep([opened(turn)], first=turn)

        assert (verify(tmp_path).rows, broken(tmp_path)) == (turn + 1, None)


def test_reading_changes_nothing(whole):
    before = (whole / FILE).read_bytes()

    verify(whole)

    assert (whole / FILE).read_bytes() == before
    with reader_of(whole) as database, pytest.raises(StoreError, match="readonly"):  # noqa: SIM117
        with database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM events")


def test_a_folder_with_odd_letters_can_be_read(tmp_path):
    folder = tmp_path / "50% off, naïve ? #1&mode=rwc"
    Store.open(folder).close()

    assert broken(folder) is None


def test_a_folder_without_a_record_is_named_and_left_alone(tmp_path):
    with pytest.raises(StoreError, match=r"no rtm\.db in it; name the folder"):
        verify(tmp_path / "none")

    assert not (tmp_path / "none").exists()


def test_heads_are_noted_once_an_hour_and_at_the_end(tmp_path):
    now = [AT]
    store = Store.open(tmp_path, now=lambda: now[0])
    for minute in range(0, 130, 5):
        now[0] = AT.replace(hour=minute // 60, minute=minute % 60)
        store.keep([opened(minute)])
        store.snapshots.write(b"engine", 0, 0)
    store.close()

    lines = (tmp_path / HEADS).read_text().splitlines()

    assert [line.split()[1] for line in lines] == ["1", "13", "25", "26"]
    assert broken(tmp_path) is None


def test_a_head_that_a_crash_cut_short_is_none(tampered):
    folder = tampered(lambda connection: None)
    with (folder / HEADS).open("a") as file:
        file.write("2013-02-04T01:46:30Z 12 abc")

    assert broken(folder) is None


def test_heads_that_cannot_be_written_are_said_so(tmp_path):
    (tmp_path / HEADS).mkdir()

    with pytest.raises(StoreError, match=r"audit\.head: cannot be written"):
        Heads(tmp_path, lambda: AT).note(Head(1, b"1" * 32))


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


def test_rows_of_an_older_rtm_are_chained_and_marked_when_it_is_updated(tmp_path):
    old(tmp_path, 2_500)
    with pytest.raises(StoreError, match="made before records were chained; start rtm live"):
        verify(tmp_path)

    store = Store.open(tmp_path)
    store.keep([opened(0)], first=0)
    store.close()

    verdict = verify(tmp_path)
    assert (verdict.rows, verdict.late, verdict.broken) == (2_501, 2_500, None)


def test_a_row_that_was_linked_late_is_watched_from_then_on(tmp_path):
    old(tmp_path, 5)
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE events SET line = '{}' WHERE seq = 3")
    connection.close()

    assert broken(tmp_path) == Break(3, "changed")


def test_a_late_link_behind_one_in_time_is_a_forgery(tampered):
    def tamper(connection: sqlite3.Connection) -> None:
        before = row_of(connection, ROWS)[-1]
        assert isinstance(before, bytes)
        forged = link_of(before, Sealed(ROWS + 1, 0, "noted", "", "{}", None), is_late=True)
        put(connection, ROWS + 1, [ROWS + 1, 0, b"noted", b"", b"{}", None, forged])

    assert broken(tampered(tamper)) == Break(ROWS + 1, "changed")


def test_the_chain_is_unbroken_after_being_killed(tmp_path):
    rng = random.Random(int(os.environ.get("RTM_SEED", "1")))
    for _ in range(3):
        acknowledged_until_killed(tmp_path, rng.randint(20, 120), rng.uniform(0.0001, 0.05))

        verdict = verify(tmp_path)  # before anybody opens it again

        assert verdict.broken is None
        assert verdict.rows > 0
