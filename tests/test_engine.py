"""The engine as a whole: what leaves it is well-formed, told once, and safe."""

from collections import Counter
from itertools import pairwise

import polars as pl
import pytest

from rtm.engine import Engine
from rtm.frame import empty_frame, empty_posts
from rtm.types import (
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    StoryClosed,
    StoryGrew,
    StoryOpened,
    event_of,
    line_of,
)
from tests.laws.telling import logged, small_engine, told
from tests.planted import Said, events_of, happening, talk
from tests.streams import BRAND, GAMES, START, stream

OPPORTUNITIES = (OpportunityFound, OpportunityTried, OpportunityLocked)


@pytest.mark.parametrize("seed", range(4))
def test_every_event_reads_back_from_its_line(seed):
    lines = told(stream(seed))

    assert lines
    assert [line_of(event_of(line)) for line in lines] == lines


@pytest.mark.parametrize("seed", range(4))
def test_events_come_in_order_of_time_and_stories_open_once(seed):
    events = [event_of(line) for line in told(stream(seed))]

    opened = Counter(event.story.id for event in events if isinstance(event, StoryOpened))

    assert [event.at for event in events] == sorted(event.at for event in events)
    assert set(opened.values()) == {1}


@pytest.mark.parametrize("seed", range(4))
def test_a_story_is_offered_once_and_locked_again_only_for_another_reason(seed):
    events = [event_of(line) for line in told(stream(seed))]

    offered = Counter(
        event.opportunity.id for event in events if isinstance(event, OpportunityFound)
    )
    locked = Counter(
        (event.opportunity.id, event.reason)
        for event in events
        if isinstance(event, OpportunityLocked)
    )

    assert offered
    assert set(offered.values()) | set(locked.values()) == {1}


def test_a_story_is_told_again_at_every_doubling():
    events = events_of(talk(900), happening(600, "lamps went dark", posts=120, step=1))

    posts = [
        event.story.posts
        for event in events
        if isinstance(event, (StoryOpened, StoryGrew)) and "lamps" in event.story.terms
    ]

    assert len(posts) >= 4
    assert all(2 * before <= after <= 3 * before for before, after in pairwise(posts))


def test_a_grave_story_is_locked_and_says_why():
    events = events_of(talk(900), happening(600, "cookie explosion victims"))

    locked = [event for event in events if isinstance(event, OpportunityLocked)]

    assert [event for event in events if isinstance(event, OpportunityFound)] == []
    assert "death or disaster" in locked[0].reason
    assert locked[0].reason in locked[0].opportunity.reasons
    assert locked[0].opportunity.risk >= 0.75


def test_the_same_story_without_grave_words_is_found():
    events = events_of(talk(900), happening(600, "cookie factory visitors"))

    assert [event for event in events if isinstance(event, OpportunityLocked)] == []
    assert [event for event in events if isinstance(event, OpportunityFound)]


def test_a_story_that_turns_grave_is_locked_later():
    events = events_of(
        talk(900),
        happening(600, "cookie factory", 8),
        happening(620, "cookie factory explosion", 9),
    )

    kinds = [type(event) for event in events if isinstance(event, OPPORTUNITIES)]

    assert kinds[:2] == [OpportunityFound, OpportunityLocked]


def test_a_story_that_is_nothing_to_the_brand_is_no_opportunity():
    events = events_of(talk(900), happening(600, "lamps went dark"))

    assert [event for event in events if isinstance(event, StoryOpened)]
    assert [event for event in events if isinstance(event, OPPORTUNITIES)] == []


@pytest.mark.parametrize("seed", range(4))
def test_opportunities_keep_their_bounds(seed):
    events = [event_of(line) for line in told(stream(seed))]

    for event in events:
        one = event.opportunity if isinstance(event, OPPORTUNITIES) else None
        assert one is None or 0 <= one.score <= 100
        assert one is None or 0 <= one.risk <= 1
        assert one is None or 0 <= one.relevance <= 1
        assert one is None or event.at < one.closes_at.low <= one.closes_at.high
        assert one is None or one.story.opened_at <= event.at
        assert one is None or all(reason.endswith(".") for reason in one.reasons)


def test_examples_are_posts_that_came_before():
    posts = stream(2)
    texts = dict(zip(posts["id"], posts["text"], strict=True))

    for line in told(posts):
        event = event_of(line)
        story = event.opportunity.story if isinstance(event, OPPORTUNITIES) else event.story
        assert all(texts[one.id] == one.text for one in story.examples)
        assert all(one.at < event.at for one in story.examples)


def test_rows_wait_for_their_tick():
    frame = logged(stream(1), [0, 500])[0][0]
    engine, whole = small_engine(), small_engine()
    end = int(frame["tick"].max())  # type: ignore[arg-type]

    waiting = engine.step(frame, -1)
    later = engine.step(empty_frame(), end)

    assert waiting == []
    assert later == whole.step(frame, end)
    assert later


def test_nothing_comes_of_nothing():
    engine = small_engine()

    assert engine.step(empty_frame(), 0) == []
    assert engine.step(empty_frame(), int(START.timestamp())) == []


def test_a_table_that_is_no_frame_is_refused():
    with pytest.raises(AssertionError, match="not a Frame"):
        small_engine().step(empty_posts(), 0)
    with pytest.raises(AssertionError, match="not a Frame"):
        small_engine().step(empty_frame().with_columns(tick=pl.lit(1.0)), 0)


def test_silence_closes_stories_and_brings_no_other_news():
    said: list[list[Said]] = [talk(900), happening(600, "lamps went dark")]

    before, after = events_of(*said), events_of(*said, silence_s=90_000)

    assert after[: len(before)] == before
    assert {type(event) for event in after[len(before) :]} == {StoryClosed}


def test_two_engines_share_nothing():
    posts = stream(5)
    alone = told(posts)

    Engine(BRAND, GAMES[:1]).step(logged(stream(6), [0, 400])[0][0], 1)

    assert told(posts) == alone
