"""Stop and go: an engine taken up from a snapshot goes on as if nothing had been."""

import random
from datetime import timedelta

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import SEAL, Engine
from rtm.errors import StoreError
from rtm.text.reader import read
from rtm.trends.echo import echoes
from rtm.trends.stories import Stories
from tests.laws.telling import Log, NewEngine, Night, cuts_every, lines, live, logged, small_engine
from tests.planted import apart, never_neighbours, posts_of
from tests.streams import (
    BRAND,
    GAMES,
    SMALL,
    START,
    WITH_PAIRS,
    WORDS,
    posts_frame,
    stream,
)

MEETING_CUTS = [0, 900, 2_398, *range(2_400, 2_440, 5), 2_700, 3_010]  # rows about its story
PARTS = (
    "version",
    "pending",
    "judged",
    "closes",
    "budget",
    "volume",
    "settings",
    "state",
    "echoes",
    "first",
    "recent",
    "stories",
)


class Echoless(Engine):
    """Wrong on purpose: forgets near-duplicates at a restart."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._monitor.echoes = echoes(SMALL.cluster_bits)


class Storyless(Engine):
    """Wrong on purpose: forgets open stories at a restart."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        monitor = self._monitor
        monitor.stories = Stories(monitor.state, monitor.settings, monitor.recent)


class Wordless(Engine):
    """Wrong on purpose: forgets what waits for its tick at a restart."""

    def restore(self, content: bytes) -> None:
        super().restore(content)
        self._pending = []


class Voiceless(Engine):
    """Wrong on purpose: forgets recent posts' words at a restart."""

    def restore(self, content: bytes) -> None:
        parts = msgspec.msgpack.decode(content[SEAL:], type=dict[str, bytes])
        super().restore(content)
        nobody = pl.read_ipc(parts["recent"]).clear()
        nothing = read(nobody.with_columns(lang=pl.lit(None, pl.String)), self._judge.patterns)
        self._monitor.recent.refill(
            self._monitor.recent._next, nobody, nothing.terms, nothing.starts
        )


def stopped(log: Log, places: set[int], new_engine: NewEngine) -> list[str]:
    """Tell a log, with a restart before the entries at these places."""
    engine, told = new_engine(), []
    for place, entry in enumerate(log):
        engine = restarted(engine, new_engine) if place in places else engine
        told += lines([entry], engine)
    return told


def restarted(engine: Engine, new_engine: NewEngine) -> Engine:
    content, again = engine.snapshot(), new_engine()
    again.restore(content)
    return again


def made_by(form: type[Engine]) -> NewEngine:
    return lambda: form(BRAND, GAMES, SMALL)


def copies_log() -> Log:
    """Return the log of one text repeated by nobody known beside four that are their own."""
    texts = ["sudden lamps went dark here tonight people say", "sudden lamps"]
    talk = [(n * 7, f"{WORDS[n % 90]} {WORDS[-n]}") for n in range(140)]
    burst = [(600 + n * 2, texts[0]) for n in range(6)]
    own = [(601 + n * 3, f"{texts[1]} {WORDS[n]} {WORDS[-n]}") for n in range(16)]
    rows = sorted(talk + burst + own)
    posts = posts_frame(
        {"at": START + timedelta(seconds=second), "text": text} for second, text in rows
    )
    log = logged(posts, cuts_every(posts, 3))
    return [*log, (log[0][0].clear(), log[-1][1] + 3_600)]


@pytest.fixture(scope="module")
def night() -> Night:
    return Night()


@pytest.fixture(scope="module")
def content() -> bytes:
    engine = small_engine()
    posts = stream(4)
    lines(logged(posts[:500], cuts_every(posts[:500], 50)), engine)
    return engine.snapshot()


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=5)
def test_a_restart_anywhere_changes_no_event(seed):
    posts = stream(seed, posts=200)
    log = live(posts, seed) if seed % 2 else logged(posts, cuts_every(posts, 4))
    places = set(random.Random(seed).sample(range(len(log)), 4))

    assert stopped(log, places, small_engine) == lines(log, small_engine())


def test_a_restart_before_every_frame_changes_no_event():
    posts = stream(9, posts=150)
    log = logged(posts, cuts_every(posts, 8))

    assert stopped(log, set(range(len(log))), small_engine) == lines(log, small_engine())


def paired_engine() -> Engine:
    return Engine(BRAND, GAMES, SMALL._replace(pair_rate=0.25, pair_share=0.8))


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=5)
def test_a_restart_anywhere_changes_no_event_with_pairs(seed):
    posts = stream(seed, posts=250)
    log = logged(posts, cuts_every(posts, 4))
    places = set(random.Random(seed).sample(range(len(log)), 4))

    assert stopped(log, places, paired_engine) == lines(log, paired_engine())


def meeting_log() -> Log:
    """Return the log of two common words that are said together, so that a pair opens a story."""
    log = logged(posts_of(apart(3_000), never_neighbours(2_400)), MEETING_CUTS)
    return [*log, (log[0][0].clear(), log[-1][1] + 3_600)]


def meeting_engine() -> Engine:
    return Engine(BRAND, GAMES, WITH_PAIRS)


def test_a_restart_while_a_story_is_a_pairs_changes_no_event():
    log = meeting_log()

    whole = lines(log, meeting_engine())

    assert any("lamps + singer" in line for line in whole)
    assert stopped(log, set(range(1, len(log))), meeting_engine) == whole


def test_the_real_night_with_restarts_changes_no_event(night):
    log = logged(night.posts, cuts_every(night.posts, 250))

    whole = lines(log, night.engine())

    assert stopped(log, {5, 17, 24, 25, 31}, night.engine) == whole


@pytest.mark.parametrize("form", [Echoless, Storyless, Wordless, Voiceless])
def test_a_restart_that_forgets_a_part_breaks_the_law(form):
    log = copies_log()

    broken = [
        stopped(log, {place}, made_by(form)) != lines(log, small_engine())
        for place in range(30, len(log), 2)
    ]

    assert any(broken)


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_part_raises_a_store_error(content, part):
    parts = msgspec.msgpack.decode(content[SEAL:], type=dict[str, bytes])
    begin = content.index(parts[part], content.index(part.encode()))
    middle = begin + len(parts[part]) // 2

    damaged = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]

    with pytest.raises(StoreError, match="damaged"):
        small_engine().restore(damaged)


@given(st.integers(0, 10**9), st.integers(1, 255))
@settings(deadline=None, max_examples=40)
def test_a_changed_byte_anywhere_raises_a_store_error(content, place, change):
    changed = bytearray(content)
    changed[place % len(content)] ^= change

    with pytest.raises(StoreError, match="damaged"):
        small_engine().restore(bytes(changed))


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=20)
def test_a_snapshot_cut_short_raises_a_store_error(content, place):
    with pytest.raises(StoreError, match="damaged"):
        small_engine().restore(content[: place % len(content)])


@pytest.mark.parametrize(
    "change", [{"hot_floor": 3.6}, {"row_bits": 13}, {"quoted_posts": 100}, {"story_quiet_s": 60}]
)
def test_other_settings_raise_a_store_error(content, change):
    other = Engine(BRAND, GAMES, SMALL._replace(**change))

    with pytest.raises(StoreError, match="other settings"):
        other.restore(content)


def test_a_snapshot_changes_nothing_and_is_the_same_twice():
    posts = stream(6)
    log = logged(posts, cuts_every(posts, 50))
    engine = small_engine()
    told = lines(log[:8], engine)

    first, second = engine.snapshot(), engine.snapshot()

    assert first == second
    assert told + lines(log[8:], engine) == lines(log, small_engine())


@pytest.mark.long
@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=200)
def test_restarts_in_many_streams_change_no_event(seed):
    posts = stream(seed)
    log = live(posts, seed)
    places = set(random.Random(seed).sample(range(len(log)), 12))

    assert stopped(log, places, small_engine) == lines(log, small_engine())
