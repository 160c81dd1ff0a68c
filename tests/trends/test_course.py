"""How a story went, from its log of every so many posts, against the plain list of all of them."""

import random
from bisect import bisect_left
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rtm.trends.open_story import OpenStory
from rtm.trends.recent import Recent
from rtm.trends.state import LOG, SEQ, State
from rtm.trends.table import UNIT
from rtm.trends.tally import count_past
from rtm.trends.telling import PEAK_S, PEAKED, Course, Telling
from tests.trends.telling import ROOMY, state_of

START = 1_359_928_800
SLOT = 5
MOST = 100_000
STATE = state_of(ROOMY._replace(recent_bits=17))
STORY = OpenStory("s1", SLOT, START, START)


def ticks_of(posts: int, shape: str, seed: int) -> list[int]:
    """Return the ticks of a story's posts, in order."""
    rng = random.Random(seed)
    laws: dict[str, Callable[[], float]] = {
        "at once": lambda: 0.0,
        "steady": lambda: rng.uniform(0, 7_200),
        "rising": lambda: 3_600 * rng.random() ** 0.3,
        "falling": lambda: rng.expovariate(1 / 600),
        "two peaks": lambda: rng.gauss(rng.choice([900, 4_500]), 40),
    }
    return sorted(START + int(laws[shape]()) for _ in range(posts))


def reset(state: State) -> None:
    state.story_posts[SLOT] = 0
    state.story_next[SLOT] = 1 << 40
    state.story_latest[SLOT] = -1
    state.story_stride[SLOT] = 1
    state.last[1 + SLOT] = 0
    state.cells[1 + SLOT] = 0
    state.past[1 + SLOT] = 0.0
    state.seen[1 + SLOT] = 0


def course(ticks: list[int], state: State = STATE) -> Course:
    """Return how a story of posts at these ticks went, as it was counted."""
    reset(state)
    state.recent_ticks[: len(ticks)] = ticks
    state.recent_weights[: len(ticks)] = UNIT
    state.numbers[SEQ] = len(ticks)
    count_past(state, SLOT, np.arange(len(ticks)), 1 << 40)
    assert state.story_posts[SLOT] == len(ticks)
    return Telling(state, Recent(1)).course(STORY)


def at_ninety(posts: int) -> int:
    """Return the place of the post with which nine in ten have come."""
    return -(-9 * posts // 10) - 1


def in_minute(ticks: list[int], tick: int) -> int:
    return bisect_left(ticks, tick + PEAK_S) - bisect_left(ticks, tick)


def peak_of(ticks: list[int]) -> int | None:
    """Return the middle of the busiest minute, the last of equals."""
    first = max(ticks, key=lambda tick: (in_minute(ticks, tick), tick))
    last = ticks[bisect_left(ticks, first + PEAK_S) - 1]
    return (first + last) // 2 if len(ticks) >= PEAKED else None


SHAPES = st.sampled_from(["at once", "steady", "rising", "falling", "two peaks"])


@given(st.integers(1, LOG), SHAPES, st.integers(0, 2**32))
@example(LOG, "steady", 1)
@settings(deadline=None, max_examples=80)
def test_a_story_that_the_log_holds_whole_is_told_exactly(posts, shape, seed):
    ticks = ticks_of(posts, shape, seed)

    told = course(ticks)

    assert told.over == ticks[at_ninety(posts)]
    assert told.peak == peak_of(ticks)


@given(st.integers(PEAKED, MOST) | st.integers(PEAKED, 2_000), SHAPES, st.integers(0, 2**32))
@example(MOST, "two peaks", 1)
@example(LOG + 1, "steady", 2)
@example(2 * LOG, "falling", 3)
@example(2 * LOG + 1, "falling", 3)
@settings(deadline=None, max_examples=25)
def test_any_story_is_told_within_the_stride_of_its_log(posts, shape, seed):
    ticks = ticks_of(posts, shape, seed)

    told = course(ticks)

    stride, place = int(STATE.story_stride[SLOT]), at_ninety(posts)
    assert ticks[max(0, place - stride + 1)] <= told.over <= ticks[place]
    busiest = max(in_minute(ticks, tick) for tick in {*ticks})
    assert told.peak is not None
    around = bisect_left(ticks, told.peak + PEAK_S) - bisect_left(ticks, told.peak - PEAK_S)
    assert around > busiest - 2 * stride


@given(st.integers(1, MOST))
@example(LOG)
@example(LOG + 1)
@example(LOG * 256)
@settings(deadline=None, max_examples=25)
def test_the_log_is_never_thinner_than_half_full(posts):
    course([START + n // 10 for n in range(posts)])

    stride = int(STATE.story_stride[SLOT])
    assert stride & (stride - 1) == 0
    assert posts <= LOG * stride
    assert stride == 1 or posts > LOG * stride // 2
    kept = STATE.story_log[SLOT, : -(-posts // stride)].tolist()
    assert kept == [START + n // 10 for n in range(0, posts, stride)]


def test_a_late_crowd_moves_the_end_and_an_early_one_does_not():
    steady = [START + 10 * n for n in range(100)]

    late, early = course([*steady, *[START + 2_000] * 20]), course([*[START] * 20, *steady])

    assert late.over == START + 2_000
    assert late.peak == START + 2_000
    assert early.over < START + 900
    assert early.peak == START + 25  # the middle of twenty posts and the five after them


def test_a_story_of_few_posts_has_no_peak():
    few, enough = ([START + 10 * n for n in range(posts)] for posts in (PEAKED - 1, PEAKED))

    assert course(few).peak is None
    assert course(enough).peak is not None


class Thin(Telling):
    """Wrong on purpose: takes each entry of the log for one post."""

    def course(self, story: OpenStory) -> Course:
        kept = self._state.story_log[story.slot, : min(LOG, self.posts(story))]
        return Course(int(kept[at_ninety(kept.size)]), int(kept[0]))


@pytest.mark.parametrize("posts", [300, 5_000])
def test_a_log_read_without_its_stride_tells_another_end(posts):
    ticks = ticks_of(posts, "steady", 4)
    told = course(ticks)

    wrong = Thin(STATE, Recent(1)).course(STORY)

    assert abs(told.over - ticks[at_ninety(posts)]) < 60 < abs(wrong.over - told.over)
