"""Surprises noted in one run and taken in another: the same fires, and the same is told."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import Engine
from rtm.trends.kernel import run
from rtm.trends.noting import UNJUDGED, Noting, is_reusable
from rtm.trends.settings import Settings
from rtm.trends.state import (
    DUE,
    FIRED,
    JUDGE,
    LAST_TICK,
    LEVEL,
    LEVELS,
    NOTED,
    Given,
    State,
    empty_state,
    judging,
)
from rtm.types import Event, StoryOpened, line_of
from tests.laws.telling import Log, cuts_every, logged
from tests.planted import happening, posts_of, talk
from tests.streams import BRAND, GAMES, SMALL, stream, turning
from tests.trends.plain import Row
from tests.trends.telling import rows_of
from tests.trends.test_kernel import LOUD, SUBJECTS, burst, quiet_talk, rows_by

CHANGES: list[dict[str, Any]] = [
    {},
    {"hot_floor": 4.5, "story_floor": 6.0, "linked_floor": 5.0},
    {"hot_floor": 90.0},
    {"refire": 1.1, "judge_s": 0},
    {"judge_s": 30},
    {"hold_windows": 1.0, "least_hold_s": 10, "most_hold_s": 30},
    {"story_quiet_s": 240, "link_share": 0.6, "fresh_s": 20, "surge_floor": 4.0},
    {"alarms_per_day": 2, "alarms_per_hour": 1},
]
EVENTFUL = SMALL._replace(hot_floor=2.5, min_z=3.0)


def steps(engine: Engine, log: Log) -> list[Event]:
    """Tell an engine as a replay with two threads does: ordered, read, counted."""
    events = []
    for frame, closed in log:
        over = engine.ordered(frame, closed)
        events += engine.count(over, engine.read(over), closed)
    return events


def told(log: Log, chosen: Settings, given: Given | Noting | None = None) -> list[str]:
    return [line_of(event) for event in steps(Engine(BRAND, GAMES, chosen, given), log)]


def noted(log: Log, chosen: Settings) -> Noting:
    noting = Noting()
    told(log, chosen, noting)
    return noting


@given(st.integers(0, 2**32), st.integers(3, 400), st.sampled_from(CHANGES))
@settings(deadline=None, max_examples=12)
def test_what_was_noted_and_taken_tells_the_same_as_judging_does(seed, rows, change):
    posts = stream(seed, posts=250)
    log = logged(posts, cuts_every(posts, rows))
    chosen = EVENTFUL._replace(**change)

    taken = told(log, chosen, noted(log, EVENTFUL).given())

    assert is_reusable(EVENTFUL, chosen)
    assert taken == told(log, chosen)


@pytest.mark.parametrize("posts", [stream(3), turning(3)])
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_the_trigger_reuses_what_was_noted_once(change, posts):
    log = logged(posts, [0, posts.height])

    taken = told(log, EVENTFUL._replace(**change), noted(log, EVENTFUL).given())

    assert taken == told(log, EVENTFUL._replace(**change))
    assert bool(taken) == (change != {"hot_floor": 90.0})


def test_noting_changes_no_event():
    posts = stream(4)
    log = logged(posts, cuts_every(posts, 50))

    assert told(log, EVENTFUL, Noting()) == told(log, EVENTFUL)


def test_one_noting_is_taken_by_many_engines():
    posts = stream(5)
    log = logged(posts, cuts_every(posts, 90))
    noting = noted(log, EVENTFUL)

    first, second = (told(log, EVENTFUL, noting.given()) for _ in range(2))

    assert first == second == told(log, EVENTFUL)


def test_nothing_that_was_given_is_nothing_told():
    log = logged(stream(5), [0, 500])

    assert told(log, EVENTFUL, Noting().given()) == []


def test_another_statistic_s_surprises_are_taken_as_they_are():
    # twice as loud as judged: what was told stays, and says so
    log = logged(posts_of(talk(900), happening(600, "lamps went dark")), [0, 233])
    given_ = noted(log, SMALL).given()
    given_.levels[:, LEVEL] *= 2

    engine = Engine(BRAND, GAMES, SMALL, given_)

    (loud,) = [event for event in steps(engine, log) if isinstance(event, StoryOpened)][:1]
    (usual,) = [
        event for event in steps(Engine(BRAND, GAMES, SMALL), log) if isinstance(event, StoryOpened)
    ][:1]
    assert loud.at == usual.at
    assert loud.story.surprise == pytest.approx(2 * usual.story.surprise, abs=0.02)


@pytest.mark.parametrize("name", sorted(Settings._fields))
def test_only_what_leaves_surprises_alone_reuses_them(name):
    noted = SMALL._replace(background=0.1, pair_rate=100.0)  # so that none is 0
    value = getattr(noted, name)
    lower, higher = (noted._replace(**{name: type(value)(value * n)}) for n in (0.5, 2))

    is_free = name in UNJUDGED
    assert is_reusable(noted, lower) == is_free
    assert is_reusable(noted, higher) == (is_free or name == "hot_floor")


def test_a_lower_floor_than_was_noted_tells_less_than_judging():
    posts = stream(3)
    log = logged(posts, [0, posts.height])
    lower = EVENTFUL._replace(hot_floor=1.5, min_z=3.0)

    assert told(log, lower, noted(log, EVENTFUL).given()) != told(log, lower)


# --- the kernel alone -------------------------------------------------------------------------


def fires(
    rows: Sequence[Row], chosen: Settings, given: Given | Noting, state: State
) -> list[tuple[int, int, float]]:
    """Return (tick, term, surprise) of all that fires; what is noted is fetched after each run."""
    state.numbers[DUE] = 1 << 60
    columns = rows_of(rows)
    noting = given if isinstance(given, Noting) else Noting()
    mode = given.judging if isinstance(given, Noting) else given
    found, post = [], 0
    while post < len(rows):
        post = int(run(state, chosen, columns, mode, post))
        noting.fetch(state)
        places = range(int(state.numbers[FIRED]))
        tick = int(state.numbers[LAST_TICK])
        found += [
            (tick, int(state.keys[state.fired[place]]), float(state.levels[place, LEVEL]))
            for place in places
        ]
    return sorted(found)


@given(
    st.integers(0, 2**32),
    st.sampled_from([1.0, 1.5, 3.0]),
    st.sampled_from([0.0, 0.5, 1.5]),
    st.sampled_from([0, 3, 20]),
    st.sampled_from([10, 120]),
)
@settings(deadline=None, max_examples=15)
def test_the_same_terms_fire_as_loud_whether_judged_or_taken(seed, refire, above, judge_s, hold_s):
    rows = rows_by(seed, ticks=150)
    loose = LOUD._replace(hot_floor=2.0, min_z=2.0)
    chosen = loose._replace(
        hot_floor=2.0 + above, refire=refire, judge_s=judge_s, least_hold_s=hold_s
    )
    noting = Noting()
    fires(rows, loose, noting, empty_state(loose))

    taken = fires(rows, chosen, noting.given(), empty_state(chosen))

    assert taken == fires(rows, chosen, judging(JUDGE), empty_state(chosen))


CRAMPED = LOUD._replace(row_bits=4, probation_bits=6, recent_bits=10, hot_floor=2.0, min_z=2.0)


@pytest.mark.parametrize("most", [30, 1 << 15])
@pytest.mark.parametrize("seed", range(4))
def test_surprises_are_noted_by_term_though_rows_change_hands(seed, most):
    # 69 terms in 16 rows: a row is given up while its surprise waits to be fetched
    rows = rows_by(seed, ticks=400)
    noting = Noting(most)
    fires(rows, CRAMPED, noting, empty_state(CRAMPED, most))

    taken = fires(rows, CRAMPED, noting.given(), empty_state(CRAMPED))

    assert taken == fires(rows, CRAMPED, judging(), empty_state(CRAMPED))
    assert taken


class Rowwise(Noting):
    """Wrong on purpose: knows only the terms whose rows are still theirs when it fetches."""

    def fetch(self, state: State) -> None:
        noted = int(state.numbers[NOTED])
        is_there = np.isin(state.noted_keys[:noted], state.keys)
        state.numbers[NOTED] = int(is_there.sum())
        for column in (state.noted_ticks, state.noted_keys, state.noted_levels):
            column[: int(is_there.sum())] = column[:noted][is_there]
        super().fetch(state)


def test_noting_by_row_would_lose_terms_whose_rows_changed_hands():
    # the subject is hot for some time after it fired; then the talk takes its row
    few = LOUD._replace(row_bits=4)
    echoes = [row for n in range(5) for row in burst(214 + 3 * n, 1)]
    rows = sorted([*quiet_talk(400), *burst(200, 12), *echoes], key=lambda row: row.tick)
    noting, rowwise = Noting(), Rowwise()

    fires(rows, few, noting, empty_state(few))
    fires(rows, few, rowwise, empty_state(few))

    noted_, lost = (one.given().keys.tolist().count(SUBJECTS[0]) for one in (noting, rowwise))
    assert noted_ > lost


def crowd() -> list[Row]:
    """Return talk in which three subjects are loud for a minute, noted some hundred times."""
    loud = [
        Row(row.tick, tuple(SUBJECTS[:3]), source=row.source)
        for at in range(0, 60, 4)
        for row in burst(200 + at, 8)
    ]
    return sorted([*quiet_talk(400), *loud], key=lambda row: row.tick)


def test_a_run_stops_to_have_what_it_noted_fetched():
    rows, small = crowd(), Noting(8)
    state, roomy = empty_state(LOUD, 8), Noting()
    full = []

    fires(rows, LOUD, roomy, empty_state(LOUD))
    columns, post = rows_of(rows), 0
    state.numbers[DUE] = 1 << 60
    while post < len(rows):
        post = int(run(state, LOUD, columns, small.judging, post))
        full.append(int(state.numbers[NOTED]))
        small.fetch(state)

    one, other = roomy.given(), small.given()
    assert one.ticks.size > 100
    assert np.array_equal(one.ticks, other.ticks)
    assert np.array_equal(one.keys, other.keys)
    assert np.array_equal(one.levels, other.levels)
    assert max(full) > 4


def test_without_fetching_the_place_ends_and_the_loss_is_not_silent():
    rows, small = crowd(), Noting(8)
    state = empty_state(LOUD, 8)
    state.numbers[DUE] = 1 << 60
    columns, post = rows_of(rows), 0

    while post < len(rows):
        post = int(run(state, LOUD, columns, small.judging, post))

    with pytest.raises(AssertionError, match="room for 8"):
        small.fetch(state)


def test_what_was_noted_comes_in_order_of_time_with_all_four_levels():
    noting = Noting()

    fires(crowd(), LOUD, noting, empty_state(LOUD))

    given_ = noting.given()
    assert (np.diff(given_.ticks) >= 0).all()
    assert given_.levels.shape == (given_.ticks.size, LEVELS)
    assert (given_.levels[:, LEVEL] >= LOUD.hot_floor).all()
    assert set(given_.keys.tolist()) >= set(SUBJECTS[:3])
