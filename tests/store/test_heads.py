"""What only a noted head tells of a record, and rows that were linked late."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.errors import StoreError
from rtm.store.audit import Break, verify
from rtm.store.chain import Head, Sealed, link_of
from rtm.store.database import FILE
from rtm.store.heads import HEADS, Heads
from rtm.store.store import Store
from tests.store.records import AT, claimed, opened
from tests.store.tampering import (
    ROWS,
    broken,
    head,
    old,
    put,
    quickly,
    rebuild,
    row_of,
    tampered,
    whole,
)

__all__ = ["tampered", "whole"]  # fixtures


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
