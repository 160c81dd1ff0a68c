"""A lane's own time: ticks, lateness, and what is over; wherever the rows are cut."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.frame import FRAME_SCHEMA, POST_SCHEMA, empty_frame, empty_posts
from rtm.sources.lane import Lane

START = datetime(2013, 2, 4, 1, 42, 0, tzinfo=UTC)
SECOND = int(START.timestamp())
STEPS_MS = st.lists(
    st.sampled_from(
        [0, 1, 400, 999, 1000, 1001, 3000, 4000, -1, -900, -2999, -3001, -9000, 700_000]
    )
    | st.integers(-20_000, 20_000),
    max_size=40,
)


def _posts(*seconds: float) -> pl.DataFrame:
    at = [START + timedelta(seconds=second) for second in seconds]
    rows = [{"id": str(n), "at": moment, "text": "x", "source": "s"} for n, moment in enumerate(at)]
    return pl.DataFrame(rows, schema=POST_SCHEMA).with_columns(is_repost=pl.lit(False))


def _ticks(frame: pl.DataFrame) -> list[int]:
    return [tick - SECOND for tick in frame["tick"]]


def _by_hand(posts: pl.DataFrame) -> list[tuple[int, bool]]:
    # row by row, from the rules
    newest = closed = -1
    stamped = []
    for at in posts["at"].dt.epoch("us"):
        first_open = max(closed + 1, (newest - 3_000_000) // 1_000_000)
        stamped.append((max(at // 1_000_000, first_open), at // 1_000_000 < first_open))
        newest = max(newest, at)
        closed = max(closed, (newest - 3_000_000) // 1_000_000 - 1)
    return stamped


def _arrivals(steps_ms: list[int]) -> pl.DataFrame:
    second, seconds = 0.0, []
    for step in steps_ms:
        second += step / 1000
        seconds.append(second)
    return _posts(*seconds)


@given(STEPS_MS, st.lists(st.integers(0, 40), max_size=8))
@settings(deadline=None)
def test_any_framing_stamps_alike(steps_ms, cuts):
    posts = _arrivals(steps_ms)
    bounds = [0, *sorted(min(cut, posts.height) for cut in cuts), posts.height]
    whole, cut = Lane(), Lane()

    frames = [cut.stamp(posts[low:high]) for low, high in pairwise(bounds)]

    assert pl.concat(frames).equals(whole.stamp(posts))
    assert cut.closed == whole.closed


@given(STEPS_MS)
@settings(deadline=None)
def test_rows_are_stamped_as_by_hand(steps_ms):
    posts = _arrivals(steps_ms)

    frame = Lane().stamp(posts)

    assert list(zip(frame["tick"], frame["late"], strict=True)) == _by_hand(posts)


@given(
    st.lists(st.tuples(st.integers(-9_000, 20_000), st.none() | st.integers(-20, 60)), max_size=20)
)
@settings(deadline=None)
def test_closed_never_moves_back_and_no_row_falls_into_a_closed_tick(arrivals):
    lane = Lane()
    second = 0.0
    closed = [lane.closed]
    ticks = []
    for step_ms, told in arrivals:
        second += step_ms / 1000
        ticks += lane.stamp(_posts(second))["tick"].to_list()
        closed.append(lane.closed)
        lane.close(SECOND + told if told is not None else -1)
        closed.append(lane.closed)

    assert all(before <= after for before, after in pairwise(closed))
    assert all(tick > before for tick, before in zip(ticks, closed[::2], strict=False))


def test_a_tick_closes_once_a_post_is_three_seconds_past_its_end():
    lane = Lane()

    lane.stamp(_posts(0.5, 3.999))
    before = lane.closed - SECOND
    lane.stamp(_posts(4.0))

    assert before == -1
    assert lane.closed - SECOND == 0


def test_a_post_out_of_order_is_not_late_while_its_second_is_open():
    frame = Lane().stamp(_posts(0.5, 3.9, 0.7))

    assert _ticks(frame) == [0, 3, 0]
    assert frame["late"].to_list() == [False, False, False]


def test_a_late_post_is_counted_in_the_first_open_second_and_keeps_its_own_time():
    frame = Lane().stamp(_posts(0.5, 10.0, 0.7))

    assert _ticks(frame) == [0, 10, 7]
    assert frame["late"].to_list() == [False, False, True]
    assert frame["at"][2] == START + timedelta(seconds=0.7)


def test_without_lateness_a_late_post_would_fall_into_a_closed_second():
    lane = Lane()
    posts = _posts(0.5, 10.0, 0.7)

    frame = lane.stamp(posts)
    closed_before_the_late_post = SECOND + 6

    assert posts["at"].dt.epoch("s")[2] <= closed_before_the_late_post
    assert frame["tick"][2] > closed_before_the_late_post


def test_a_clock_closes_ticks_in_silence_and_what_then_comes_is_late():
    lane = Lane()
    lane.stamp(_posts(0.5))

    lane.close(SECOND + 20)
    frame = lane.stamp(_posts(20.9, 21.0))

    assert _ticks(frame) == [21, 21]
    assert frame["late"].to_list() == [True, False]


def test_flushing_closes_the_newest_second_and_no_more():
    lane = Lane()
    lane.stamp(_posts(0.5, 12.3, 5.0))

    lane.flush()

    assert lane.closed - SECOND == 12


def test_flushing_twice_or_without_posts_changes_nothing():
    untold, lane = Lane(), Lane()
    lane.stamp(_posts(0.5))
    lane.flush()
    closed = lane.closed

    lane.flush()
    untold.flush()

    assert lane.closed == closed
    assert untold.closed == -1


def test_no_posts_make_an_empty_frame_and_move_nothing():
    lane = Lane()
    lane.stamp(_posts(8.0))
    closed = lane.closed

    frame = lane.stamp(empty_posts())

    assert frame.equals(empty_frame())
    assert lane.closed == closed


def test_a_hole_of_28_days_closes_all_that_lies_in_it():
    lane = Lane()
    hole = 28 * 86_400

    lane.stamp(_posts(0.0, hole))

    assert lane.closed - SECOND == hole - 4


def test_a_frame_has_the_columns_of_the_schema_in_order():
    assert dict(Lane().stamp(_posts(0.0)).schema) == FRAME_SCHEMA


def test_posts_from_before_1970_are_late_in_the_first_second():
    frame = Lane().stamp(_posts(-SECOND - 5.0, -SECOND + 0.5))

    assert frame["tick"].to_list() == [0, 0]
    assert frame["late"].to_list() == [True, False]
