"""Any framing: rows cut into frames anywhere give equal events; and the log of a live run."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import Engine
from rtm.types import Event
from tests.laws.telling import (
    Night,
    cuts_every,
    lines,
    live,
    logged,
    random_cuts,
    recut,
    small_engine,
    told,
)
from tests.streams import BRAND, GAMES, SMALL, START, posts_frame, stream

SUBJECT = "lamps went dark"
CRAMPED = SMALL._replace(
    row_bits=6, probation_bits=6, sketch_bits=6, cluster_bits=4, recent_bits=8, quoted_posts=60
)
PAIRED = SMALL._replace(pair_rate=0.25, pair_share=0.8)  # switched on and off again and again


class Hasty(Engine):
    """Wrong on purpose: takes a tick for over when a frame ends."""

    def step(self, frame: pl.DataFrame, closed: int) -> list[Event]:
        return super().step(frame, max(closed, int(frame["tick"].max() or 0)))  # type: ignore[arg-type]


class Deaf(Engine):
    """Wrong on purpose: does not hear a frame without rows."""

    def step(self, frame: pl.DataFrame, closed: int) -> list[Event]:
        return super().step(frame, closed if frame.height else -1)


@pytest.fixture(scope="module")
def night() -> Night:
    return Night()


def hasty() -> Engine:
    return Hasty(BRAND, GAMES, SMALL)


def deaf() -> Engine:
    return Deaf(BRAND, GAMES, SMALL)


def cramped() -> Engine:
    return Engine(BRAND, GAMES, CRAMPED)


def paired() -> Engine:
    return Engine(BRAND, GAMES, PAIRED)


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=15)
def test_frames_cut_anywhere_give_equal_events_with_pairs(seed):
    posts = stream(seed, posts=300)

    assert told(posts, random_cuts(posts, seed), paired) == told(posts, new_engine=paired)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rows", [1, 7, 100])
def test_frames_of_any_size_give_equal_events(seed, rows):
    posts = stream(seed)

    whole = told(posts)

    assert len(whole) > 10
    assert told(posts, cuts_every(posts, rows)) == whole


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=25)
def test_frames_cut_anywhere_give_equal_events(seed):
    posts = stream(seed, posts=200)

    assert told(posts, random_cuts(posts, seed)) == told(posts)


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=15)
def test_frames_cut_anywhere_give_equal_events_when_memory_is_short(seed):
    posts = stream(seed, posts=300)

    whole = told(posts, new_engine=cramped)

    assert told(posts, random_cuts(posts, seed, most=200), cramped) == whole


def test_an_engine_that_hurries_at_the_end_of_a_frame_breaks_the_law():
    posts = stream(0)

    assert told(posts, cuts_every(posts, 7), hasty) != told(posts, new_engine=hasty)


def test_a_story_that_ends_unnoticed_is_told_as_it_ended():
    # when the next news comes its posts are no longer remembered, unless the frames are small
    burst = [(1_800 + n, f"{SUBJECT} {n} kelik{n}") for n in range(8)]
    talk = [(n * 7.0, f"nothing{n} much{n}") for n in range(700)]
    posts = posts_frame(
        {"at": START + timedelta(seconds=second), "text": text, "author": f"u{n}"}
        for n, (second, text) in enumerate(sorted(burst + talk))
    )

    small = told(posts, cuts_every(posts, 10), cramped)

    assert [line for line in small if '"story_closed"' in line and SUBJECT in line]
    assert told(posts, new_engine=cramped) == small


@pytest.mark.parametrize("rows", [1_000, 50_000])
def test_the_real_night_is_the_same_in_frames_of_any_size(night, rows):
    seldom = told(night.posts, random_cuts(night.posts, seed=1), night.engine)

    assert len(seldom) > 10
    assert told(night.posts, cuts_every(night.posts, rows), night.engine) == seldom


def test_the_real_night_is_the_same_in_frames_of_7_posts(night):
    whole = told(night.posts, new_engine=night.engine)

    assert told(night.posts, cuts_every(night.posts, 7), night.engine) == whole


def test_the_blackout_is_the_same_post_by_post(night):
    whole = told(night.posts, new_engine=night.engine)
    before = night.posts.filter(pl.col("at") < datetime(2013, 2, 4, 1, 25, tzinfo=UTC)).height
    cuts = [0, *range(before, before + 1_500), night.posts.height]

    assert told(night.posts, cuts, night.engine) == whole


@pytest.mark.long
def test_the_real_night_is_the_same_post_by_post(night):
    whole = told(night.posts, new_engine=night.engine)

    assert told(night.posts, cuts_every(night.posts, 1), night.engine) == whole


@pytest.mark.parametrize("seed", range(8))
def test_live_equals_replay(seed):
    log = live(stream(seed), seed)

    run = lines(log, small_engine())

    assert len(run) > 10
    assert lines(recut(log, seed), small_engine()) == run


@pytest.mark.parametrize("seed", range(3))
def test_the_clock_tells_no_other_story_than_the_posts_do(seed):
    # ticks closed in silence only bring events sooner: late posts are the same ones here
    posts = stream(seed)
    posts = posts.sort("at", "id")

    log = live(posts, seed)

    whole = told(posts)
    assert lines(log, small_engine())[: len(whole)] == whole


def test_an_engine_deaf_to_silence_breaks_the_law():
    log = live(stream(3), 3)
    empty = log[0][0].clear()
    log.append((empty, log[-1][1] + 3_600))  # nobody speaks any more, and stories end

    assert lines(log, deaf()) != lines(log, small_engine())


def test_the_real_night_lived_equals_its_replay(night):
    log = live(night.posts[2_000:2_850], seed=5)  # the blackout is in it

    run = lines(log, night.engine())

    assert run
    assert lines(recut(log, 5), night.engine()) == run


@pytest.mark.long
@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=300)
def test_many_streams_are_the_same_however_they_are_cut(seed):
    posts = stream(seed)

    whole, small = told(posts), told(posts, new_engine=cramped)

    assert told(posts, random_cuts(posts, seed), small_engine) == whole
    assert told(posts, random_cuts(posts, seed + 1, most=300), cramped) == small
    assert lines(recut(logged(posts, random_cuts(posts, seed)), seed), small_engine()) == whole
