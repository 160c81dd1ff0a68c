"""What was told, story by story: tellings in order, and what is known only afterwards."""

from datetime import timedelta

from rtm.tune.told import told_stories
from rtm.types import (
    Event,
    Interval,
    Story,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
)
from tests.streams import START

SOON = Interval(low=START + timedelta(minutes=1), high=START + timedelta(minutes=9))


def told_as(*terms: str, id: str = "s1", second: int = 0, posts: int = 3) -> Story:
    return Story(
        id=id,
        title=" ".join(terms),
        terms=terms,
        posts=posts,
        authors=None,
        sources=3.0,
        surprise=6.0,
        opened_at=START + timedelta(seconds=second),
        examples=(),
        closes_at=SOON,
    )


def at(second: int):
    return START + timedelta(seconds=second)


def test_a_story_keeps_its_tellings_and_its_last_words():
    events: list[Event] = [
        StoryOpened(at=at(0), story=told_as("lamps")),
        StoryGrew(at=at(60), story=told_as("lamps", "dark", posts=9)),
        StoryClosed(at=at(900), story=told_as("dark", posts=11), over_at=at(300), peak_at=at(65)),
    ]

    (story,) = told_stories(events)

    assert [one.terms for one in story.tellings] == [("lamps",), ("lamps", "dark"), ("dark",)]
    assert [one.closes_at for one in story.tellings] == [SOON, SOON, None]
    assert (story.terms, story.posts, story.title) == (("dark",), 11, "dark")
    assert (story.over_at, story.peak_at) == (at(300), at(65))
    assert story.names_until(at(60)) == [{"lamps"}, {"lamps", "dark"}]


def test_a_story_that_parted_from_another_is_a_story():
    events: list[Event] = [
        StoryOpened(at=at(0), story=told_as("lamps")),
        StorySplit(at=at(90), story=told_as("dark", id="s2", second=90), parent="s1"),
    ]

    assert [(one.id, one.opened_at) for one in told_stories(events)] == [
        ("s1", at(0)),
        ("s2", at(90)),
    ]


def test_a_story_that_took_in_another_is_told_once_more():
    events: list[Event] = [
        StoryOpened(at=at(0), story=told_as("lamps")),
        StoryOpened(at=at(9), story=told_as("dark", id="s2", second=9)),
        StoryMerged(at=at(90), story=told_as("lamps", "dark"), merged="s2"),
    ]

    first, second = told_stories(events)

    assert first.names_until(at(90))[-1] == {"lamps", "dark"}
    assert (second.id, second.over_at) == ("s2", None)


def test_at_most_ten_terms_count():
    words = [f"word{n}" for n in range(12)]

    (story,) = told_stories([StoryOpened(at=at(0), story=told_as(*words))])

    assert story.terms == tuple(words[:10])
    assert "word11" not in story.tellings[0].names
