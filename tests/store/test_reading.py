"""The record is read in order, without what is not asked for, also while a board is running."""

import sqlite3

import pytest

from rtm.errors import StoreError
from rtm.store.reading import STORIES, records_in
from rtm.store.store import Store
from tests.store.records import AT, claimed, fired, grown, opened


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path, now=lambda: AT)
    store.keep([opened(0), grown(1)], first=0)
    store.decide(claimed(), key="a")
    store.decide(fired(), key="b")
    yield store
    store.close()


def test_all_is_read_in_order_while_it_is_in_use(store, tmp_path):
    assert list(records_in(tmp_path)) == [opened(0), grown(1), claimed(), fired()]


def test_what_is_not_asked_for_is_left_out(store, tmp_path):
    assert list(records_in(tmp_path, without=STORIES)) == [claimed(), fired()]
    assert list(records_in(tmp_path, without=["claimed"])) == [opened(0), grown(1), fired()]


def test_where_there_is_no_record_it_says_so(tmp_path):
    with pytest.raises(StoreError, match="--data"):
        list(records_in(tmp_path))


def test_a_damaged_row_is_named_with_a_remedy(store, tmp_path):
    store.close()
    with sqlite3.connect(tmp_path / "rtm.db") as connection:
        connection.execute("UPDATE events SET line = CAST(x'7bff' AS TEXT) WHERE seq = 3")
    connection.close()

    with pytest.raises(StoreError, match=r"record 3 cannot be read.*rtm audit verify"):
        list(records_in(tmp_path))
