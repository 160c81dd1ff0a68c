"""What a decision teaches of relevance: a claim a little, a fired post or a dismissal much.

A dismissal teaches only when it is about the story. That it was too late, that nobody was on duty
or that it had been done already says nothing of what fits.

What became of a post teaches a little more, and only in favour: a post that did better than the
account's posts usually do after an hour says that its story was worth joining. One that did worse
says nothing, since a dull text, a bad hour or an unlucky network fail a good story as well; and the
team, who wanted it, has said so by firing. (Results drawn by chance, on two brands that are not
told: in favour only, no run of twenty lost more than 0.008 AUC; with lessons against, 0.017.)
"""

import math
import re
from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

from rtm.decisions import Claimed, Decision, Dismissed, Fired, Measured

Kind = Literal["claim", "fire", "dismiss", "result"]

WEIGHTS = {"claim": 0.5, "fire": 1.0, "dismiss": 1.0, "result": 0.5}  # a result: at most so much
FEWEST = 3  # earlier posts of an account, before which nobody knows what is usual
HOUR_S = (60 * 60, 90 * 60)  # when a post must have been measured to be compared, seconds
FRIENDS = 5  # interactions that say nothing: staff and friends give any post as many
OUTSTANDING = 8.0  # times what is usual, from which a result teaches all it can

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
    kind: Kind
    is_wanted: bool
    weight: float


def lesson_of(record: Decision | Measured, before: Sequence[int] = ()) -> Lesson | None:
    """Return what a decision or a result teaches, or None when it says nothing of relevance.

    ``before`` is for a result: the interactions, after an hour, of the account's earlier posts.
    """
    match record:
        case Claimed():
            return _lesson(record.opportunity, "claim", is_wanted=True)
        case Fired():
            return _lesson(record.opportunity, "fire", is_wanted=True)
        case Dismissed() if tells_of_fit(record.reason):
            return _lesson(record.opportunity, "dismiss", is_wanted=False)
        case Measured():
            count = interactions_of(record)
            weight = 0.0 if count is None else result_weight(count, before)
            if weight:
                return Lesson(
                    opportunity=record.opportunity, kind="result", is_wanted=True, weight=weight
                )
    return None


def tells_of_fit(reason: str) -> bool:
    """Tell whether a reason for letting go is about the story, not about time or people.

    >>> tells_of_fit("we never joke about football"), tells_of_fit("Too late, it is over")
    (True, False)
    """
    return _ELSEWHERE.search(reason) is None


def interactions_of(record: Measured) -> int | None:
    """Return replies, reposts and likes of a post after an hour, or None.

    None where it was measured at another time, by a person, or nothing was told.
    """
    told = [one for one in (record.replies, record.reposts, record.likes) if one is not None]
    is_comparable = record.who is None and HOUR_S[0] <= record.after_s < HOUR_S[1]
    return sum(told) if told and is_comparable else None


def result_weight(interactions: int, before: Sequence[int]) -> float:
    """Return how much a result says in favour of its story, by the account's posts before it.

    It grows with the logarithm of how many times the usual it had, since such counts are spread
    over magnitudes: nothing at the median and below, all at ``OUTSTANDING`` times it.

    >>> result_weight(35, [10, 15, 20]), result_weight(1_000, [10, 15, 20])
    (0.167, 0.5)
    >>> result_weight(15, [10, 15, 20]), result_weight(1_000, [10, 15])
    (0.0, 0.0)
    """
    if len(before) < FEWEST:
        return 0.0
    times = (interactions + FRIENDS) / (median(before) + FRIENDS)
    share = min(1.0, max(0.0, math.log(times) / math.log(OUTSTANDING)))
    return round(WEIGHTS["result"] * share, 3)


def _lesson(opportunity: str, kind: Kind, *, is_wanted: bool) -> Lesson:
    return Lesson(opportunity=opportunity, kind=kind, is_wanted=is_wanted, weight=WEIGHTS[kind])
