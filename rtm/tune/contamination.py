"""Contamination and null: a louder burst before each label, and times that mean nothing."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import polars as pl

from rtm.estimates import share
from rtm.frame import POST_SCHEMA
from rtm.trends.settings import Settings
from rtm.tune.matching import Sought
from rtm.tune.measures import Match
from rtm.tune.result import Null, Spiked, SpikeLine
from rtm.tune.session import Session

BEFORE = timedelta(minutes=15)  # how early the burst begins
LASTS_S = 300.0  # and how long it goes on
LOUDER = 2  # times the label's own posts in its first 15 minutes
LEAST = 10  # posts
FILLERS = 4  # words of its own in each post, so that no two are copies
SYLLABLES = ("zu", "qo", "xi", "vae", "kry", "jum", "wez", "thu", "gly", "pfo")
SEED = 17


def spiked(session: Session, settings: Settings, without: Sequence[Match]) -> Spiked:
    """Find labels again with a louder burst of unrelated words before each.

    A burst is twice as many posts as hold a keyword in the label's first 15 minutes, ten at least,
    each by a source of its own; intervals are over labels.
    """
    planted = {one: planted_posts(session, one) for one in _moments(session)}
    posts = pl.concat([session.posts, *planted.values()]).sort("at", "id")
    after = {one.sought.label: one for one in session.with_posts(posts).told(settings).matches}
    before = {one.sought.label: one for one in without}
    lines = [
        SpikeLine(
            title=one.label.title,
            posts=burst.height,
            is_found_without=bool(before[one.label].stories),
            is_found_with=bool(after[one.label].stories),
            delay_without_s=before[one.label].delay_s,
            delay_with_s=after[one.label].delay_s,
        )
        for one, burst in planted.items()
    ]
    return Spiked(
        without=share([line.is_found_without for line in lines], "recall"),
        with_spike=share([line.is_found_with for line in lines], "recall"),
        labels=tuple(lines),
    )


def planted_posts(session: Session, one: Sought) -> pl.DataFrame:
    """Return the burst before a label, as posts of ``POST_SCHEMA``."""
    number = session.sought.index(one)
    rng = random.Random(SEED * 1000 + number)
    own = session.posts_with(one, one.label.start, one.label.start + BEFORE)
    subject = f"{_word(rng)} {_word(rng)}"
    begins = one.label.start - BEFORE
    has_authors = session.posts["author"].null_count() < session.posts.height
    rows = [
        {
            "id": f"planted-{number}-{n}",
            "at": begins + timedelta(seconds=rng.uniform(0.0, LASTS_S)),
            "text": " ".join([subject, *(_word(rng) for _ in range(FILLERS))]),
            "author": f"planted-{number}-{n}" if has_authors else None,
            "is_repost": False,
            "source": "planted",
        }
        for n in range(max(LEAST, LOUDER * own))
    ]
    return pl.DataFrame(rows, schema=POST_SCHEMA)


def permuted(posts: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the posts at each other's times."""
    at = posts["at"][np.random.default_rng(seed).permutation(posts.height)]
    return posts.with_columns(at).sort("at", "id")


def null_of(
    session: Session,
    settings: Settings,
    seeds: int,
    real: float | None,
    on_done: Callable[[int], object] = lambda seeds: None,
) -> Null:
    """Count stories a day when post times are permuted, once for each seed, beside the real."""
    rates = []
    for seed in range(seeds):
        other = session.with_posts(permuted(session.posts, seed))
        rate = other.measured(other.told(settings)).measures.stories_a_day.value
        rates.append(0.0 if rate is None else rate)
        on_done(len(rates))
    mean = round(sum(rates) / len(rates), 6) if rates else None
    return Null(real=real, mean=mean, most=max(rates, default=None), by_seed=tuple(rates))


def _moments(session: Session) -> list[Sought]:
    return [one for one in session.sought if not one.label.is_negative]


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(5))
