"""The null is real: a night whose posts kept their words but lost their times says next to nothing.

That the real night speaks stands beside it: silence alone would prove nothing.
"""

from datetime import UTC, datetime
from functools import cache

import numpy as np
import polars as pl
import pytest

from rtm.brand import Brand
from rtm.build import DEMO, NIGHT
from rtm.config import load
from rtm.engine import Engine
from rtm.event import WatchedEvent
from rtm.replay import replay
from rtm.sources.files import read_file
from rtm.types import Event, OpportunityFound, StoryOpened

FROM, TO = datetime(2013, 2, 3, 22, tzinfo=UTC), datetime(2013, 2, 4, 5, tzinfo=UTC)
MOST_STORIES = 8  # in the seven hours of the game


@cache
def night() -> pl.DataFrame:
    return read_file(NIGHT, now=datetime(2026, 1, 1, tzinfo=UTC)).posts


def permuted(seed: int) -> pl.DataFrame:
    times = night()["at"].to_numpy().copy()
    np.random.default_rng(seed).shuffle(times)
    at = pl.Series("at", times).dt.replace_time_zone("UTC").cast(night().schema["at"])
    return night().with_columns(at).sort("at", "id")


def told(posts: pl.DataFrame) -> list[Event]:
    brand = load(DEMO / "oreo.toml", Brand)
    event = load(DEMO / "superbowl-xlvii.toml", WatchedEvent)
    events = replay(Engine(brand, [event]), posts, flush=True)
    return [one for one in events if FROM <= one.at <= TO]


@cache
def found_on_the_real_night() -> int:
    return sum(isinstance(event, OpportunityFound) for event in told(night()))


def names_the_lights(event: StoryOpened) -> bool:
    return any("light" in term for term in event.story.terms)


def test_the_real_night_tells_of_the_lights_and_finds_opportunities():
    events = told(night())

    opened = [event for event in events if isinstance(event, StoryOpened)]
    assert any(names_the_lights(event) for event in opened)
    assert 1 <= found_on_the_real_night() <= 15


@pytest.mark.parametrize("seed", range(10))
def test_a_night_without_its_times_is_nearly_silent(seed):
    events = told(permuted(seed))

    opened = [event for event in events if isinstance(event, StoryOpened)]
    found = [event for event in events if isinstance(event, OpportunityFound)]
    assert not any(names_the_lights(event) for event in opened)
    assert len(opened) <= MOST_STORIES
    assert len(found) < found_on_the_real_night()
