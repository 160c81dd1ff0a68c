"""Records for tests of the store."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rtm.decisions import Claimed, Fired, Recalled, Refused, Sent, Unknown
from rtm.types import Story, StoryGrew, StoryOpened

AT = datetime(2013, 2, 4, 1, 46, 30, 123456, tzinfo=UTC)
PLACE = {"opportunity": "o1", "channel": "dry", "account": "@oreo", "key": "k1"}


def opened(number: int) -> StoryOpened:
    """Return the engine's event with a number."""
    return StoryOpened(at=AT + timedelta(seconds=number), story=story(number))


def grown(number: int) -> StoryGrew:
    """Return another event of the same story."""
    return StoryGrew(at=AT + timedelta(seconds=number), story=story(number))


def story(number: int) -> Story:
    """Return a story with hard words in it."""
    return Story(
        id=f"s{number}",
        title='lights out 🏈 ‏שלום "quoted" \n it\'s',
        terms=("lights", "power"),
        posts=3,
        authors=None,
        sources=2.5,
        surprise=5.49,
        opened_at=AT,
        examples=(),
    )


def claimed(opportunity: str = "o1", who: str = "Ann") -> Claimed:
    """Return a decision that fires nothing."""
    return Claimed(at=AT, opportunity=opportunity, who=who)


def fired(**changes: str) -> Fired:
    """Return a decision that fires a post."""
    text = "You can still dunk in the dark."
    place: dict[str, Any] = {**PLACE, **changes}
    return Fired(at=AT, who="Ann", text=text, **place)


def sent(**changes: str) -> Sent:
    """Return the receipt of that post."""
    return Sent(at=AT, uri="dry:1", url=None, **{**PLACE, **changes})


def refused(**changes: str) -> Refused:
    """Return its refusal."""
    return Refused(at=AT, reason="too long", **{**PLACE, **changes})


def unknown(**changes: str) -> Unknown:
    """Return that nobody knows."""
    return Unknown(at=AT, reason="timed out", **{**PLACE, **changes})


def recalled(**changes: str) -> Recalled:
    """Return that it was taken back."""
    return Recalled(at=AT, who="Ann", reason="too early", **{**PLACE, **changes})
