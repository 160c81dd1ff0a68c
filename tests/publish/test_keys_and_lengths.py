"""Keys sort as they were made; letters are counted as readers and the network count them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.publish.length import letters, too_long
from rtm.publish.publisher import Limits
from rtm.publish.tid import LETTERS, Tids, tid

START = datetime(2013, 2, 4, tzinfo=UTC)
microseconds = st.integers(0, (1 << 53) - 1)
clocks = st.integers(0, 1023)


@given(microseconds, clocks)
def test_a_key_has_the_form_that_the_network_asks_for(moment, clock):
    assert re.fullmatch("[234567abcdefghij][234567a-z]{12}", tid(moment, clock))


@given(microseconds, clocks)
def test_a_key_can_be_read_back(moment, clock):
    number = 0
    for letter in tid(moment, clock):
        number = number * 32 + LETTERS.index(letter)

    assert (number >> 10, number & 1023) == (moment, clock)


@given(st.lists(st.tuples(microseconds, clocks), max_size=20))
def test_keys_sort_by_time_then_clock(moments):
    assert sorted(tid(*one) for one in moments) == [tid(*one) for one in sorted(moments)]


@given(st.lists(st.integers(-10, 10), max_size=20))
def test_keys_go_up_whatever_the_clock_does(steps):
    tids = Tids(clock=7)

    keys = [tids.next(START + timedelta(microseconds=step)) for step in steps]

    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("dunk", 4), ("e\u0301", 1), ("👩‍👩‍👧", 1), ("🇪🇪🇵🇱", 2), ("黑暗", 2), ("\r\n", 1)],
)
def test_letters_are_what_a_reader_sees(text, count):
    assert letters(text) == count


def test_a_post_at_both_limits_fits():
    assert too_long("é" * 5, Limits(5, 10)) is None


def test_a_post_over_a_limit_is_told_by_how_much():
    assert too_long("é" * 7, Limits(5, 10)) == "The post is 2 letters too long: 7 of at most 5."
    assert "15 bytes of at most 10" in str(too_long("黑" * 5, Limits(5, 10)))
