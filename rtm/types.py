"""What leaves the engine: stories, opportunities, and the events that tell of them.

Every event is one JSON object: ``event`` (its kind), ``at`` (engine time, RFC 3339 UTC), and the
story or opportunity as it stood then. ``rtm schema`` prints the whole as JSON Schema.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A post of a story, in people's own words; ``author`` is null when unknown.

    ``rude`` says why it is not fit for a public screen, null when it is.
    """

    id: str
    at: datetime
    text: str
    author: str | None
    rude: str | None = None


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """From ``low`` to ``high``, both moments."""

    low: datetime
    high: datetime


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Bursts about one happening, as it stood at one moment.

    ``terms`` are at most ten, most surprising first; ``posts`` counts every copy; ``authors`` is
    an estimate, null when unknown; ``sources`` is the effective number of independent voices among
    the latest posts; ``surprise`` is -log10 of the chance that it is nothing, and 0 where a person
    opened it: then ``title`` and ``terms`` are that person's, and ``posts`` may be 0.

    ``per_min`` is how many posts a minute speak of it now (copies discounted), ``acceleration`` by
    how many that grows a minute, ``closes_at`` when four times in five it will be over, judged
    from the past only. Records of before these were told have none.
    """

    id: str
    title: str
    terms: tuple[str, ...]
    posts: int
    authors: int | None
    sources: float
    surprise: float
    opened_at: datetime
    examples: tuple[Example, ...]
    per_min: float = 0.0
    acceleration: float = 0.0
    closes_at: Interval | None = None


class Share(msgspec.Struct, frozen=True):
    """A share, 0 to 1, and the 95 % interval around it."""

    value: float
    low: float
    high: float


class Opportunity(msgspec.Struct, frozen=True, kw_only=True):
    """What a story is to the brand.

    ``score`` 0 to 100; ``relevance`` and ``risk`` 0 to 1; ``audience`` is the followers of the
    authors seen, null when the stream does not tell; ``closes_at`` is when it will be too late,
    judged from the past only; ``reasons`` are sentences; ``is_trial``: it may not fit, or people
    did not write it, and is shown at the desk only; ``automated`` is the share of its posts that
    look written by machines or paid hands, null in older records.
    """

    id: str
    story: Story
    brand: str
    score: float
    relevance: float
    risk: float
    audience: int | None
    closes_at: Interval
    reasons: tuple[str, ...]
    is_trial: bool = False
    automated: Share | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What has been counted of a story: ``marks`` are posts with each mark, lowest bit first.

    ``followers`` of the authors seen is None when never told; ``age_s`` is since the first post;
    ``language`` is the two letters of the one that most of its latest posts were told to be in.
    """

    posts: int
    marks: tuple[int, ...]
    followers: int | None
    age_s: int
    language: str | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a followed story when it was last looked at, and why, in a sentence.

    ``relevance`` and ``risk`` 0 to 1; ``is_offered``: the team has been shown it, or had it locked.
    """

    story: str
    title: str
    relevance: float
    risk: float
    posts: int
    is_offered: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Weight of posts in the last stretch of time and in the one before, and seconds of each."""

    latest: float
    latest_s: int
    before: float
    before_s: int


class StoryOpened(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="story_opened"):
    """People began to speak of something."""

    at: datetime
    story: Story


class StoryGrew(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="story_grew"):
    """A story has twice the posts of when it was last told."""

    at: datetime
    story: Story


class StoryClosed(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="story_closed"):
    """Nobody spoke of it any more.

    ``over_at`` is when nine in ten of its posts had come: what its ``closes_at`` foretold;
    ``peak_at`` is its busiest minute. Both are known only now, and null in older records.
    """

    at: datetime
    story: Story
    over_at: datetime | None = None
    peak_at: datetime | None = None


class StoryMerged(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="story_merged"):
    """Two stories turned out to be one: ``story`` goes on, the one with the id ``merged`` ends."""

    at: datetime
    story: Story
    merged: str


class StorySplit(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="story_split"):
    """A story turned out to be two: ``story`` is told by itself now, ``parent`` goes on too."""

    at: datetime
    story: Story
    parent: str


class OpportunityFound(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="opportunity_found"
):
    """A story fits the brand and may be joined."""

    at: datetime
    opportunity: Opportunity


class OpportunityTried(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="opportunity_tried"
):
    """A story may fit the brand or not: the desk alone is shown it, so that a click teaches.

    Once it fits it is found, under the same id.
    """

    at: datetime
    opportunity: Opportunity


class OpportunityLocked(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="opportunity_locked"
):
    """A story would fit the brand, or did, but is grave; ``reason`` says what was found."""

    at: datetime
    opportunity: Opportunity
    reason: str


StoryEvent = StoryOpened | StoryGrew | StoryClosed | StoryMerged | StorySplit
OpportunityEvent = OpportunityFound | OpportunityTried | OpportunityLocked
Event = StoryEvent | OpportunityEvent


def moment(tick: float) -> datetime:
    """Return the moment of a Unix time in seconds.

    >>> moment(1359942215).isoformat()
    '2013-02-04T01:43:35+00:00'
    """
    return datetime.fromtimestamp(tick, UTC)


BY_HAND = "h"  # begins the id of a story that a person opened; those that rtm found begin with s
FOUND_ID = 13  # characters of a found story's id at most; an opened one's is longer


def is_by_hand(story: str) -> bool:
    """Tell by its id whether a person opened a story."""
    return story.startswith(BY_HAND)


def card_of(story: str) -> str:
    """Return the id of the opportunity that a story is, from the story's own.

    >>> card_of("s0123456789ab"), card_of("h0123456789abcdef")
    ('o0123456789ab', 'oh0123456789abcdef')
    """
    return "o" + (story if is_by_hand(story) else story[1:])


def story_of(card: str) -> str:
    """Return the id of the story that an opportunity is, from its own.

    >>> story_of("o0123456789ab"), story_of("oh0123456789abcdef")
    ('s0123456789ab', 'h0123456789abcdef')
    """
    is_asked = card.startswith("o" + BY_HAND) and len(card) > FOUND_ID
    return card[1:] if is_asked else "s" + card[1:]


def line_of(event: Event) -> str:
    """Return an event as one line of JSON."""
    return msgspec.json.encode(event).decode()


def event_of(line: str | bytes) -> Event:
    """Read an event back from its line."""
    event: Event = msgspec.json.decode(line, type=Event)
    return event


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of events."""
    return msgspec.json.schema(Event)
