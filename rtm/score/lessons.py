"""What a decision teaches of relevance: a claim a little, a fired post or a dismissal much.

A dismissal teaches only when it is about the story. That it was too late, that nobody was on duty
or that it had been done already says nothing of what fits.
"""

import re
from typing import Literal

import msgspec

from rtm.decisions import Claimed, Decision, Dismissed, Fired

WEIGHTS = {"claim": 0.5, "fire": 1.0, "dismiss": 1.0}

# reasons that are of time, of people and of doubles
_ELSEWHERE = re.compile(
    r"\b(too late|too old|late|over by now|expired|no time|out of time|time is up|off duty|"
    r"not on duty|nobody (is )?(here|free|on duty)|no one (is )?(here|free|on duty)|busy|weekend|"
    r"holidays?|on leave|duplicates?|already (done|posted|covered|answered|sent|fired|used)|"
    r"double|same as|just a test|test(ing)?|by mistake|wrong (button|card)|misclick)\b",
    re.IGNORECASE,
)


class Lesson(msgspec.Struct, frozen=True, kw_only=True, tag_field="lesson", tag="click"):
    """That the story of an opportunity was wanted or not; ``weight`` is how much that says."""

    opportunity: str
    kind: Literal["claim", "fire", "dismiss"]
    is_wanted: bool
    weight: float


def lesson_of(decision: Decision) -> Lesson | None:
    """Return what a decision teaches, or None when it says nothing of relevance."""
    match decision:
        case Claimed():
            return _lesson(decision.opportunity, "claim", is_wanted=True)
        case Fired():
            return _lesson(decision.opportunity, "fire", is_wanted=True)
        case Dismissed() if tells_of_fit(decision.reason):
            return _lesson(decision.opportunity, "dismiss", is_wanted=False)
    return None


def tells_of_fit(reason: str) -> bool:
    """Tell whether a reason for letting go is about the story, not about time or people.

    >>> tells_of_fit("we never joke about football"), tells_of_fit("Too late, it is over")
    (True, False)
    """
    return _ELSEWHERE.search(reason) is None


def _lesson(
    opportunity: str, kind: Literal["claim", "fire", "dismiss"], *, is_wanted: bool
) -> Lesson:
    return Lesson(opportunity=opportunity, kind=kind, is_wanted=is_wanted, weight=WEIGHTS[kind])
