"""Labelled bursts of 2014: moments open a story within 20 s, false bursts open none."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from rtm.brand import Brand
from rtm.build import BRAND, EVENT
from rtm.config import load
from rtm.engine import Engine
from rtm.event import WatchedEvent
from rtm.replay import replay
from rtm.sources.files import read_file
from rtm.types import Story, StoryClosed, StoryGrew, StoryOpened

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
STREAM = CORPORA / "nfl_touchdown_stream_2014.parquet"
LABELS = CORPORA / "nfl_touchdown_stream_2014.events.json"
IN_TIME = timedelta(seconds=20)
AFTERWARDS = timedelta(minutes=10)  # in which a false burst must not be told either
STORIES = (StoryOpened, StoryGrew, StoryClosed)
RARE = 0.005  # share of posts with a keyword below which one is enough

pytestmark = pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not on this machine")


@dataclass(frozen=True, slots=True)
class Label:
    """A span in which something truly happened, or (``is_false``) only seemed to."""

    title: str
    start: datetime
    end: datetime
    keywords: tuple[str, ...]
    is_false: bool


@dataclass(frozen=True, slots=True)
class Game:
    """The stream, its labels, and the stories opened in it, as they were told last."""

    posts: pl.DataFrame
    labels: tuple[Label, ...]
    opened: tuple[Story, ...]

    def is_rare(self, keyword: str) -> bool:
        """Tell whether few posts use a keyword."""
        is_in = self.posts["text"].str.to_lowercase().str.contains(keyword, literal=True)
        return float(is_in.mean()) < RARE  # type: ignore[arg-type]

    def first_copy(self, label: Label) -> datetime:
        """Return when a false burst's first post came, at most an hour before the label."""
        texts = pl.col("text").str.to_lowercase()
        early = self.posts.filter(
            pl.col("at").is_between(label.start - timedelta(hours=1), label.end),
            pl.sum_horizontal(texts.str.contains(w, literal=True) for w in label.keywords) >= 2,
        )
        return early["at"][0]  # type: ignore[no-any-return]

    def matches(self, story: Story, label: Label) -> bool:
        """Tell whether a story's terms share two words with a label's keywords, or a rare one.

        A keyword of two words is found in a pair, and counts for two.
        """
        words = {word.lstrip("#@") for term in story.terms for word in term.split()}
        terms = {term.lstrip("#@") for term in story.terms} | words
        shared = [keyword for keyword in label.keywords if keyword in terms]
        return len(" ".join(shared).split()) >= 2 or any(
            self.is_rare(keyword) for keyword in shared
        )

    def told_of(self, label: Label) -> list[Story]:
        """Return the stories about a label that opened while it lasted, or soon after if false."""
        since = self.first_copy(label) if label.is_false else label.start
        until = label.end + AFTERWARDS * label.is_false
        return [
            story
            for story in self.opened
            if since <= story.opened_at <= until and self.matches(story, label)
        ]


def labels(*, is_false: bool) -> list[Label]:
    told = json.loads(LABELS.read_text()) if LABELS.exists() else []
    return [
        Label(
            one["title"],
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            tuple(one["keywords"]),
            is_false,
        )
        for one in told
        if (one["kind"] == "negative") == is_false
    ]


@pytest.fixture(scope="module")
def game() -> Game:
    posts = read_file(STREAM, now=datetime(2026, 1, 1, tzinfo=UTC)).posts
    engine = Engine(load(BRAND, Brand), [load(EVENT, WatchedEvent)])
    told = [event for event in replay(engine, posts) if isinstance(event, STORIES)]
    latest = {event.story.id: event.story for event in told}  # as it was told last
    opened = tuple(latest.values())
    return Game(posts, (*labels(is_false=False), *labels(is_false=True)), opened)


@pytest.mark.parametrize("label", labels(is_false=False), ids=lambda label: label.title)
def test_a_moment_opens_a_story_within_20_seconds(game, label):
    told = game.told_of(label)

    assert told
    assert told[0].opened_at - label.start <= IN_TIME


@pytest.mark.parametrize("label", labels(is_false=True), ids=lambda label: label.title)
def test_a_false_burst_opens_no_story(game, label):
    assert game.told_of(label) == []


def test_the_other_stories_are_counted(game, record_property, capsys):
    about = {story.id for label in game.labels for story in game.told_of(label)}
    seconds = game.posts["at"].dt.epoch("s").unique()
    hours = seconds.len() / 3600

    others = [story for story in game.opened if story.id not in about]

    record_property("others_per_hour", len(others) / hours)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(others)} other stories, {len(others) / hours:.1f} an hour\n")
    assert len(game.labels) == 6
    assert len(others) / hours < 60  # one a minute is more than anybody reads
