"""Judge each story for one brand: found, locked, or left alone; each at most once."""

from collections.abc import Sequence

import numpy as np

from rtm.brand import Brand
from rtm.event import WatchedEvent
from rtm.score.closes import closing
from rtm.score.relevance import contributions, relevance
from rtm.score.safety import safety
from rtm.text.patterns import Mark, patterns_of
from rtm.trends.stories import OpenStory, Stories
from rtm.trends.table import MINUTES, MINUTES_AT, MINUTES_CELLS, UNIT, advance
from rtm.types import (
    Event,
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    Story,
    moment,
)

RELEVANT = 0.3  # relevance from which a story is offered
STRONG = 10.0  # surprise at which a story counts in full
STRETCH = 2  # minutes in each of the two stretches that tell rising from falling


class Judge:
    """Decide what a story is to the brand."""

    def __init__(self, brand: Brand, events: Sequence[WatchedEvent] = ()) -> None:
        self._brand = brand
        self._events = tuple(events)
        self._found: set[str] = set()
        self._locked: set[str] = set()
        self.patterns = patterns_of(
            phrases={
                Mark.THEME: brand.themes,
                Mark.NO_GO: brand.no_go,
                Mark.EVENT: [term for event in events for term in event.terms],
            },
            names={
                Mark.MENTION: [brand.name, *brand.aliases, *map(_at, brand.handles)],
                Mark.RIVAL: brand.rivals,
            },
        )

    def judged(
        self, story: OpenStory, told: Story, stories: Stories, tick: int
    ) -> list[Event]:
        """Return the events that a story's present state gives rise to."""
        at = moment(tick + 1)
        counts = {mark: count for mark, count in zip(Mark, stories.marks(story), strict=False)}
        event = next((one.title for one in self._events if one.is_on(at)), None)
        why = contributions(counts, told.posts, self._brand.name, event)
        fit = relevance(why)
        if fit < RELEVANT:
            return []
        safe = safety(counts[Mark.GRAVE], counts[Mark.POLITICS], told.posts)
        if (safe.is_locked and story.id in self._locked) or (
            not safe.is_locked and story.id in self._found
        ):
            return []
        latest, before = _stretches(stories, story, tick)
        close = closing(max(tick + 1 - story.first_at, 1), latest, before, STRETCH * MINUTES)
        audience = stories.followers(story)
        strength = min(1.0, told.surprise / STRONG)
        opportunity = Opportunity(
            id="o" + story.id[1:],
            story=told,
            brand=self._brand.name,
            score=round(100 * fit * (1 - safe.risk) * (1 + strength) / 2, 1),
            relevance=round(fit, 3),
            risk=safe.risk,
            audience=audience,
            closes_at=Interval(low=moment(tick + 1 + close.low_s), high=moment(tick + 1 + close.high_s)),
            reasons=(
                *(one.sentence for one in why),
                *safe.reasons,
                _heard(told),
                close.sentence,
                _reach(audience),
            ),
        )
        if safe.is_locked:
            self._locked.add(story.id)
            return [OpportunityLocked(at=at, opportunity=opportunity, reason=safe.reasons[0])]
        self._found.add(story.id)
        return [OpportunityFound(at=at, opportunity=opportunity)]

    def forget(self, story_id: str) -> None:
        """Let go of a story that closed."""
        self._found.discard(story_id)
        self._locked.discard(story_id)


def _at(handle: str) -> str:
    return handle if handle.startswith("@") else "@" + handle


def _heard(story: Story) -> str:
    return (
        f"{story.posts} posts from {story.sources:.0f} independent voices; "
        f"one in {10**min(story.surprise, 15):,.0f} quiet moments looks like this."
    )


def _reach(audience: int | None) -> str:
    if audience is None:
        return "Audience unknown: the stream tells no followers."
    return f"The authors seen have {audience:,} followers."


def _stretches(stories: Stories, story: OpenStory, tick: int) -> tuple[float, float]:
    cells = stories.cells(story).copy()
    advance(cells, np.zeros(2), stories.latest(story), tick)
    minute = tick // MINUTES
    weights = [
        int(cells[MINUTES_AT + (minute - back) % MINUTES_CELLS]) / UNIT for back in range(2 * STRETCH)
    ]
    return sum(weights[:STRETCH]), sum(weights[STRETCH:])
