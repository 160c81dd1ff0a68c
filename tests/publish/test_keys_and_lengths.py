"""Keys sort as they were made; letters are counted as readers and the network count them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.draft import Message, Picture, Poll
from rtm.publish.length import complaint, letters, too_long
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


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("https://oreo.com/" + "x" * 99, 23),
        ("see http://a.org/b?c=1&d=2, then dunk", 4 + 23 + 11),
        ("(https://oreo.com/dark)", 25),
        ("oreo.com", 8),
        ("@ada@example.social", 4),
        ("@ada and ada@example.social", 27),
        ("https://", 8),
    ],
)
def test_where_a_link_counts_alike_so_does_every_link(text, count):
    assert letters(text, 23) == count


ROOMY = Limits(
    graphemes=10,
    utf8_bytes=None,
    pictures=1,
    alt_letters=5,
    poll_options=2,
    poll_letters=4,
    poll_s=(300, 3600),
    thread=2,
    takes_replies=True,
    visibilities=("public", "unlisted"),
)
TIGHT = Limits(10, None)
SHOWN = Picture(id="a" * 64, alt="words")
HOUR = Poll(options=("dunk", "lick"), lasts_s=3600)


@pytest.mark.parametrize(
    "message",
    [
        Message(text="dunk"),
        Message(text="dunk", more=("x" * 10,)),
        Message(text="dunk", pictures=(SHOWN,)),
        Message(text="dunk", poll=HOUR),
        Message(text="dunk", reply_to="x", visibility="unlisted"),
    ],
)
def test_what_fits_is_not_complained_about(message):
    assert complaint(message, ROOMY) is None


@pytest.mark.parametrize(
    ("message", "limits", "words"),
    [
        (Message(text="x" * 11), TIGHT, "The post is 1 letter too long"),
        (Message(text=" "), TIGHT, "The post has no words"),
        (Message(text="a", more=("x" * 12,)), ROOMY, "Post 2 of the thread is 2 letters too long"),
        (Message(text="a", more=("",)), ROOMY, "Post 2 of the thread has no words"),
        (Message(text="a", more=("b",)), TIGHT, "thread is not possible here"),
        (Message(text="a", more=("b", "c")), ROOMY, "has 3 posts of at most 2"),
        (Message(text="a", pictures=(SHOWN,)), TIGHT, "Pictures are not possible here"),
        (Message(text="a", pictures=(SHOWN,) * 2), ROOMY, "has 2 pictures of at most 1"),
        (
            Message(text="a", pictures=(Picture(id="a" * 64, alt="too long"),)),
            ROOMY,
            "words for picture 1 are too long: 8 of at most 5",
        ),
        (Message(text="a", poll=HOUR), TIGHT, "poll is not possible here"),
        (Message(text="a", poll=HOUR, pictures=(SHOWN,)), ROOMY, "poll and pictures"),
        (Message(text="a", poll=Poll(options=("a", "b", "c"))), ROOMY, "3 answers of at most 2"),
        (
            Message(text="a", poll=Poll(options=("dunk", "licks"))),
            ROOMY,
            "Answer 2 of the poll is 1 too long",
        ),
        (Message(text="a", poll=Poll(options=("a", "a"))), ROOMY, "are the same"),
        (Message(text="a", poll=Poll(options=("a", "b"))), ROOMY, "from 5 minutes to 1 hours"),
        (Message(text="a", reply_to="x"), TIGHT, "answer to a post is not possible"),
        (Message(text="a", visibility="unlisted"), TIGHT, "make it public"),
        (Message(text="a", visibility="followers"), ROOMY, "cannot be seen by followers"),
        (
            Message(text="👩‍👩‍👧" * 3),
            Limits(10, None, characters=14),
            "15 characters of at most 14",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_words(message, limits, words):
    said = complaint(message, limits)

    assert said is not None
    assert words in said
    assert said[0].isupper()
    assert said.endswith(".")
