"""The null: the same posts at times that mean nothing tell next to nothing."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from tests.laws.telling import Night, told

SINCE = datetime(2013, 2, 3, 22, tzinfo=UTC)
UNTIL = datetime(2013, 2, 4, 5, tzinfo=UTC)
BLACKOUT = datetime(2013, 2, 4, 1, 42, 55, tzinfo=UTC)
OREO = datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)
MOST_STORIES = 8
LIGHTS = {"light", "lights", "power", "outage", "dark", "electricity", "blackout"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a night told between ``SINCE`` and ``UNTIL``."""

    stories: list[dict[str, object]]
    opportunities: list[dict[str, object]]

    def words(self) -> set[str]:
        """Return all words of all terms of all stories."""
        return {
            word.lstrip("#@")
            for story in self.stories
            for term in story["terms"]  # type: ignore[attr-defined]
            for word in term.split()
        }


def told_of(night: Night, posts: pl.DataFrame) -> Told:
    events = [json.loads(line) for line in told(posts, new_engine=night.engine)]
    shown = [one for one in events if SINCE <= datetime.fromisoformat(one["at"]) < UNTIL]
    found = [one["opportunity"] for one in shown if one["event"] == "opportunity_found"]
    opened = {one["story"]["id"] for one in shown if one["event"] == "story_opened"}
    stories = [one["story"] for one in events if "story" in one and one["story"]["id"] in opened]
    stories += [one["story"] for one in found]
    return Told(stories, found)


def permuted(posts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the posts at each other's times."""
    at = posts["at"][np.random.default_rng(seed).permutation(posts.height)]
    return posts.with_columns(at).sort("at", "id")


@pytest.fixture(scope="module")
def night() -> Night:
    return Night()


@pytest.fixture(scope="module")
def real(night: Night) -> Told:
    return told_of(night, night.posts)


@pytest.mark.parametrize("seed", range(10))
def test_a_night_at_times_that_mean_nothing_tells_next_to_nothing(night, real, seed):
    null = told_of(night, permuted(night.posts, seed))

    assert not null.words() & LIGHTS
    assert len({story["id"] for story in null.stories}) <= MOST_STORIES
    assert len(null.opportunities) < len(real.opportunities)


def test_the_real_night_tells_of_the_lights_before_oreo_did(real):
    lights = [found for found in real.opportunities if "lights" in found["story"]["terms"]]

    opened = datetime.fromisoformat(lights[0]["story"]["opened_at"])

    assert BLACKOUT <= opened <= OREO
    assert 1 <= len(real.opportunities) <= 15
    assert real.words() & LIGHTS


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 110))
def test_a_hundred_more_nulls_tell_next_to_nothing(night, real, seed):
    null = told_of(night, permuted(night.posts, seed))

    assert len({story["id"] for story in null.stories}) <= MOST_STORIES
    assert len(null.opportunities) < len(real.opportunities)
