"""Real moments open a story at once; what only looks like one opens none.

Measured on tweets that may not be shipped: skipped, saying so, where they do not stand beside the
repository. A story matches a label when one of its terms is one of the label's keywords, for
moments and for what is none alike.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from rtm.brand import Brand
from rtm.engine import Engine
from rtm.replay import replay
from rtm.sources.files import read_file
from rtm.types import Story, StoryOpened

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
STREAM = CORPORA / "nfl_touchdown_stream_2014.parquet"
SOON = timedelta(seconds=20)
AFTER = timedelta(minutes=10)  # what a burst that is none may still stir up

pytestmark = pytest.mark.skipif(not STREAM.exists(), reason=f"no {STREAM.name} beside the project")


@dataclass(frozen=True)
class Label:
    title: str
    start: datetime
    end: datetime
    keywords: tuple[str, ...]


def labels(kind: str) -> list[Label]:
    kept = json.loads(STREAM.with_suffix("").with_suffix(".events.json").read_text())
    return [
        Label(
            one["title"],
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            tuple(one["keywords"]),
        )
        for one in kept
        if one["kind"] == kind
    ]


@cache
def stories() -> tuple[Story, ...]:
    posts = read_file(STREAM, now=datetime(2026, 1, 1, tzinfo=UTC)).posts
    events = replay(Engine(Brand(name="Nobody")), posts, flush=True)
    return tuple(event.story for event in events if isinstance(event, StoryOpened))


def shared(story: Story, label: Label) -> list[str]:
    words = {word for term in story.terms for word in (term, *term.lstrip("#@").split())}
    pairs = {term.replace(" ", "-") for term in story.terms}  # a score: 21-13
    return [keyword for keyword in label.keywords if keyword in words | pairs]


@pytest.mark.parametrize("label", labels("event") if STREAM.exists() else [], ids=lambda x: x.title)
def test_a_moment_opens_a_story_within_twenty_seconds(label):
    opened = [story.opened_at for story in stories() if shared(story, label)]

    assert any(label.start <= at <= label.start + SOON for at in opened)


@pytest.mark.parametrize(
    "label", labels("negative") if STREAM.exists() else [], ids=lambda x: x.title
)
def test_a_burst_that_is_no_moment_opens_no_story(label):
    opened = [story for story in stories() if shared(story, label)]

    assert not [s for s in opened if label.start <= s.opened_at <= label.end + AFTER]


def test_a_burst_is_found_by_its_keywords_if_it_opens_a_story():
    label = Label("planted", stories()[0].opened_at, stories()[0].opened_at, stories()[0].terms)

    assert shared(stories()[0], label)


def test_the_number_of_other_stories_is_told(capsys):
    known = [label for kind in ("event", "negative") for label in labels(kind)]
    others = [s for s in stories() if not any(shared(s, label) for label in known)]
    hours = 21.3 / 60 + 131.7 / 60  # of the two games in the file

    with capsys.disabled():
        print(f"\n{len(others) / hours:.1f} other stories an hour ({len(others)} in {hours:.2f} h)")  # noqa: T201

    assert len(stories()) > len(others) > 0
