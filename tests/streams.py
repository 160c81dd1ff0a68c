"""Streams made up for tests: posts in the order of their arrival, all from one seed."""

import random
from bisect import bisect
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import polars as pl

from rtm.brand import Brand
from rtm.event import WatchedEvent
from rtm.frame import POST_SCHEMA
from rtm.trends.settings import Settings

START = datetime(2013, 2, 3, 22, 0, tzinfo=UTC)
HOLE = timedelta(days=28)
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "so", "ti", "vu", "ze")
WORDS = [a + b + c + "k" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
FREQUENT = list(accumulate(1.0 / (rank + 3) for rank in range(400)))  # Zipf
BRAND = Brand(name="Oreo", themes=("cookie",), no_go=("funeral",))
GAMES = [
    WatchedEvent(title="The game", start=at, end=at + timedelta(days=1), terms=("bowl",))
    for at in (START, START + HOLE)
]
SMALL = Settings(  # floors of its own, so that the streams below fire whatever the default is
    background=0.0,
    min_z=3.8,
    hot_floor=3.5,
    story_floor=5.0,
    linked_floor=4.2,
    link_share=0.35,
    row_bits=12,
    probation_bits=12,
    sketch_bits=12,
    cluster_bits=10,
    recent_bits=12,
    quoted_posts=1 << 11,
    regular_bits=8,
    author_bits=16,
)

WITH_PAIRS = SMALL._replace(
    pair_rate=100.0, pair_share=1.0, row_bits=15, probation_bits=15, author_bits=20
)


def word(rng: random.Random) -> str:
    """Return a word that nobody has a meaning for, few often and many seldom."""
    return WORDS[bisect(FREQUENT, rng.random() * FREQUENT[-1])]


def posts_frame(posts: Iterable[dict[str, object]]) -> pl.DataFrame:
    """Return posts as columns of ``POST_SCHEMA``; what a post leaves out is unknown."""
    usual = {"is_repost": False, "source": "a"}
    rows = [{**usual, "id": f"p{n}", **post} for n, post in enumerate(posts)]
    return pl.DataFrame(rows, schema=POST_SCHEMA)


def stream(seed: int, posts: int = 500, bursts: int = 5) -> pl.DataFrame:
    """Return talk with planted bursts, an empty spell, a hole of 28 days, and late posts.

    Half of the authors and followers are unknown; two sources bring ids out of order; some posts
    repeat others; one in twenty comes 1 to 10 s late; one in four is stamped at a whole second.
    """
    rng = random.Random(seed)
    moments = sorted(rng.uniform(0, 2400) for _ in range(posts))
    made = [(at, " ".join(word(rng) for _ in range(rng.randint(2, 7)))) for at in moments]
    for burst in range(bursts):
        subject = f"sudden{WORDS[rng.randrange(1000)]} happened{WORDS[rng.randrange(1000)]}"
        begins = rng.uniform(150, 1100) + 1200 * (burst % 2)
        for _ in range(rng.randint(5, 25)):
            text = " ".join([subject, rng.choice(["cookie", "bowl", "crash"]), word(rng)])
            made.append((begins + rng.uniform(0, 80), text))
            made.extend([(begins + rng.uniform(0, 99), text)] * rng.choice([0, 0, 1, 3]))
    made.sort()
    rows = []
    for n, (second, text) in enumerate(made):
        second += 2000 * (second > 600)  # an empty spell
        at = START + timedelta(seconds=round(second, rng.choice([0, 3, 3, 6])))
        at += HOLE * (second > 3200)
        is_known = rng.random() < 0.5
        row = {
            "id": f"{rng.randrange(16**8):08x}",
            "at": at,
            "text": text,
            "author": f"u{rng.randrange(60)}" if is_known else None,
            "followers": rng.choice([None, rng.randrange(10_000)]) if is_known else None,
            "source": "ab"[n % 2],
        }
        delay_s = rng.choice([0.0] * 19 + [rng.uniform(1, 10)])
        rows.append((at + timedelta(seconds=delay_s), n, row))
    return posts_frame(row for _, _, row in sorted(rows, key=lambda row: row[:2]))


def turning(seed: int) -> pl.DataFrame:
    """Return talk in which stories turn: two surge and are parted, two pairs come to be one each.

    Authors and followers are known; in order of time.
    """
    rng = random.Random(seed)
    made = [(rng.uniform(0, 2400), "") for _ in range(400)]
    for begins in (600, 1400):
        surging, first, second = (f"turn{WORDS[rng.randrange(1000)]} dim" for _ in range(3))
        made += [(begins + 12 * n, surging) for n in range(25)]
        made += [(begins + 300 + rng.uniform(0, 5), surging) for _ in range(rng.randint(60, 120))]
        apart = begins + rng.uniform(0, 20)
        made += [(apart + 6 * n, first) for n in range(16)]
        made += [(apart + 6 * n + 3, second) for n in range(16)]
        both = f"{first} {second}"
        made += [(apart + 100 + n, both) for n in range(40)]
        made += [(apart + 145 + n, f"{both} also{WORDS[rng.randrange(1000)]}") for n in range(3)]
        late = f"{both} later{WORDS[rng.randrange(1000)]}"
        made += [(apart + 150 + n, late) for n in range(20)]
    return posts_frame(
        {
            "at": START + timedelta(seconds=round(second, 3)),
            "text": " ".join([subject, *(word(rng) for _ in range(6))]),
            "author": f"u{rng.randrange(10**6)}",
            "followers": rng.randrange(1000),
        }
        for second, subject in sorted(made)
    )
