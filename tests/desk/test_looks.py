"""Which look at a post is due, from the record alone."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.decisions import Claimed, Measured, Record, Sent, Withdrawn
from rtm.desk.looks import AFTER_S, LAST, Look, Looks, post_of

AT = datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)


def due_looks(records: Iterable[Record], now: datetime) -> list[Look]:
    looks = Looks()
    for record in records:
        looks.tell(record)
    return looks.due(now)


def sent(second: float = 0, key: str = "k", channel: str = "bluesky") -> Sent:
    return Sent(
        at=AT + timedelta(seconds=second),
        opportunity="o1",
        channel=channel,
        account="oreo",
        key=key,
        uri=f"at://{key}",
        url=None,
    )


def measured(after_s: int, of: Sent | None = None, **told: object) -> Measured:
    of = of or sent()
    return Measured(
        at=of.at + timedelta(seconds=after_s),
        opportunity=of.opportunity,
        channel=of.channel,
        account=of.account,
        key=of.key,
        after_s=after_s,
        **told,  # type: ignore[arg-type]
    )


def withdrawn() -> Withdrawn:
    return Withdrawn(
        at=AT, opportunity="o1", who="a", channel="bluesky", account="oreo", key="k", reason="typo"
    )


def due_s(records, second: float) -> list[int]:
    return [look.after_s for look in due_looks(records, AT + timedelta(seconds=second))]


@pytest.mark.parametrize("after_s", AFTER_S)
def test_a_look_is_due_when_its_time_has_come_and_not_before(after_s):
    before = [one for one in AFTER_S if one < after_s]
    records = [sent(), *(measured(one) for one in before)]

    assert due_s(records, after_s - 0.001) == []
    assert due_s(records, after_s) == [after_s]
    assert due_s([*records, measured(after_s)], after_s + 1) == []


def test_of_looks_that_were_missed_the_latest_is_made_up_for_alone():
    assert due_s([sent(), measured(60)], 2_000) == [900]
    assert due_s([sent(), measured(60), measured(2_000)], 2_001) == []


def test_a_look_that_came_late_stands_for_all_before_it():
    records = [sent(), measured(4_000)]

    assert due_s(records, 4_001) == []
    assert due_s(records, AFTER_S[-1]) == [AFTER_S[-1]]


def test_a_clock_that_was_set_back_makes_no_look_due_again():
    assert due_s([sent(), measured(300), measured(70)], 310) == []


def test_followers_are_asked_until_they_are_told():
    asked = due_looks([sent(), measured(60)], AT + timedelta(seconds=300))
    told = due_looks([sent(), measured(60, followers=9)], AT + timedelta(seconds=300))

    assert asked == [Look(sent(), 300, asks_followers=True)]
    assert told == [Look(sent(), 300, asks_followers=False)]


def test_what_a_person_entered_is_no_look():
    assert due_s([sent(), measured(70, views=10, who="ann")], 80) == [60]


def test_what_was_taken_back_is_not_looked_at():
    assert due_s([sent(), withdrawn()], 60) == []
    assert due_s([sent(), sent(key="other"), withdrawn()], 60) == [60]


def test_nobody_looks_after_two_days():
    assert due_s([sent()], LAST.total_seconds()) == [AFTER_S[-1]]
    assert due_s([sent()], LAST.total_seconds() + 1) == []


def test_other_records_change_nothing():
    assert due_s([Claimed(at=AT, opportunity="o1", who="w"), sent()], 60) == [60]


def test_posts_of_one_key_on_two_channels_are_two():
    assert due_s([sent(), sent(channel="mastodon"), measured(60)], 60) == [60]


@given(st.lists(st.tuples(st.integers(0, 200_000), st.booleans()), max_size=30), st.integers(0, 9))
def test_asking_in_between_is_the_same_as_asking_once(steps, posts):
    looks = Looks()
    records: list[Record] = [sent(100.0 * n, f"k{n}") for n in range(posts)]
    for one in records:
        looks.tell(one)
    last = 0
    for second, answers in sorted(steps):
        now = AT + timedelta(seconds=max(second, last))
        due, last = looks.due(now), second
        assert due == due_looks(records, now)
        assert len({post_of(look.sent) for look in due}) == len(due)
        for look in due if answers else ():
            record = measured((now - look.sent.at) // timedelta(seconds=1), look.sent)
            records.append(record)
            looks.tell(record)
