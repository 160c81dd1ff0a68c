"""What lies ahead of a story: its speed, and the interval in which it closes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.crowd import Crowd
from rtm.evaluate.planted import crowd_of
from rtm.score.closes import Closes
from rtm.score.prospect import ENOUGH, Prospect, speed
from rtm.types import Pace, Story, Tally, moment

TICK = 1_359_942_215
COUNTS = st.integers(0, 10**8).map(lambda units: units / 256)


class FakeTeller:
    """A story of 10 min with the paces that a test says."""

    def __init__(self, *paces: Pace) -> None:
        self.paces_told = paces

    def tally(self, story: str, tick: int) -> Tally:
        return Tally(posts=60, marks=(0,) * 8, followers=None, age_s=600)

    def paces(self, story: str, tick: int) -> tuple[Pace, ...]:
        return self.paces_told

    def crowd(self, story: str, tick: int) -> Crowd:
        return crowd_of([])

    def told(self, story: str, tick: int) -> Story:
        return Story(
            id=story, title="lights out", terms=("lights",), posts=60, authors=None, sources=4.0,
            surprise=7.0, opened_at=datetime(2013, 2, 4, tzinfo=UTC), examples=(),
        )  # fmt: skip


@given(st.integers(1, 10**7), COUNTS, COUNTS, st.integers(61, 120), st.integers(60, 1_800))
def test_speed_is_finite_and_never_below_zero(age_s, latest, before, latest_s, before_s):
    per_min, acceleration = speed(age_s, (Pace(latest, latest_s, before, before_s),))

    assert 0.0 <= per_min < float("inf")
    assert abs(acceleration) < float("inf")


def test_a_constant_pace_has_a_speed_and_does_not_grow():
    assert speed(3_600, (Pace(20.0, 120, 20.0, 120),)) == (10.0, 0.0)


def test_a_pace_that_doubled_grows_and_one_that_halved_falls():
    assert speed(3_600, (Pace(40.0, 120, 20.0, 120),)) == (20.0, 5.0)
    assert speed(3_600, (Pace(20.0, 120, 40.0, 120),)) == (10.0, -5.0)


def test_a_young_story_is_as_fast_as_its_age_allows():
    # ten posts in 30 s are 20 a minute, not the ten that a stretch of one minute would make of it
    assert speed(30, (Pace(10.0, 61, 0.0, 60),))[0] == 20.0


def test_a_stretch_with_too_few_posts_gives_way_to_a_longer_one():
    short, long = Pace(ENOUGH - 1, 60, 0.0, 60), Pace(30.0, 600, 30.0, 600)

    assert speed(3_600, (short, long)) == (3.0, 0.0)
    assert speed(3_600, (Pace(ENOUGH, 60, ENOUGH, 60), long)) == (4.0, 0.0)


def test_a_story_of_which_few_speak_is_told_by_the_longest_stretch():
    assert speed(3_600, (Pace(1.0, 60, 0.0, 60), Pace(2.0, 600, 2.0, 600))) == (0.2, 0.0)


def test_a_story_is_told_with_its_speed_and_the_interval_in_which_it_closes():
    teller, closes = FakeTeller(Pace(40.0, 120, 20.0, 120)), Closes()
    prospect = Prospect(teller, closes)

    story = prospect.told("s1", TICK)

    low_s, high_s = closes.interval(prospect.forecast("s1", TICK))
    assert (story.per_min, story.acceleration) == (20.0, 5.0)
    assert story.closes_at is not None
    assert story.closes_at.low == moment(TICK + 1 + low_s)
    assert story.closes_at.high == moment(TICK + 1 + high_s)
    assert story.title == "lights out"


def test_a_rising_story_closes_later_than_one_that_falls():
    rising, falling = (
        Prospect(FakeTeller(pace), Closes()).told("s1", TICK).closes_at
        for pace in (Pace(40.0, 120, 20.0, 120), Pace(5.0, 120, 40.0, 120))
    )

    assert rising is not None
    assert falling is not None
    assert rising.high > falling.high


@pytest.mark.parametrize("age_s", [1, 59, 60, 61, 10**6])
def test_no_posts_at_all_are_no_speed(age_s):
    assert speed(age_s, (Pace(0.0, 60, 0.0, 60),)) == (0.0, 0.0)
