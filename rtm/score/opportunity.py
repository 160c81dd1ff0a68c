"""Judge each story for one brand: found, tried, locked, or left alone.

A story is found at most once. It is locked once, and again only when it got worse than it was told:
whoever released it did so knowing less.

What is found takes from a budget of alarms; without one, all of it is told. What is tried may not
fit and takes from a small budget of its own; so may what was found, once it proves to be the work
of machines alone. What a person opened is offered at once, however it fits, and takes from neither.
Of every open story the latest verdict is kept. What people do with what they were shown is learned
from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from heapq import nsmallest
from typing import Any, Literal, Protocol

import msgspec

from rtm.brand import Brand
from rtm.crowd import Crowd
from rtm.event import WatchedEvent
from rtm.score import verdicts
from rtm.score.audience import Audience, audience
from rtm.score.authenticity import Authenticity, authenticity
from rtm.score.budget import Budget
from rtm.score.by_hand import Own
from rtm.score.closes import Forecast
from rtm.score.features import features_of
from rtm.score.learner import Knowledge, Learner
from rtm.score.lessons import Lesson
from rtm.score.memory import Memory
from rtm.score.relevance import Fit, contributions, fitted
from rtm.score.safety import Gravity, Safety, gravity_of, safety
from rtm.score.trials import Trials
from rtm.text.mentions import brand_patterns
from rtm.text.patterns import Mark
from rtm.types import (
    Event,
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Share,
    Story,
    Tally,
    Verdict,
    card_of,
    is_by_hand,
    moment,
)

RELEVANT = 0.3  # relevance from which a story is offered
LEAST = timedelta(minutes=2)  # nobody can act faster
UNLIMITED = 1 << 40  # alarms: more than any stream gives
STRONG = 10.0  # surprise at which a story counts in full
HEARD_GROWTH = 1.5  # times its posts at which it is looked again at who speaks
LIVELY = 0.25  # what is added to the score where every author replies and comes back


_Kind = Literal["found", "tried", "locked"]


class Named(Protocol):
    """A story, known by its id."""

    title: str  # as it was told last

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

    def crowd(self, story: Any, tick: int) -> Crowd:
        """Return its latest posts and what is known of their authors."""
        ...


class _Voices(msgspec.Struct, frozen=True):
    # who speaks, as of so many posts of a story
    posts: int
    real: Authenticity
    heard: Audience


@dataclass(slots=True)
class _Look:
    # a story as it is at one tick, for this brand; what costs more is asked only where it is needed
    tell: Callable[[], Story]
    voices: Callable[[], _Voices]
    tally: Tally
    fit: Fit
    safe: Safety  # by its posts alone
    shown: Safety  # with what a person said who opened it
    touches_no_go: bool
    event: str | None
    features: dict[str, float] | None = None


class _Kept(msgspec.Struct):
    # all that a judge remembers
    found: list[str]
    locked: dict[str, Gravity]
    tried: list[str]
    trials: bytes
    memory: bytes
    knowledge: Knowledge
    verdicts: list[Verdict]
    voices: dict[str, _Voices]
    by_hand: dict[str, Own]


class Judge:
    """Decide what a story is to the brand, and learn from what people do with it."""

    def __init__(
        self,
        brand: Brand,
        events: Sequence[WatchedEvent] = (),
        budget: Budget | None = None,
        trials: Trials | None = None,
    ) -> None:
        self._brand = brand
        self._events = tuple(events)
        self._budget = budget or Budget(UNLIMITED, UNLIMITED)
        self._trials = trials or Trials()
        self._found: set[str] = set()
        self._locked: dict[str, Gravity] = {}
        self._tried: set[str] = set()
        self._learner = Learner(brand.name)
        self._memory = Memory()
        self._verdicts: dict[str, Verdict] = {}
        self._voices: dict[str, _Voices] = {}
        self._by_hand: dict[str, Own] = {}
        self.patterns = brand_patterns(brand, events)

    def judged(self, story: Named, stories: Teller, tick: int) -> list[Event]:
        """Return the events that a story's present state gives rise to, each once a story."""
        look = self._look(story, stories, tick)
        return self._said(story, stories, tick, look, *self._decided(story.id, tick, look))

    def opened(self, story: Named, stories: Teller, tick: int, own: Own) -> list[Event]:
        """Return the event that offers a story which a person opened, or locks it at once."""
        self._by_hand[story.id] = own
        self._found.add(story.id)
        look = self._look(story, stories, tick)
        if not look.shown.is_locked:
            return self._said(story, stories, tick, look, "found", verdicts.opened(look.fit))
        share = look.safe.share if look.safe.is_locked else 0.0  # else posts alone may lock it yet
        self._locked[story.id] = Gravity(share, frozenset(look.shown.classes))
        return self._said(story, stories, tick, look, "locked", verdicts.locked(look.shown))

    def _said(
        self,
        story: Named,
        stories: Teller,
        tick: int,
        look: _Look,
        kind: _Kind | None,
        sentence: str,
    ) -> list[Event]:
        at = moment(tick + 1)
        own = self._by_hand.get(story.id)
        events: list[Event] = []
        if kind is not None:
            told = look.tell()
            features = look.features or self._features(told, look, at)
            opportunity = self._opportunity(
                told, look, at, stories.forecast(story, tick).sentence, is_trial=kind == "tried"
            )
            if own is None or own.teaches:
                self._memory.keep(opportunity.id, features, look.fit.prior)
            events = [_event(kind, at, opportunity, look.shown)]
        self._verdicts[story.id] = Verdict(
            story=story.id,
            title=story.title,
            relevance=round(look.fit.relevance, 3),
            risk=look.shown.risk,
            posts=look.tally.posts,
            is_offered=story.id in self._found,
            sentence=sentence,
        )
        return events

    def learn(self, lesson: Lesson) -> None:
        """Be taught by a click on an opportunity; one on an unknown opportunity is ignored."""
        self._memory.teach(lesson, self._learner)

    def knowledge(self) -> Knowledge:
        """Return all that clicks have taught."""
        return self._learner.knowledge()

    def unlearn(self) -> None:
        """Forget all that clicks have taught; what was shown may teach anew."""
        self._learner.reset()
        self._memory.begin_anew()

    def verdicts(self, limit: int) -> list[Verdict]:
        """Return the latest verdict of each open story: not offered first, best fitting first."""
        return nsmallest(
            limit,
            self._verdicts.values(),
            key=lambda one: (one.is_offered, -one.relevance, -one.posts, one.story),
        )

    def snapshot(self) -> bytes:
        """Return which stories were told, and all that was learned."""
        return msgspec.msgpack.encode(
            _Kept(
                found=sorted(self._found),
                locked=dict(sorted(self._locked.items())),
                tried=sorted(self._tried),
                trials=self._trials.snapshot(),
                memory=self._memory.snapshot(),
                knowledge=self._learner.knowledge(),
                verdicts=list(self._verdicts.values()),
                voices=self._voices,
                by_hand=self._by_hand,
            )
        )

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        kept = msgspec.msgpack.decode(content, type=_Kept)
        self._found, self._locked = set(kept.found), kept.locked
        self._tried = set(kept.tried)
        self._trials.restore(kept.trials)
        self._memory.restore(kept.memory)
        self._learner.restore(kept.knowledge)
        self._verdicts = {one.story: one for one in kept.verdicts}
        self._voices, self._by_hand = kept.voices, kept.by_hand

    def forget(self, story_id: str) -> None:
        """Let go of a story that closed; what was shown of it may still teach."""
        self._found.discard(story_id)
        self._tried.discard(story_id)
        self._locked.pop(story_id, None)
        self._verdicts.pop(story_id, None)
        self._voices.pop(story_id, None)
        self._by_hand.pop(story_id, None)

    def _look(self, story: Named, stories: Teller, tick: int) -> _Look:
        at = moment(tick + 1)
        tally = stories.tally(story, tick)
        marks = dict(zip(Mark, tally.marks, strict=False))
        event = next((one.title for one in self._events if one.is_on(at)), None)
        own, name, posts = self._by_hand.get(story.id), self._brand.name, tally.posts
        stated = contributions(marks, posts, name, event)
        if own is not None and not posts:
            stated = own.stated(name, event)
        safe = safety(marks, max(1, posts))
        shown = safe if own is None else own.weighed(safe, name)
        tell = cache(lambda: stories.told(story, tick))
        voices = cache(lambda: self._heard(story, stories, tick, posts))
        fit = fitted(stated, self._learner, {})
        look = _Look(tell, voices, tally, fit, safe, shown, marks[Mark.NO_GO] > 0, event)
        if self._learner.lessons:  # before the first, nothing but the counts is needed
            look.features = self._features(tell(), look, at)
            look.fit = fitted(stated, self._learner, look.features)
        return look

    def _heard(self, story: Named, stories: Teller, tick: int, posts: int) -> _Voices:
        # who speaks changes slowly, and looking costs milliseconds: so at every half as many posts
        known = self._voices.get(story.id)
        if known is None or posts >= HEARD_GROWTH * known.posts:
            crowd = stories.crowd(story, tick)
            known = _Voices(posts, authenticity(crowd), audience(crowd))
            self._voices[story.id] = known
        return known

    def _features(self, told: Story, look: _Look, at: datetime) -> dict[str, float]:
        return features_of(told, look.tally, at, is_event_on=look.event is not None)

    def _decided(self, id: str, tick: int, look: _Look) -> tuple[_Kind | None, str]:
        # what is to be told of a story now, if anything, and why in words
        fit, safe = look.fit, look.safe
        locked = self._locked.get(id)
        # only a person may release it, however its posts go on; it locks again if it got worse
        if locked is not None and not locked.is_worse(safe):
            return None, verdicts.locked(safe)
        # whoever works on a story that turns grave must hear of it, however well it still fits
        is_shown = locked is not None or id in self._found or id in self._tried
        if safe.is_locked and (fit.relevance >= RELEVANT or is_shown):
            self._locked[id] = gravity_of(safe, locked)
            return "locked", verdicts.locked(safe)
        if id in self._by_hand:
            return None, verdicts.opened(fit)
        if id in self._found:
            if look.voices().real.is_automated_only:
                self._found.discard(id)
                self._tried.add(id)
                return "tried", verdicts.automated(look.voices().real)
            return None, verdicts.offered(fit)
        if fit.relevance < RELEVANT:
            if id in self._tried:
                return None, verdicts.tried(fit, RELEVANT)
            is_harmless = not safe.is_locked and not look.touches_no_go
            is_wanted = is_harmless and self._trials.allows(tick, id, fit.relevance)
            if is_wanted and not look.voices().real.is_automated_only:
                self._trials.give(tick)
                self._tried.add(id)
                return "tried", verdicts.tried(fit, RELEVANT)
            return None, verdicts.too_little(fit, RELEVANT)
        if look.voices().real.is_automated_only:
            return None, verdicts.automated(look.voices().real)
        # what is grave is always told; what could be joined competes for people's eyes
        score = _score(look)
        is_on = look.event is not None
        if not self._budget.allows(tick, id, score, is_event_on=is_on):
            return None, verdicts.outdone(score, self._budget.limit(is_event_on=is_on))
        self._found.add(id)
        return "found", verdicts.offered(fit)

    def _opportunity(
        self, told: Story, look: _Look, at: datetime, forecast: str, *, is_trial: bool
    ) -> Opportunity:
        assert told.closes_at is not None
        fit, safe, followers = look.fit, look.shown, look.tally.followers
        real, heard = look.voices().real, look.voices().heard
        return Opportunity(
            id=card_of(told.id),
            story=told,
            brand=self._brand.name,
            score=_score(look),
            relevance=round(fit.relevance, 3),
            risk=safe.risk,
            audience=followers,
            closes_at=Interval(
                low=max(told.closes_at.low, at + LEAST),
                high=max(told.closes_at.high, at + 2 * LEAST),
            ),
            reasons=(
                *(one.sentence for one in fit.reasons),
                *safe.reasons,
                _heard(told),
                real.sentence,
                forecast,
                _reach(followers),
                heard.sentence,
            ),
            is_trial=is_trial,
            automated=Share(real.share, real.low, real.high),
        )


def _event(kind: _Kind, at: datetime, opportunity: Opportunity, safe: Safety) -> Event:
    match kind:
        case "locked":
            return OpportunityLocked(at=at, opportunity=opportunity, reason=safe.reasons[0])
        case "tried":
            return OpportunityTried(at=at, opportunity=opportunity)
        case "found":
            return OpportunityFound(at=at, opportunity=opportunity)


def _score(look: _Look) -> float:
    # what is automated, or came for a give-away, counts for nothing; who comes back counts for more
    strength = min(1.0, look.tell().surprise / STRONG)
    real, heard = look.voices().real, look.voices().heard
    worth = (1 - real.discount) * (1 - heard.bought) * (1 + LIVELY * heard.liveliness)
    score = 100 * look.fit.relevance * (1 - look.shown.risk) * (1 + strength) / 2 * worth
    return round(min(100.0, score), 1)


def _heard(story: Story) -> str:
    if is_by_hand(story.id):
        return f"Opened by hand; {story.posts} posts from {story.sources:.0f} independent voices."
    return (
        f"{story.posts} posts from {story.sources:.0f} independent voices; "
        f"one in {10 ** min(story.surprise, 15):,.0f} quiet moments looks like this."
    )


def _reach(audience: int | None) -> str:
    if audience is None:
        return "Audience unknown: the stream tells no followers."
    return f"The authors seen have {audience:,} followers."
