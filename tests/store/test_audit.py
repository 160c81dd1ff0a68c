import os
import random
import sqlite3
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from rtm.errors import StoreError
from rtm.store import store as stores
from rtm.store.audit import Break, verify
from rtm.store.chain import NOTHING, Sealed, link_of
from rtm.store.database import FILE, reader_of
from rtm.store.store import Store
from rtm.store.tables import events
from tests.store.records import claimed, opened
from tests.store.tampering import (
    COLUMNS,
    ROWS,
    TEXTS,
    broken,
    head,
    put,
    quickly,
    rebuild,
    row_of,
    rows_of,
    swap,
    take,
    tampered,
    whole,
)
from tests.store.test_killed import acknowledged_until_killed

__all__ = ["tampered", "whole"]  # fixtures


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


def test_the_chain_is_unbroken_after_being_killed(tmp_path):
    rng = random.Random(int(os.environ.get("RTM_SEED", "1")))
    for _ in range(3):
        acknowledged_until_killed(tmp_path, rng.randint(20, 120), rng.uniform(0.0001, 0.05))

        verdict = verify(tmp_path)  # before anybody opens it again

        assert verdict.broken is None
        assert verdict.rows > 0
