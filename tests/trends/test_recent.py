"""The latest posts: numbered, bounded, and gone in the same moment however they were framed."""

from datetime import timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.trends.recent import CHUNK, Recent
from tests.planted import Said, posts_of
from tests.streams import START


def kept_by(capacity: int, frames: list[int]) -> Recent:
    """Return recent posts, told in frames of so many rows; post ``n`` has terms n and 2 n."""
    recent, first = Recent(capacity), 0
    for rows in frames:
        append(recent, first, rows)
        first += rows
    return recent


def append(recent: Recent, first: int, rows: int) -> None:
    numbers = np.arange(first, first + rows)
    posts = posts_of(Said(float(n), f"post {n}", f"a{n}") for n in numbers.tolist())
    posts = posts.with_columns(pl.Series("id", [f"p{n}" for n in numbers], pl.String))
    terms = np.stack((numbers, 2 * numbers), axis=1).astype(np.uint64).reshape(-1)
    recent.append(posts, terms, np.arange(rows + 1) * 2)


FRAMES = st.lists(st.integers(0, 50), min_size=1, max_size=20)


@given(FRAMES, st.integers(1, 120))
@settings(deadline=None, max_examples=60)
def test_a_post_is_found_by_its_number_until_it_is_too_old(frames, capacity):
    recent, now = kept_by(capacity, frames), sum(frames)

    for seq in range(now):
        post, terms = recent.post(seq, now), recent.terms(seq, now)
        is_kept = seq > now - capacity
        assert (post is not None) == (terms is not None) == is_kept
        assert post is None or (post.id, post.text) == (f"p{seq}", f"post {seq}")
        assert post is None or post.at == START + timedelta(seconds=seq)
        assert terms is None or terms.tolist() == [seq, 2 * seq]


@given(FRAMES, st.integers(1, 120))
@settings(deadline=None, max_examples=40)
def test_a_post_of_the_last_frame_is_found_as_of_a_moment_within_it(frames, capacity):
    recent, now = kept_by(capacity, frames), sum(frames) - frames[-1]

    found = [seq for seq in range(now) if recent.post(seq, now) is not None]

    assert found == list(range(max(0, now - capacity + 1), now))


@given(FRAMES, st.integers(1, 120))
@settings(deadline=None, max_examples=40)
def test_a_refill_goes_on_with_the_same_numbers(frames, capacity):
    recent, again, now = kept_by(capacity, frames), Recent(capacity), sum(frames)
    first, posts = recent.kept()
    numbers = np.arange(first, now)
    terms = np.stack((numbers, 2 * numbers), axis=1).astype(np.uint64).reshape(-1)

    again.refill(first, posts, terms, np.arange(numbers.size + 1) * 2)
    append(recent, now, 3)
    append(again, now, 3)

    assert [again.post(seq, now + 3) for seq in range(now + 3)] == [
        recent.post(seq, now + 3) for seq in range(now + 3)
    ]


def test_memory_stays_bounded_whatever_the_frames():
    recent = kept_by(100, [1] * 400 + [37] * 30)

    first, posts = recent.kept()

    assert posts.height <= 100 + 37 + CHUNK
    assert first + posts.height == 400 + 37 * 30


def test_nothing_was_said_at_first():
    recent = Recent(10)

    assert recent.post(0, 0) is None
    assert recent.kept()[0] == 0
    assert recent.kept()[1].is_empty()
