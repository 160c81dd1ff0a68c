"""How long tuning takes on a real evening: all of it, and another setting after it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rtm.clock import Stopwatch
from rtm.sources.files import read_file
from rtm.trends.settings import Settings
from rtm.tune.labels import load_labels
from rtm.tune.session import Session

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
STREAM = CORPORA / "nfl_touchdown_stream_2014.parquet"
LABELS = CORPORA / "nfl_touchdown_stream_2014.events.json"
WHOLE_S = 5.0  # for 50,000 posts, once they are read
CHANGE_S = 1.0

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not STREAM.exists(), reason=f"{STREAM} is not on this machine"),
]


def test_fifty_thousand_posts_are_tuned_in_time_and_changes_sooner(record_property):
    posts = read_file(STREAM, now=datetime(2026, 1, 1, tzinfo=UTC)).posts
    session = Session(posts, load_labels(LABELS).labels)

    watch = Stopwatch()
    session.run(Settings(), is_explained=True)
    whole_s = watch.wall_s()
    watch = Stopwatch()
    session.run(Settings(refire=2.0, story_floor=5.5))
    change_s = watch.wall_s()

    record_property("whole_s", whole_s)
    record_property("change_s", change_s)
    assert whole_s < WHOLE_S
    assert change_s < CHANGE_S
