"""Order-free: rows shuffled inside a tick, and any PYTHONHASHSEED, give equal events."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.engine import Engine
from tests.laws.telling import Log, Night, cuts_every, lines, logged, small_engine
from tests.streams import BRAND, GAMES, SMALL, START, WORDS, posts_frame, stream

ROOT = Path(__file__).parents[2]
HASH_SEEDS = ("0", "1", "random")


class Unsorted(Engine):
    """Wrong on purpose: takes rows as they come."""

    def _over(self, closed: int) -> pl.DataFrame:
        frame = pl.concat(self._pending)
        self._pending = [frame.filter(pl.col("tick") > closed)]
        return frame.filter(pl.col("tick") <= closed).sort("tick", maintain_order=True)


def shuffled(log: Log, seed: int) -> Log:
    """Return the same rows and closures, each frame's rows in another order."""
    return [
        (frame.sample(fraction=1.0, shuffle=True, seed=seed + place), closed)
        for place, (frame, closed) in enumerate(log)
    ]


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=15)
def test_rows_in_any_order_give_equal_events(seed):
    posts = stream(seed % 50, posts=300)
    log = logged(posts, cuts_every(posts, 40))

    assert lines(shuffled(log, seed), small_engine()) == lines(log, small_engine())


def test_posts_of_two_sources_that_share_id_and_moment_may_come_in_any_order():
    # two networks may number alike; what comes first must not depend on who was told first
    subject = "lamps went dark"
    talk = [(n * 5, f"{WORDS[n % 80]} {WORDS[-n]}", "a", f"t{n}") for n in range(150)]
    twice = [(600 + n // 2, f"{subject} {WORDS[n]}", "ab"[n % 2], f"b{n // 2}") for n in range(16)]
    posts = posts_frame(
        {"at": START + timedelta(seconds=second), "text": text, "source": source, "id": id_}
        for second, text, source, id_ in sorted(talk + twice)
    )
    log = logged(posts, [0, posts.height])

    whole = lines(log, small_engine())

    assert whole
    assert [lines(shuffled(log, seed), small_engine()) for seed in range(8)] == [whole] * 8


def test_the_real_night_in_any_order_gives_equal_events():
    night = Night()
    log = logged(night.posts, cuts_every(night.posts, 3_000))

    whole = lines(log, night.engine())

    assert lines(shuffled(log, 3), night.engine()) == whole


def test_an_engine_that_does_not_sort_breaks_the_law():
    def unsorted() -> Engine:
        return Unsorted(BRAND, GAMES, SMALL)

    posts = stream(1)
    log = logged(posts, cuts_every(posts, 40))

    told: list[list[str]] = [lines(shuffled(log, seed), unsorted()) for seed in range(5)]

    assert any(other != told[0] for other in told)


@pytest.mark.parametrize("order", ["set", "sorted"])
def test_any_hash_seed_gives_equal_events(order):
    # `set` shows that the seeds really differ: it tells the order of a set of words
    printed = [printed_under(seed, order) for seed in HASH_SEEDS]

    assert all(line for line in printed)
    assert (len(set(printed)) == 1) == (order == "sorted")


def printed_under(hash_seed: str, order: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.laws.fingerprint", order],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout
