"""The laws hold for what people open by hand: framing, stop and go, order, no look-ahead."""

import random
from datetime import UTC, datetime
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import Engine
from rtm.frame import empty_frame
from rtm.sources.lane import Lane
from rtm.taught import Opening, written
from rtm.types import moment
from tests.by_hand import COMET, Told, about, closing, lines, opening, taught
from tests.laws.telling import Log, Night, cuts_every, live, logged, small_engine
from tests.laws.test_framing import cramped
from tests.laws.test_look_ahead import upto
from tests.laws.test_order import shuffled
from tests.laws.test_stop_and_go import restarted
from tests.streams import BRAND, GAMES, SMALL, START, stream

OPENED = int(START.timestamp()) + 300  # a tick, amid the first bursts of most streams


class Forgetful(Engine):
    """Wrong on purpose: forgets at a restart what people opened."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._monitor.by_hand._followed = []


class Eager(Engine):
    """Wrong on purpose: opens a moment with posts whose tick is not over yet."""

    def teach(self, lesson: bytes):
        waiting = pl.concat([empty_frame(), *self._pending])
        if waiting.height:
            self.step(waiting.clear(), int(waiting["tick"].max()))  # type: ignore[arg-type]
        return super().teach(lesson)


def told_posts(posts: pl.DataFrame, cuts: list[int]) -> Told:
    """Return posts cut into frames there, a moment opened at ``OPENED`` and another closed again.

    The frames are cut once more where the lessons stand, as a live run would.
    """
    lane = Lane()
    frames = [(lane.stamp(posts[low:high]), lane.closed) for low, high in pairwise(cuts)]
    return with_lessons(frames)


def with_lessons(log: Log) -> Told:
    """Return a log in which ticks up to ``OPENED`` are closed by an entry, and then lessons."""
    told: Told = []
    is_taught = False
    for frame, closed in log:
        if not is_taught and closed > OPENED:
            told.append((frame, OPENED))
            told += [(lesson, OPENED) for lesson in LESSONS]
            told.append((frame.clear(), closed))
            is_taught = True
        else:
            told.append((frame, closed))
    assert is_taught
    return told


LESSONS = (
    written(
        Opening(
            story=COMET, title="A bowl of cookies", terms=("cookie", "bowl"), kind="moment", tick=0
        )
    ),
    opening("All crashes", ("crash",), story="h00badbadbadbad00"),
    opening("Nothing", ("never said by anybody",), story="h0000000000000000"),
)


def test_a_moment_is_told_of_in_these_streams():
    told = lines(told_posts(stream(4), [0, 700]), small_engine())

    assert sum('"story_grew"' in line for line in about(told)) > 2
    assert [line for line in about(told) if '"story_closed"' in line]


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=15)
def test_frames_cut_anywhere_give_equal_events(seed):
    posts = stream(seed % 40, posts=300)
    rng = random.Random(seed)
    cuts = [0, *sorted(rng.randint(0, posts.height) for _ in range(30)), posts.height]

    whole = lines(told_posts(posts, [0, posts.height]), small_engine())

    assert about(whole)
    assert lines(told_posts(posts, cuts), small_engine()) == whole


@pytest.mark.parametrize("rows", [1, 7])
def test_frames_of_any_size_give_equal_events_when_memory_is_short(rows):
    posts = stream(3)

    whole = lines(told_posts(posts, [0, posts.height]), cramped())

    assert about(whole)
    assert lines(told_posts(posts, cuts_every(posts, rows)), cramped()) == whole


@pytest.mark.parametrize("seed", range(3))
def test_a_live_run_equals_its_replay(seed):
    log = with_lessons(live(stream(seed), seed))

    run = lines(log, small_engine())

    assert about(run)
    assert lines(joined(log), small_engine()) == run


def joined(log: Told) -> Told:
    """Return a log whose frames are joined between lessons, as a restart tells it again."""
    told: Told = []
    for what, closed in log:
        before = told[-1][0] if told else b""
        if isinstance(what, pl.DataFrame) and isinstance(before, pl.DataFrame):
            told[-1] = (pl.concat([before, what]), closed)
        else:
            told.append((what, closed))
    return told


@pytest.mark.parametrize("seed", range(3))
def test_a_restart_anywhere_changes_no_event(seed):
    log = told_posts(stream(seed), cuts_every(stream(seed), 20))
    places = {place for place, (what, _) in enumerate(log) if isinstance(what, bytes)}
    places |= set(random.Random(seed).sample(range(len(log)), 4))

    assert stopped(log, {*places, *(place + 1 for place in places)}, Engine) == lines(
        log, small_engine()
    )


def test_an_engine_that_forgets_what_was_opened_breaks_the_law():
    log = told_posts(stream(4), cuts_every(stream(4), 20))
    place = next(place for place, (what, _) in enumerate(log) if isinstance(what, bytes)) + 4

    assert stopped(log, {place}, Forgetful) != lines(log, small_engine())


def stopped(log: Told, places: set[int], form: type[Engine]) -> list[str]:
    engine, told = form(BRAND, GAMES, SMALL), []
    for place, entry in enumerate(log):
        if place in places:
            engine = restarted(engine, lambda: form(BRAND, GAMES, SMALL))
        told += lines([entry], engine)
    return told


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=10)
def test_rows_in_any_order_give_equal_events(seed):
    posts = stream(seed % 20, posts=300)
    log = logged(posts, cuts_every(posts, 40))

    whole = lines(with_lessons(log), small_engine())

    assert about(whole)
    assert lines(with_lessons(shuffled(log, seed)), small_engine()) == whole


def test_a_log_cut_anywhere_tells_the_full_run_up_to_there():
    log = told_posts(stream(2), cuts_every(stream(2), 5))

    whole = lines(log, small_engine())

    for cut in range(1, len(log), 7):
        assert lines(log[:cut], small_engine()) == upto(whole, log[cut - 1][1])


def test_an_engine_that_opens_with_what_is_not_over_breaks_the_law():
    log = told_posts(stream(2), cuts_every(stream(2), 5))

    def eager() -> Engine:
        return Eager(BRAND, GAMES, SMALL)

    whole = lines(log, small_engine())

    assert lines(log, eager()) != whole


def test_what_was_found_is_the_same_beside_a_moment():
    # the twin: without anything opened, all other lines stand there, word for word
    log = logged(stream(5), cuts_every(stream(5), 30))
    silent = [
        (frame, closed) for frame, closed in with_lessons(log) if not isinstance(frame, bytes)
    ]

    with_it = lines(with_lessons(log), small_engine())
    without = lines([*silent], small_engine())

    assert len(with_it) > len(without) > 10
    assert [line for line in with_it if '"id":"h' not in line] == without


@pytest.fixture(scope="module")
def night() -> Night:
    return Night()


def test_the_real_blackout_opened_by_hand_is_the_same_however_it_is_told(night):
    # somebody sees it on television, half a minute before anything is found
    opened = int(datetime(2013, 2, 4, 1, 43, tzinfo=UTC).timestamp())
    lesson = opening("Half the lights are out", ("lights", "blackout", "power outage"))
    small = taught(logged(night.posts, cuts_every(night.posts, 50)), lesson, opened)
    place = next(place for place, (what, _) in enumerate(small) if isinstance(what, bytes))
    whole = [*joined(small[:place]), small[place], *joined(small[place + 1 :])]

    told = lines(small, night.engine())

    assert sum('"story_grew"' in line for line in about(told)) > 3
    assert lines(whole, night.engine()) == told
    kept = night.engine()
    first = lines(small[: place + 20], kept)
    assert first + lines(small[place + 20 :], restarted(kept, night.engine)) == told


def test_a_moment_closed_by_hand_is_told_of_no_more():
    log = told_posts(stream(4), [0, 700])
    closed = [*log[:4], (closing(), log[3][1]), (closing(), log[3][1]), *log[4:]]

    told = about(lines(closed, small_engine()))

    assert len(about(lines(log, small_engine()))) > len(told) == 3
    assert '"story_closed"' in told[-1]
    assert moment(OPENED + 1).isoformat()[:19] in told[-1]
