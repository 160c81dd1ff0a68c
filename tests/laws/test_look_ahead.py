"""No look-ahead: the events of a log cut anywhere are the full run's up to there."""

import json
import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from rtm.engine import Engine
from rtm.replay import replay
from rtm.types import Event, line_of, moment
from tests.laws.telling import Log, NewEngine, Night, cuts_every, lines, live, logged, small_engine
from tests.streams import BRAND, GAMES, SMALL, stream

BLACKOUT = datetime(2013, 2, 4, 1, 42, 55, tzinfo=UTC)
OREO = datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)


class Seer(Engine):
    """Wrong on purpose: is told of frames a minute before they are over."""

    def step(self, frame: pl.DataFrame, closed: int) -> list[Event]:
        return super().step(frame, closed + 60)


class Restless(Engine):
    """Wrong on purpose: normalises by all it was given, as if the end were known."""

    def __init__(self, log: Log) -> None:
        quietest = max(1, 2_000 - sum(frame.height for frame, _ in log))
        super().__init__(BRAND, GAMES, SMALL._replace(prior_total=float(quietest)))


@pytest.fixture(scope="module")
def night() -> Night:
    return Night()


def time_of(line: str) -> datetime:
    return datetime.fromisoformat(json.loads(line)["at"])


def upto(whole: list[str], closed: int) -> list[str]:
    """Return the events of ticks that are over."""
    return [line for line in whole if time_of(line) <= moment(closed + 1)]


def broken_at(log: Log, whole: list[str], cuts: range, new_engine: NewEngine) -> list[int]:
    """Return the cuts after which the events are not the full run's up to there."""
    return [cut for cut in cuts if lines(log[:cut], new_engine()) != upto(whole, log[cut - 1][1])]


@pytest.mark.parametrize("seed", range(3))
def test_a_log_cut_anywhere_tells_the_full_run_up_to_there(seed):
    posts = stream(seed)
    log = logged(posts, cuts_every(posts, 5))

    whole = lines(log, small_engine())

    assert len(whole) > 10
    assert broken_at(log, whole, range(1, len(log), 7), small_engine) == []


@pytest.mark.parametrize("seed", range(1))
def test_a_live_log_cut_anywhere_tells_the_full_run_up_to_there(seed):
    log = live(stream(seed), seed)

    whole = lines(log, small_engine())

    assert broken_at(log, whole, range(1, len(log), len(log) // 8), small_engine) == []


def test_an_engine_that_closes_too_early_breaks_the_law():
    posts = stream(1)
    log = logged(posts, cuts_every(posts, 5))

    def seer() -> Engine:
        return Seer(BRAND, GAMES, SMALL)

    assert broken_at(log, lines(log, seer()), range(1, len(log), 4), seer)


def test_an_engine_that_knows_the_end_breaks_the_law():
    posts = stream(1)
    log = logged(posts, cuts_every(posts, 5))

    whole = lines(log, Restless(log))

    assert any(
        lines(log[:cut], Restless(log[:cut])) != upto(whole, log[cut - 1][1])
        for cut in range(1, len(log), 12)
    )


def test_the_real_night_cut_anywhere_tells_the_full_run_up_to_there(night):
    log = logged(night.posts, cuts_every(night.posts, 20))
    rng = random.Random(7)

    whole = lines(log, night.engine())

    for cut in (rng.randrange(1, len(log)) for _ in range(8)):
        assert lines(log[:cut], night.engine()) == upto(whole, log[cut - 1][1])


def test_the_night_cut_right_after_the_blackout_tells_the_same_line(night):
    whole = [line_of(event) for event in replay(night.engine(), night.posts)]
    found = [
        line
        for line in whole
        if json.loads(line)["event"] == "opportunity_found"
        and "lights" in json.loads(line)["opportunity"]["story"]["terms"]
        and BLACKOUT <= time_of(line) <= OREO
    ]
    is_before = pl.col("at") < time_of(found[0]) + timedelta(seconds=3)
    and_one_more = night.posts.head(night.posts.filter(is_before).height + 1)

    short = [line_of(event) for event in replay(night.engine(), and_one_more)]

    assert short == whole[: len(short)]
    assert short[-1] == found[0]


def test_the_end_of_posts_tells_nothing_that_is_not_over_unless_asked():
    posts = stream(2).sort("at", "id")
    whole = [line_of(event) for event in replay(small_engine(), posts)]
    last = next(n for n in range(posts.height) if lines_of_replay(posts[: n + 1], flush=True))

    unasked = lines_of_replay(posts[: last + 1], flush=False)
    asked = lines_of_replay(posts[: last + 1], flush=True)

    assert unasked == []
    assert asked[0] == whole[0]


def lines_of_replay(posts: pl.DataFrame, flush: bool) -> list[str]:
    return [line_of(event) for event in replay(small_engine(), posts, flush=flush)]
