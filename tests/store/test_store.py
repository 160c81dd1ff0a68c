import os
import sqlite3
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from rtm.decisions import Expired, Heard, Record
from rtm.errors import StoreError
from rtm.orders import Stopped
from rtm.store import store as stores
from rtm.store.store import Store
from tests.store.archives import planted, same
from tests.store.records import (
    AT,
    claimed,
    fired,
    grown,
    opened,
    recalled,
    refused,
    sent,
    unknown,
)

LATER = AT + timedelta(days=1)


def kept(store: Store) -> list[Record]:
    return [record for _, record in store.records()]


def only_sending(store: Store) -> int:
    (sending,) = store.sendings.due(AT)
    return sending.id


def test_records_come_back_as_they_were_in_the_order_kept(store):
    records = [opened(0), grown(1), Expired(at=AT, opportunity="o9")]

    assert store.keep(records) == records
    assert store.keep([Heard(at=AT, opportunity="o1", uri="at://x")])

    assert kept(store) == [*records, Heard(at=AT, opportunity="o1", uri="at://x")]
    assert [seq for seq, _ in store.records()] == [1, 2, 3, 4]


def test_records_are_read_page_by_page(store, monkeypatch):
    monkeypatch.setattr(stores, "PAGE", 3)
    records = [opened(number) for number in range(10)]

    store.keep(records)

    assert kept(store) == records


def test_events_told_again_are_kept_once(store):
    assert store.told() == 0
    store.keep([opened(0), opened(1)], first=0)

    assert store.keep([opened(1), opened(2)], first=1) == [opened(2)]
    assert store.keep([opened(0)], first=0) == []

    assert store.told() == 3
    assert kept(store) == [opened(0), opened(1), opened(2)]


def test_records_without_a_number_are_always_kept(store):
    store.keep([opened(0)])
    store.keep([opened(0)])

    assert kept(store) == [opened(0), opened(0)]
    assert store.told() == 0


def test_an_event_that_was_never_kept_cannot_be_left_out(store):
    with pytest.raises(StoreError, match="events 0 to 4 were never kept"):
        store.keep([opened(5)], first=5)

    assert kept(store) == []


def test_a_decision_is_kept_once_under_its_key(store):
    assert not store.knows("a")
    assert store.decide(claimed(), key="a")

    assert store.knows("a")
    assert not store.decide(claimed(), key="a")
    assert store.decide(claimed(), key="b")

    assert kept(store) == [claimed(), claimed()]


def test_what_was_decided_under_a_key_is_known_by_it(store):
    store.keep([opened(0)])
    store.decide(claimed(), key="tap")

    assert store.about("tap") == claimed().opportunity
    assert store.about("another") is None


def test_a_firing_queues_its_post_in_the_same_step(store):
    store.decide(fired(), key="a")

    (sending,) = store.sendings.due(AT)

    assert (sending.state, sending.tries, sending.next_try_at) == ("queued", 0, AT)
    assert (sending.opportunity, sending.channel, sending.account) == ("o1", "dry", "@oreo")
    assert (sending.key, sending.text, sending.at) == ("k1", fired().text, AT)
    assert kept(store) == [fired()]


def test_other_decisions_queue_nothing(store):
    store.decide(claimed(), key="a")

    assert store.sendings.due(AT) == []


@pytest.mark.parametrize("again", [fired(key="k2"), fired(opportunity="o2"), fired()])
def test_a_second_firing_leaves_nothing_behind(store, again):
    store.decide(fired(), key="a")

    with pytest.raises(StoreError, match="was fired before"):
        store.decide(again, key="b")

    assert kept(store) == [fired()]
    assert len(store.sendings.due(AT)) == 1
    assert not store.knows("b")


def test_after_a_refusal_it_may_be_fired_again(store):
    store.decide(fired(), key="a")
    store.settle(only_sending(store), refused())

    assert store.decide(fired(key="k2"), key="b")

    assert kept(store) == [fired(), refused(), fired(key="k2")]
    (sending,) = store.sendings.due(AT)
    assert sending.key == "k2"


def test_one_moment_may_be_answered_on_two_accounts(store):
    assert store.decide(fired(), key="a")
    assert store.decide(fired(account="@oreo-uk", key="k2"), key="b")

    assert len(store.sendings.due(AT)) == 2


def test_a_receipt_ends_a_sending(store):
    store.decide(fired(), key="a")

    store.settle(only_sending(store), sent())

    assert store.sendings.due(AT + timedelta(days=9)) == []
    assert kept(store) == [fired(), sent()]


def test_an_unknown_one_may_turn_out_either_way(store):
    store.decide(fired(), key="a")
    number = only_sending(store)
    store.sendings.firing(number)
    store.settle(number, unknown())

    assert [sending.state for sending in store.sendings.due(AT)] == ["unknown"]
    store.settle(number, sent())

    assert kept(store) == [fired(), unknown(), sent()]


@pytest.mark.parametrize("outcome", [sent(key="k9"), sent(opportunity="o9"), sent(account="@x")])
def test_an_outcome_of_another_sending_is_not_kept(store, outcome):
    store.decide(fired(), key="a")

    assert not store.settle(only_sending(store), outcome)

    assert kept(store) == [fired()]


def test_a_sending_is_settled_once(store):
    store.decide(fired(), key="a")
    number = only_sending(store)
    assert store.settle(number, sent())

    assert not store.settle(number, refused())

    assert kept(store) == [fired(), sent()]
    with pytest.raises(StoreError, match="settled already"):
        store.decide(refused(), key="by hand")


def test_what_a_person_says_became_of_a_post_settles_it(store):
    store.decide(fired(), key="a")
    store.settle(only_sending(store), unknown())

    assert store.decide(sent(), key="ann looked")

    assert kept(store) == [fired(), unknown(), sent()]
    assert store.sendings.due(LATER) == []


def test_what_is_recalled_is_not_sent_and_what_is_leaving_cannot_be(store):
    store.decide(fired(), key="a")
    number = only_sending(store)

    assert store.decide(recalled(), key="b")

    assert store.sendings.due(LATER) == []
    assert not store.sendings.firing(number)
    store.decide(fired(key="k2"), key="c")
    store.sendings.firing(number + 1)
    with pytest.raises(StoreError, match="too late"):
        store.decide(recalled(key="k2"), key="d")


def test_all_that_waits_is_taken_back_together(store):
    store.decide(fired(), fired(key="k2", channel="mastodon"), key="a")
    store.decide(fired(key="k3", opportunity="o2"), key="b")
    store.sendings.firing(store.sendings.due(AT)[0].id)

    taken_back = store.stop(Stopped(at=AT, who="ann", reason="wrong"), key="stop")

    assert taken_back is not None
    assert [one.key for one in taken_back] == ["k2", "k3"]
    assert [one.key for one in store.sendings.due(LATER)] == []
    assert store.stop(Stopped(at=AT, who="ann", reason="wrong"), key="stop") is None


def test_what_was_kept_since_a_place_is_read_back_whoever_kept_it(store):
    store.decide(fired(), key="a")
    ((place, _),) = store.since(0)

    store.settle(only_sending(store), sent())

    assert [record for _, record in store.since(place)] == [sent()]
    assert store.since(store.since(0)[-1][0]) == []


def test_a_record_that_only_a_newer_rtm_knows_is_named(tmp_path):
    store = Store.open(tmp_path)
    store.keep([opened(0)])
    with store._database.writing() as connection:
        connection.execute(text("UPDATE events SET line = replace(line, 'story_opened', 'later')"))

    with pytest.raises(StoreError, match=r"record 1 cannot be read .* update rtm"):
        kept(store)
    store.close()


def test_a_new_folder_is_its_owners_alone(tmp_path):
    Store.open(tmp_path / "new").close()

    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_all_is_there_after_reopening(tmp_path):
    store = Store.open(tmp_path)
    store.keep([opened(0)], first=0)
    store.decide(fired(), key="a")
    store.people.add("Ann", "correct horse", ["writer"])
    for frame, closed in planted(5):
        store.archive.append(frame, closed)
    store.snapshots.write(b"engine", store.archive.position, store.told())
    store.close()

    store = Store.open(tmp_path)

    assert kept(store) == [opened(0), fired()]
    assert store.told() == 1
    assert store.knows("a")
    assert store.people.check("ann", "correct horse")
    assert same(store.archive.steps(), planted(5))
    latest = store.snapshots.latest()
    assert latest is not None
    assert (latest.content, latest.position, latest.told) == (b"engine", 5, 1)
    store.close()


def test_a_second_rtm_is_told_who_has_the_folder(tmp_path, store):
    with pytest.raises(StoreError, match=rf"another rtm has it \(process {os.getpid()}\); stop"):
        Store.open(tmp_path)

    assert store.keep([opened(0)])


def test_a_closed_store_leaves_the_folder_to_another(tmp_path):
    Store.open(tmp_path).close()
    Store.open(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StoreError, match="name a folder that can be written"):
        Store.open(tmp_path / "file" / "store")


@pytest.mark.parametrize("content", [b"this is not a database, but a diary" * 200, b"SQLite form"])
def test_a_file_that_is_no_database_is_said_so_and_the_lock_is_let_go(tmp_path, content):
    (tmp_path / "rtm.db").write_bytes(content)

    with pytest.raises(StoreError, match=r"rtm\.db: damaged.*move it aside"):
        Store.open(tmp_path)

    (tmp_path / "rtm.db").unlink()
    Store.open(tmp_path).close()


def test_a_database_with_garbled_pages_is_said_so(tmp_path):
    store = Store.open(tmp_path)
    store.keep([opened(number) for number in range(300)])
    store.close()
    whole = bytearray((tmp_path / "rtm.db").read_bytes())
    whole[8192 : len(whole) - 4096] = b"\xa5" * (len(whole) - 4096 - 8192)
    (tmp_path / "rtm.db").write_bytes(whole)

    with pytest.raises(StoreError, match=r"rtm\.db: damaged"):
        Store.open(tmp_path)


def test_a_database_of_a_newer_rtm_is_left_alone(tmp_path):
    Store.open(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "rtm.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()

    with pytest.raises(StoreError, match=r"made by a newer rtm.*update rtm"):
        Store.open(tmp_path)


def test_an_address_that_is_none_is_said_so(tmp_path):
    with pytest.raises(StoreError, match="database address"):
        Store.open(tmp_path, url="not an address")


def test_a_disk_that_fails_is_a_store_error(store):
    with store._database.writing() as connection:
        connection.execute(text("PRAGMA query_only = ON"))

    with pytest.raises(StoreError, match=r"rtm\.db: cannot be written|cannot be read or written"):
        store.keep([opened(0)])


def test_what_is_decided_is_written_to_the_disk_at_once(store):
    with store._database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_many_threads_keep_and_read_at_once(store):
    def work(number):
        for turn in range(20):
            store.decide(claimed(f"o{number}"), key=f"{number}-{turn}")
            store.keep([opened(turn)])
            kept(store)
            store.sendings.due(AT)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kept(store)) == 6 * 20 * 2
    assert [seq for seq, _ in store.records()] == list(range(1, 241))


def test_threads_that_decide_the_same_keep_it_once(store):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(store.decide(fired(), key="a")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [False] * 7 + [True]
    assert kept(store) == [fired()]


def test_numbers_go_on_when_somebody_moved_the_archive_away(tmp_path):
    store = Store.open(tmp_path)
    for frame, closed in planted(5):
        store.archive.append(frame, closed)
    store.snapshots.write(b"engine", 5, 0)
    store.close()
    (tmp_path / "archive").rename(tmp_path / "moved")

    store = Store.open(tmp_path)

    assert store.archive.position == 5
    frame, closed = planted(1)[0]
    store.archive.append(frame, closed)
    assert [step for step, _, _ in store.archive.steps(after=5)] == [6]
    store.close()
