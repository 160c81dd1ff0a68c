"""The crowd of a story: its latest posts in order, the same in any frames."""

from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from rtm.crowd import Crowd
from rtm.engine import Engine
from rtm.trends.open_story import OpenStory
from rtm.trends.recent import Recent
from rtm.trends.state import CROWD, DUE
from rtm.trends.table import STORIES
from rtm.trends.telling import Telling
from tests.laws.telling import cuts_every, logged, small_engine
from tests.planted import Said, posts_of
from tests.streams import START, WORDS, stream
from tests.trends.telling import state_of
from tests.trends.test_tally import SLOT, count, see
from tests.trends.test_tally import START as TICK

ROW = 300


def crowd_of(posts: int) -> Crowd:
    """Return the crowd of a story of posts by authors 1, 2, 3 and so on, a second apart."""
    state = state_of()
    state.story_latest[SLOT], state.story_next[SLOT] = -1, 1 << 40
    for n in range(posts):
        count(state, see(state, ROW, TICK + n, 1, 256, author=n + 1, followers=n), TICK + n)
    return Telling(state, Recent(1)).crowd(OpenStory("s1", SLOT, TICK, TICK), TICK + posts)


@pytest.mark.parametrize("posts", [1, 7, CROWD - 1, CROWD, CROWD + 1, 3 * CROWD + 5])
def test_a_crowd_holds_the_latest_posts_in_order(posts):
    crowd = crowd_of(posts)

    latest = list(range(max(0, posts - CROWD), posts))
    assert crowd.authors.tolist() == [n + 1 for n in latest]
    assert crowd.followers.tolist() == latest
    assert crowd.at_us.tolist() == [(TICK + n) * 1_000_000 for n in latest]
    assert crowd.posts == posts


def test_what_is_not_kept_any_more_is_unknown():
    crowd = crowd_of(3)

    assert crowd.texts == (None, None, None)
    assert np.isnan(crowd.ages_d).all()


def happening() -> list[Said]:
    """Return a burst of which every second post copies one text."""
    return [
        Said(
            900 + n / 2,
            f"blackout superdome {'free jersey voucher stream today' if n % 2 else WORDS[n]}",
            f"u{n}",
            n,
        )
        for n in range(60)
    ]


def quiet() -> list[Said]:
    return [Said(n * 4.0, f"{WORDS[n % 40]} {WORDS[-n]}", f"q{n % 9}") for n in range(220)]


@cache
def told(rows: int, *, stops: bool = False) -> tuple[Crowd, ...]:
    """Return the crowds of all open stories after a burst, told in frames of so many rows."""
    posts = posts_of(quiet(), happening())
    engine = small_engine()
    for frame, closed in logged(posts, cuts_every(posts, rows)):
        engine.step(frame, closed)
        if stops:
            content, engine = engine.snapshot(), small_engine()
            engine.restore(content)
    return crowds(engine)


def crowds(engine: Engine) -> tuple[Crowd, ...]:
    monitor = engine._monitor
    tick = int(monitor.state.numbers[DUE])
    return tuple(
        monitor.telling.crowd(monitor.stories.open[slot], tick)
        for slot in range(STORIES)
        if slot in monitor.stories.open
    )


def columns(crowd: Crowd) -> list[object]:
    arrays = [
        crowd.at_us,
        crowd.authors,
        crowd.followers,
        crowd.clusters,
        crowd.heard,
        crowd.marks,
        crowd.is_reply,
        crowd.is_repost,
    ]
    return [*(np.asarray(array).tolist() for array in arrays), crowd.texts, crowd.posts]


def test_a_story_s_crowd_tells_texts_moments_and_copies():
    (crowd,) = told(1000)

    assert crowd.at_us[0] >= (START + timedelta(seconds=900)).timestamp() * 1e6
    assert len({round(gap) for gap in np.diff(crowd.at_us).tolist()}) < 4
    assert all(text is not None and "blackout" in text for text in crowd.texts)
    copies = ["voucher" in (text or "") for text in crowd.texts]
    assert np.unique(crowd.clusters[copies]).size == 1
    assert (crowd.heard[:, 0] == 1).all()


@pytest.mark.parametrize("rows", [1, 7, 50])
def test_a_crowd_is_the_same_in_any_frames(rows):
    assert [columns(one) for one in told(rows)] == [columns(one) for one in told(1000)]


def test_a_crowd_is_the_same_after_a_stop():
    assert [columns(one) for one in told(40, stops=True)] == [columns(one) for one in told(1000)]


def test_regulars_are_the_same_in_any_frames():
    tables = []
    for rows in (1, 33, 1000):
        engine, posts = small_engine(), stream(3)
        for frame, closed in logged(posts, cuts_every(posts, rows)):
            engine.step(frame, closed)
        tables.append(engine._monitor.state.regulars)

    assert tables[0].any()
    assert (tables[0] == tables[1]).all()
    assert (tables[0] == tables[2]).all()
