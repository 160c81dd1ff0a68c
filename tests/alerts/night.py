"""Records of a night at the desk, as short as tests want them."""

from datetime import datetime
from typing import Any

from rtm.types import (
    Interval,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
)
from tests.alerts.said import after


def story(title: str = "the lights went out", id: str = "s1") -> Story:
    return Story(
        id=id,
        title=title,
        terms=("lights",),
        posts=30,
        authors=20,
        sources=9.0,
        surprise=12.0,
        opened_at=after(0),
        examples=(),
    )


def opportunity(id: str = "o1", title: str = "the lights went out", **changes: Any) -> Opportunity:
    told: dict[str, Any] = {
        "brand": "Oreo",
        "score": 71.4,
        "relevance": 0.8,
        "risk": 0.1,
        "audience": None,
        "closes_at": Interval(low=after(600), high=after(900)),
        "reasons": ("People speak of dunking in the dark.",),
    }
    return Opportunity(id=id, story=story(title), **{**told, **changes})


def found(at: datetime, id: str = "o1", **changes: Any) -> OpportunityFound:
    return OpportunityFound(at=at, opportunity=opportunity(id, **changes))


def tried(at: datetime, id: str = "o1") -> OpportunityTried:
    return OpportunityTried(at=at, opportunity=opportunity(id, is_trial=True))


def locked(at: datetime, id: str = "o1", **changes: Any) -> OpportunityLocked:
    return OpportunityLocked(
        at=at, opportunity=opportunity(id, **changes), reason="People may be hurt."
    )
