"""What was told: events of a run, gathered story by story."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from rtm.tune.keywords import names_in
from rtm.types import (
    Event,
    Interval,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
)

SHOWN_TERMS = 10
TELLINGS = (StoryOpened, StoryGrew, StoryClosed, StoryMerged, StorySplit)


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as it was told at one moment; ``names`` are the words and pairs of its terms."""

    at: datetime
    terms: tuple[str, ...]
    names: frozenset[str]
    closes_at: Interval | None


@dataclass(slots=True)
class ToldStory:
    """A story with all its tellings in order; ``over_at`` and ``peak_at`` are known afterwards."""

    id: str
    opened_at: datetime
    title: str = ""
    posts: int = 0
    tellings: list[Telling] = field(default_factory=list)
    over_at: datetime | None = None
    peak_at: datetime | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """Its terms as they were told last."""
        return self.tellings[-1].terms

    def names_until(self, moment: datetime) -> list[frozenset[str]]:
        """Return what its tellings up to a moment held, each set once."""
        return list(dict.fromkeys(one.names for one in self.tellings if one.at <= moment))


def told_stories(events: Iterable[Event]) -> list[ToldStory]:
    """Gather the stories of a run in the order in which they opened."""
    stories: dict[str, ToldStory] = {}
    for event in events:
        if not isinstance(event, TELLINGS):
            continue
        story = event.story
        told = stories.setdefault(story.id, ToldStory(story.id, event.at))  # as people learn of it
        told.title, told.posts = story.title, story.posts
        terms = story.terms[:SHOWN_TERMS]
        is_same = bool(told.tellings) and told.tellings[-1].terms == terms
        names = told.tellings[-1].names if is_same else names_in(terms)
        closes_at = story.closes_at
        if isinstance(event, StoryClosed):
            told.over_at, told.peak_at = event.over_at, event.peak_at
            closes_at = None  # it is over: there is nothing left to foresee
        told.tellings.append(Telling(event.at, terms, names, closes_at))
    return sorted(stories.values(), key=lambda one: (one.opened_at, one.id))
