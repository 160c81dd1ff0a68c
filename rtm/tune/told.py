"""What was told: events of a run, gathered story by story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rtm.event import WatchedEvent
from rtm.score.budget import Budget
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
    surprise: float
    closes_at: Interval | None


@dataclass(slots=True)
class ToldStory:
    """A story with all its tellings in order and what is known only afterwards."""

    id: str
    opened_at: datetime
    title: str = ""
    posts: int = 0
    tellings: list[Telling] = field(default_factory=list)
    closed_at: datetime | None = None
    over_at: datetime | None = None
    peak_at: datetime | None = None
    alarmed_at: datetime | None = None  # when it was among the few that people are shown

    def was_open(self, moment: datetime) -> bool:
        """Tell whether it was told of by then, and not closed before."""
        return self.opened_at <= moment and (self.closed_at is None or moment <= self.closed_at)

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
            told.closed_at, told.over_at, told.peak_at = event.at, event.over_at, event.peak_at
            closes_at = None  # it is over: there is nothing left to foresee
        told.tellings.append(Telling(event.at, terms, names, story.surprise, closes_at))
    return sorted(stories.values(), key=lambda one: (one.opened_at, one.id))


def give_alarms(
    stories: Iterable[ToldStory], budget: Budget, events: Sequence[WatchedEvent] = ()
) -> None:
    """Say of each story when it was shown, if a budget of alarms ranks stories by surprise."""
    told = [(one.at, story.id, one, story) for story in stories for one in story.tellings]
    for at, id, telling, story in sorted(told, key=lambda one: one[:2]):
        # asked of those shown too: others must be as strong as they are by now
        tick, is_on = int(at.timestamp()) - 1, any(event.is_on(at) for event in events)
        is_shown = budget.allows(tick, id, telling.surprise, is_event_on=is_on)
        if is_shown and story.alarmed_at is None and at != story.closed_at:
            story.alarmed_at = at
