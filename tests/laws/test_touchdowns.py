"""Labelled bursts of 2014: moments open a story within 20 s, false bursts open none."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rtm.brand import Brand
from rtm.build import BRAND, EVENT
from rtm.config import load
from rtm.event import WatchedEvent
from rtm.sources.files import read_file
from rtm.trends.settings import Settings
from rtm.tune.labels import Label, load_labels
from rtm.tune.measures import Match
from rtm.tune.session import Asked, Run, Session

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
STREAM = CORPORA / "nfl_touchdown_stream_2014.parquet"
LABELS = CORPORA / "nfl_touchdown_stream_2014.events.json"
IN_TIME_S = 20.0

pytestmark = pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not on this machine")


def labels(*, is_negative: bool) -> list[Label]:
    told = load_labels(LABELS).labels if LABELS.exists() else ()
    return [one for one in told if one.is_negative == is_negative]


@pytest.fixture(scope="module")
def session() -> Session:
    posts = read_file(STREAM, now=datetime(2026, 1, 1, tzinfo=UTC)).posts
    asked = Asked(brand=load(BRAND, Brand), events=(load(EVENT, WatchedEvent),))
    return Session(posts, load_labels(LABELS).labels, asked)


@pytest.fixture(scope="module")
def game(session: Session) -> Run:
    return session.told(Settings())


def match_of(game: Run, label: Label) -> Match:
    return next(match for match in game.matches if match.sought.label == label)


@pytest.mark.parametrize("label", labels(is_negative=False), ids=lambda label: label.title)
def test_a_moment_opens_a_story_within_20_seconds(game, label):
    match = match_of(game, label)

    assert match.stories
    assert match.delay_s is not None
    assert match.delay_s <= IN_TIME_S


@pytest.mark.parametrize("label", labels(is_negative=True), ids=lambda label: label.title)
def test_a_false_burst_opens_no_story(game, label):
    assert match_of(game, label).stories == ()


def test_the_other_stories_are_counted(session, game, record_property, capsys):
    found = session.measured(game).measures.others_an_hour.value

    record_property("others_per_hour", found)
    others = len(game.unmatched())
    with capsys.disabled():
        sys.stdout.write(f"\n{others} other stories, {found:.1f} an hour\n")
    assert len(game.matches) == 6
    assert found < 60  # one a minute is more than anybody reads
