"""Plain talk with planted happenings, told to an engine second by second."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from rtm.engine import Engine
from rtm.sources.lane import Lane
from rtm.trends.settings import Settings
from rtm.types import (
    Event,
    Story,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
)
from tests.streams import BRAND, GAMES, SMALL, START, WORDS, posts_frame


@dataclass(frozen=True, slots=True)
class Said:
    """One post, ``second`` seconds after ``START``."""

    second: float
    text: str
    author: str | None = None
    followers: int | None = None


def talk(seconds: int, every: float = 4, word: str = "") -> list[Said]:
    """Return posts of everyday words, each with ``word``."""
    rng = random.Random(5)
    return [
        Said(n * every, f"{WORDS[rng.randrange(40)]} {word} {WORDS[rng.randrange(500)]}")
        for n in range(int(seconds / every))
    ]


def happening(second: float, text: str, posts: int = 8, step: float = 2) -> list[Said]:
    """Return posts that all say ``text``, each in words and by an author of its own."""
    return [
        Said(second + n * step, f"{text} {WORDS[-1 - n % 900]}", f"{text}{n}") for n in range(posts)
    ]


def posts_of(*parts: Iterable[Said]) -> pl.DataFrame:
    """Return what was said as posts, in order of time."""
    said = sorted((one for part in parts for one in part), key=lambda one: one.second)
    return posts_frame(
        {
            "at": START + timedelta(seconds=one.second),
            "text": one.text,
            "author": one.author,
            "followers": one.followers,
        }
        for one in said
    )


def events_of(
    *parts: Iterable[Said], settings: Settings = SMALL, silence_s: int = 0
) -> list[Event]:
    """Return the events of what was said, and of so much silence after it."""
    engine, lane = Engine(BRAND, GAMES, settings), Lane()
    frame = lane.stamp(posts_of(*parts))
    lane.flush()
    events = engine.step(frame, lane.closed)
    return events + engine.step(frame.clear(), lane.closed + silence_s)


def stories_of(events: Sequence[Event]) -> list[Story]:
    """Return each story as it was told last."""
    kinds = (StoryOpened, StorySplit, StoryGrew, StoryMerged, StoryClosed)
    return list({one.story.id: one.story for one in events if isinstance(one, kinds)}.values())


def about(events: Sequence[Event], word: str) -> list[Story]:
    """Return the stories with a term that holds a word."""
    return [
        story for story in stories_of(events) if any(word in term.split() for term in story.terms)
    ]


def apart(seconds: int) -> list[Said]:
    """Return everyday talk in which many speak of lamps, and many of singers, but never of both."""
    rng = random.Random(3)
    return [
        Said(
            n,
            f"{('lamps', 'singer')[n % 2] if n % 3 else 'river'} {WORDS[rng.randrange(900)]}",
            f"p{n}",
        )
        for n in range(seconds)
    ]


def never_neighbours(second: float, posts: int = 10) -> list[Said]:
    """Return posts that speak of both, each with words of its own between."""
    return [
        Said(second + 4 * n, f"lamps {WORDS[-1 - n]} singer {WORDS[-100 - n]}", f"q{n}")
        for n in range(posts)
    ]


def own_words(second: float, text: str, posts: int, step: float) -> list[Said]:
    """Return posts that say ``text`` among words of their own, so that none is another's copy."""
    rng = random.Random(f"{text} {second}")
    return [
        Said(second + n * step, " ".join([text, *rng.choices(WORDS, k=8)]), f"{text} {second} {n}")
        for n in range(posts)
    ]
