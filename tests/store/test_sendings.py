from datetime import datetime, timedelta

import pytest

from rtm.errors import StoreError
from rtm.store.store import Store
from tests.store.records import AT, fired, refused, sent, unknown

LATER = AT + timedelta(seconds=30)


def due(store: Store, at: datetime = AT) -> list[tuple[str, str, int]]:
    return [(sending.key, sending.state, sending.tries) for sending in store.sendings.due(at)]


def test_one_that_is_firing_is_not_fired_by_anybody_else(store):
    store.decide(fired(), key="a")

    store.sendings.firing(1)

    assert due(store, AT + timedelta(days=9)) == []


def test_one_that_was_cut_off_while_firing_is_looked_for_after_a_restart(tmp_path):
    store = Store.open(tmp_path)
    store.decide(fired(), key="a")
    store.sendings.firing(1)
    store.close()

    store = Store.open(tmp_path)

    assert due(store) == [("k1", "firing", 1)]
    store.settle(1, sent())
    assert due(store) == []
    store.close()


def test_an_unknown_one_is_looked_for_after_a_restart(tmp_path):
    store = Store.open(tmp_path)
    store.decide(fired(), key="a")
    store.sendings.firing(1)
    store.settle(1, unknown())
    store.sendings.look_again(1, LATER + timedelta(days=9))
    store.close()

    store = Store.open(tmp_path)

    assert due(store) == [("k1", "unknown", 1)]
    store.close()


def test_a_settled_one_is_not_looked_for_after_a_restart(tmp_path):
    store = Store.open(tmp_path)
    store.decide(fired(), key="a")
    store.decide(fired(opportunity="o2", key="k2"), key="b")
    store.settle(1, sent())
    store.settle(2, refused(opportunity="o2", key="k2"))
    store.close()

    store = Store.open(tmp_path)

    assert due(store, LATER) == []
    store.close()


def test_one_that_is_put_off_waits_for_its_time(store):
    store.decide(fired(), key="a")
    store.sendings.firing(1)

    store.sendings.later(1, LATER)

    assert due(store) == []
    assert due(store, LATER) == [("k1", "queued", 1)]


def test_an_unknown_one_may_be_looked_for_again_at_a_time(store):
    store.decide(fired(), key="a")
    store.settle(1, unknown())

    store.sendings.look_again(1, LATER)

    assert due(store) == []
    assert due(store, LATER) == [("k1", "unknown", 0)]


@pytest.mark.parametrize("said", [sent, refused])
def test_a_person_does_not_settle_what_is_being_sent_again(said, store):
    store.decide(fired(), key="a")
    store.sendings.firing(1)
    store.settle(1, unknown())
    store.sendings.firing(1)

    with pytest.raises(StoreError, match="being sent again"):
        store.decide(said(), key="noor looked")

    store.sendings.look_again(1, None)
    assert store.decide(said(), key="noor looked again")


def test_a_person_settles_what_was_cut_off_while_it_was_sent_again(tmp_path):
    store = Store.open(tmp_path)
    store.decide(fired(), key="a")
    store.sendings.firing(1)
    store.settle(1, unknown())
    store.sendings.firing(1)
    store.close()

    store = Store.open(tmp_path)

    assert store.decide(refused(), key="noor looked")
    store.close()


def test_each_try_is_counted(store):
    store.decide(fired(), key="a")

    for _ in range(3):
        store.sendings.firing(1)
        store.sendings.later(1, AT)

    assert due(store) == [("k1", "queued", 3)]


def test_the_oldest_is_due_first(store):
    store.decide(fired(), key="a")
    store.decide(fired(opportunity="o2", key="k2"), key="b")

    assert [key for key, _, _ in due(store)] == ["k1", "k2"]


@pytest.mark.parametrize("number", [1, 99])
def test_one_that_is_settled_or_not_there_cannot_be_moved(store, number):
    store.decide(fired(), key="a")
    store.settle(1, sent())

    assert not store.sendings.firing(number)
    assert not store.sendings.later(number, AT)
    assert not store.sendings.look_again(number, AT)
    assert store.sendings.due(LATER) == []
