"""A replay keeps any pace without changing what is told, and stops when time does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from rtm import build
from rtm.brand import Brand
from rtm.clock import FixedClock, WallClock
from rtm.engine import Engine
from rtm.event import WatchedEvent
from rtm.frame import POST_SCHEMA, empty_posts
from rtm.replay import Pace, replay
from rtm.types import line_of

START = datetime(2013, 2, 4, 1, 30, tzinfo=UTC)
TODAY = datetime(2026, 1, 1, tzinfo=UTC)


def posts_at(*seconds: float) -> pl.DataFrame:
    """Return a post about nothing at each of these seconds after ``START``."""
    rows = [
        {
            "id": f"p{n:03}",
            "at": START + timedelta(seconds=second),
            "text": f"nothing much {n}",
            "is_repost": False,
            "source": "made",
        }
        for n, second in enumerate(seconds)
    ]
    return pl.DataFrame(rows, schema=POST_SCHEMA)


def told(
    posts: pl.DataFrame,
    speed: float | None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[tuple[float, int, int]]:
    """Return for each time that the engine was told: seconds waited, rows so far, tick closed."""
    clock = FixedClock(TODAY)
    tellings = []
    pace = None if speed is None else Pace(clock, speed, since)

    def on_told(rows: int, tick: int) -> None:
        waited_s = (clock.now() - TODAY).total_seconds()
        tellings.append((waited_s, rows, tick - int(START.timestamp())))

    engine = Engine(Brand(name="Oreo"))
    list(replay(engine, posts, until=until, pace=pace, on_told=on_told))
    return tellings


@pytest.fixture(scope="module")
def night() -> build.Told:
    return build.demo(WallClock())


def lines(night: build.Told, posts: pl.DataFrame, **options: Any) -> list[str]:
    engine = Engine(night.brand, night.events)
    return [line_of(event) for event in replay(engine, posts, **options)]


def before(night: build.Told, at: datetime) -> pl.DataFrame:
    return night.recording.posts.filter(pl.col("at") < at)


def test_at_real_time_a_post_is_told_when_its_second_is_over():
    tellings = told(posts_at(0, 2.5, 4), 1.0)

    assert [(waited_s, rows) for waited_s, rows, _ in tellings] == [
        (1.0, 1),
        (2.0, 1),
        (3.0, 2),
        (4.0, 2),
        (5.0, 3),
    ]


def test_a_replay_at_ten_times_real_time_waits_a_tenth():
    slow, fast = told(posts_at(0, 30), 1.0), told(posts_at(0, 30), 10.0)

    assert slow[-1][0] == 31.0
    assert fast[-1][0] == pytest.approx(3.1)


def test_a_fast_replay_wakes_at_most_twenty_times_a_second():
    tellings = told(posts_at(0, 3600), 600.0)

    assert len(tellings) <= 3600 / 600 * 20 + 2


def test_history_before_the_beginning_asked_for_is_told_without_waiting():
    posts = posts_at(0, 50, 100, 103)

    tellings = told(posts, 1.0, since=START + timedelta(seconds=100))

    assert tellings[0][:2] == (0.0, 2)
    assert tellings[-1][:2] == (4.0, 4)


def test_silence_closes_ticks_at_the_lag_of_a_lane():
    tellings = told(posts_at(0, 60), 1.0)

    halfway = tellings[len(tellings) // 2]

    assert halfway[0] - halfway[2] == 4.0  # 3 of lag, and the tick's own second


def test_pacing_never_closes_more_than_the_posts_do():
    posts = posts_at(0, 1.5, 7, 60.2)

    paced, at_once = told(posts, 1.0), told(posts, None)

    assert paced[-1][2] == at_once[-1][2]


def test_a_paced_replay_waits_on_until_time_stops():
    tellings = told(posts_at(0), 1.0, until=START + timedelta(seconds=30))

    assert tellings[-1][0] == 30.0


def test_a_recording_without_posts_tells_nothing_at_any_pace():
    assert told(empty_posts(), None) == []
    assert told(empty_posts(), 1.0) == []


@pytest.mark.parametrize("speed", [7.0, 600.0, 50_000.0])
def test_the_night_is_the_same_at_any_speed(night, speed):
    posts = before(night, datetime(2013, 2, 4, 2, 10, tzinfo=UTC))
    pace = Pace(FixedClock(TODAY), speed, since=START)

    at_once, paced = lines(night, posts), lines(night, posts, pace=pace)

    assert at_once
    assert paced == at_once


def test_history_is_paced_away_without_a_trace(night):
    posts = before(night, datetime(2013, 2, 4, 2, 10, tzinfo=UTC))

    early = Pace(FixedClock(TODAY), 100_000.0, since=None)
    late = Pace(FixedClock(TODAY), 100_000.0, since=START)

    assert lines(night, posts, pace=early) == lines(night, posts, pace=late)


def test_time_that_went_on_closes_a_story_that_the_last_post_leaves_open(night):
    posts = before(night, datetime(2013, 2, 4, 2, 10, tzinfo=UTC))

    open_end = lines(night, posts)
    closed = lines(night, posts, until=datetime(2013, 2, 4, 12, tzinfo=UTC))

    assert closed[: len(open_end)] == open_end
    assert '"story_closed"' in closed[-1]


def test_time_that_stops_tells_what_the_whole_night_told_until_then(night):
    stop = datetime(2013, 2, 4, 1, 50, tzinfo=UTC)

    whole = list(replay(Engine(night.brand, night.events), night.recording.posts))
    upto = lines(night, before(night, stop), until=stop)

    assert upto
    assert upto == [line_of(event) for event in whole if event.at <= stop]


def test_a_clock_that_stands_still_never_goes_back():
    clock = FixedClock(TODAY)

    clock.sleep_until(TODAY + timedelta(seconds=5))
    clock.sleep_until(TODAY)

    assert clock.now() == TODAY + timedelta(seconds=5)


def test_the_wall_clock_does_not_wait_for_what_is_past():
    WallClock().sleep_until(START)


def test_a_replay_without_watched_events_runs(night):
    engine = Engine(night.brand, ())

    assert list(replay(engine, night.recording.posts))


def test_a_watched_event_is_what_makes_the_blackout_an_opportunity(night):
    kinds = {type(event).__name__ for event in replay(Engine(night.brand), night.recording.posts)}

    assert all(isinstance(event, WatchedEvent) for event in night.events)
    assert "OpportunityFound" not in kinds
