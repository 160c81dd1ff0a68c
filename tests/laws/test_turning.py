"""The laws hold where stories part and merge, where budgets cut, and where closings are learned."""

import random

import pytest

from rtm.engine import Engine
from rtm.replay import replay
from rtm.score.budget import Budget
from rtm.score.closes import KEPT, Closes, Forecast
from rtm.types import line_of
from tests.laws.telling import Log, NewEngine, cuts_every, lines, live, logged, random_cuts, recut
from tests.laws.test_look_ahead import broken_at, upto
from tests.laws.test_order import shuffled
from tests.laws.test_stop_and_go import stopped
from tests.streams import BRAND, GAMES, SMALL, stream, turning

TIGHT = SMALL._replace(alarms_per_day=1, alarms_per_hour=1)
SILENCE_S = 8_000


class Unlearned(Engine):
    """Wrong on purpose: forgets at a restart what closings taught."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._closes.restore(Closes().snapshot())


class Lavish(Engine):
    """Wrong on purpose: forgets at a restart how much was shown."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._budget.restore(Budget(1, 1).snapshot())


class Logless(Engine):
    """Wrong on purpose: forgets at a restart when a story's posts came."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._monitor.state.story_log[...] = 0


class Orphaned(Engine):
    """Wrong on purpose: forgets at a restart which stories were told."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        for story in self._monitor.stories.open.values():
            story.told = 0


def tight() -> Engine:
    return Engine(BRAND, GAMES, TIGHT)


def small() -> Engine:
    return Engine(BRAND, GAMES, SMALL)


def made_by(form: type[Engine]) -> NewEngine:
    return lambda: form(BRAND, GAMES, TIGHT)


def until_closed(log: Log) -> Log:
    """Return a log with so much silence after it that every story closes."""
    return [*log, (log[0][0].clear(), log[-1][1] + SILENCE_S)]


def turning_log(seed: int, rows: int = 12) -> Log:
    posts = turning(seed)
    return until_closed(logged(posts, cuts_every(posts, rows)))


@pytest.mark.parametrize(("new_engine", "seed"), [(small, 0), (tight, 1)])
def test_stories_part_and_merge_alike_however_rows_are_framed(seed, new_engine):
    posts = turning(seed)
    whole = lines(until_closed(logged(posts, [0, posts.height])), new_engine())

    framed = [
        lines(until_closed(logged(posts, cuts)), new_engine())
        for cuts in (cuts_every(posts, 2), cuts_every(posts, 17), random_cuts(posts, seed))
    ]
    log = live(posts, seed)

    assert framed == [whole] * 3
    assert lines(recut(log, seed), new_engine()) == lines(log, new_engine())


@pytest.mark.parametrize("seed", range(2))
def test_stories_part_and_merge_alike_in_a_replay_that_reads_ahead(seed):
    posts = turning(seed)

    ahead = [line_of(one) for one in replay(small(), posts, frame_rows=40)]

    assert ahead == lines(logged(posts, [0, posts.height]), small())
    assert any('"story_split"' in line for line in ahead)
    assert any('"story_merged"' in line for line in ahead)


@pytest.mark.parametrize(("new_engine", "seed"), [(small, 0), (tight, 1)])
def test_a_turning_log_cut_anywhere_tells_the_full_run_up_to_there(seed, new_engine):
    log = turning_log(seed)

    whole = lines(log, new_engine())

    assert broken_at(log, whole, range(1, len(log), 8), new_engine) == []


@pytest.mark.parametrize(("new_engine", "seed"), [(small, 0), (tight, 1)])
def test_restarts_where_stories_turn_change_no_event(seed, new_engine):
    log = turning_log(seed)
    places = set(random.Random(seed).sample(range(len(log)), 12))

    assert stopped(log, places, new_engine) == lines(log, new_engine())


@pytest.mark.parametrize("seed", range(1))
def test_rows_in_any_order_part_and_merge_alike(seed):
    log = turning_log(seed)

    assert lines(shuffled(log, seed), small()) == lines(log, small())


@pytest.mark.parametrize(
    ("form", "posts"),
    [
        (Unlearned, stream(4)),
        (Logless, stream(4)),
        (Orphaned, stream(4)),
        (Lavish, stream(0, bursts=24)),
    ],
)
def test_a_restart_that_forgets_breaks_the_law(form, posts):
    log = until_closed(logged(posts, cuts_every(posts, 12)))

    whole = lines(log, tight())

    assert any(
        stopped(log, {place}, made_by(form)) != whole for place in range(10, len(log) - 1, 6)
    )


class Hindsight(Engine):
    """Wrong on purpose: knows from the start how long all the posts that come will take."""

    def __init__(self, log: Log) -> None:
        super().__init__(BRAND, GAMES, SMALL)
        told = Forecast("few", 60.0, "So.")
        for number in range(KEPT):
            self._closes.note(f"s{number}", 0, told)
            self._closes.learn(f"s{number}", len(log) * (1 + number % 9))


def test_closings_that_are_learned_from_the_future_break_the_law():
    log = turning_log(0)

    whole = lines(log, Hindsight(log))

    assert any(
        lines(log[:cut], Hindsight(log[:cut])) != upto(whole, log[cut - 1][1])
        for cut in range(30, len(log), 9)
    )
