"""Judge each story for one brand: found, locked, or left alone; each at most once.

What is found takes from a budget of alarms; without one, all of it is told.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

import msgspec

from rtm.brand import Brand
from rtm.event import WatchedEvent
from rtm.score.budget import Budget
from rtm.score.closes import Forecast
from rtm.score.relevance import contributions, relevance
from rtm.score.safety import safety
from rtm.text.mentions import brand_patterns
from rtm.text.patterns import Mark
from rtm.types import (
    Event,
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    Story,
    Tally,
    moment,
)

RELEVANT = 0.3  # relevance from which a story is offered
LEAST = timedelta(minutes=2)  # nobody can act faster
UNLIMITED = 1 << 40  # alarms: more than any stream gives
STRONG = 10.0  # surprise at which a story counts in full


class Named(Protocol):
    """A story, known by its id."""

    @property
    def id(self) -> str:
        """Return what stays the same while the story lasts."""
        ...


class Teller(Protocol):
    """Whoever can tell of stories; what costs more is asked only when it is needed."""

    def tally(self, story: Any, tick: int) -> Tally:
        """Return what has been counted of a story, as of a tick."""
        ...

    def forecast(self, story: Any, tick: int) -> Forecast:
        """Return how long it may go on, by its own past."""
        ...

    def told(self, story: Any, tick: int) -> Story:
        """Return it as people are shown it, with the interval in which it closes."""
        ...


class Judge:
    """Decide what a story is to the brand."""

    def __init__(
        self,
        brand: Brand,
        events: Sequence[WatchedEvent] = (),
        budget: Budget | None = None,
    ) -> None:
        self._brand = brand
        self._events = tuple(events)
        self._budget = budget or Budget(UNLIMITED, UNLIMITED)
        self._found: set[str] = set()
        self._locked: set[str] = set()
        self.patterns = brand_patterns(brand, events)

    def judged(self, story: Named, stories: Teller, tick: int) -> list[Event]:
        """Return the events that a story's present state gives rise to, each once a story."""
        at = moment(tick + 1)
        tally = stories.tally(story, tick)
        marks = dict(zip(Mark, tally.marks, strict=False))
        event = next((one.title for one in self._events if one.is_on(at)), None)
        why = contributions(marks, tally.posts, self._brand.name, event)
        fit = relevance(why)
        safe = safety(marks[Mark.GRAVE], marks[Mark.POLITICS], tally.posts)
        told_before = self._locked if safe.is_locked else self._found
        # once locked, only a person may release it, however its posts go on
        if fit < RELEVANT or story.id in told_before or story.id in self._locked:
            return []
        told = stories.told(story, tick)
        assert told.closes_at is not None
        strength = min(1.0, told.surprise / STRONG)
        score = round(100 * fit * (1 - safe.risk) * (1 + strength) / 2, 1)
        # what is grave is always told; what could be joined competes for people's eyes
        is_on = event is not None
        if not safe.is_locked and not self._budget.allows(tick, story.id, score, is_event_on=is_on):
            return []
        told_before.add(story.id)
        opportunity = Opportunity(
            id="o" + story.id[1:],
            story=told,
            brand=self._brand.name,
            score=score,
            relevance=round(fit, 3),
            risk=safe.risk,
            audience=tally.followers,
            closes_at=Interval(
                low=max(told.closes_at.low, at + LEAST),
                high=max(told.closes_at.high, at + 2 * LEAST),
            ),
            reasons=(
                *(one.sentence for one in why),
                *safe.reasons,
                _heard(told),
                stories.forecast(story, tick).sentence,
                _reach(tally.followers),
            ),
        )
        if safe.is_locked:
            return [OpportunityLocked(at=at, opportunity=opportunity, reason=safe.reasons[0])]
        return [OpportunityFound(at=at, opportunity=opportunity)]

    def snapshot(self) -> bytes:
        """Return which stories were told."""
        return msgspec.json.encode((sorted(self._found), sorted(self._locked)))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        found, locked = msgspec.json.decode(content, type=tuple[set[str], set[str]])
        self._found, self._locked = found, locked

    def forget(self, story_id: str) -> None:
        """Let go of a story that closed."""
        self._found.discard(story_id)
        self._locked.discard(story_id)


def _heard(story: Story) -> str:
    return (
        f"{story.posts} posts from {story.sources:.0f} independent voices; "
        f"one in {10 ** min(story.surprise, 15):,.0f} quiet moments looks like this."
    )


def _reach(audience: int | None) -> str:
    if audience is None:
        return "Audience unknown: the stream tells no followers."
    return f"The authors seen have {audience:,} followers."
