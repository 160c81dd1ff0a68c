"""How well a story fits the brand: stated weights times shares of posts, and what clicks taught.

Every part of it is a sentence with its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rtm.score.features import stories_with
from rtm.score.learner import Learner
from rtm.text.patterns import Mark


@dataclass(frozen=True, slots=True)
class Contribution:
    """One reason: its weight times the share of posts, and the sentence that says it."""

    value: float
    sentence: str


# what one whole share of a story's posts adds to its relevance; the sum is cut to 0..1
WEIGHTS: Mapping[Mark, float] = {
    Mark.EVENT: 0.6,  # it is about what the team watches tonight
    Mark.THEME: 0.7,  # it is about what the brand sells or talks about
    Mark.MENTION: 0.9,  # it is about the brand itself
    Mark.RIVAL: 0.1,  # it is about a rival: worth knowing, seldom worth joining
    Mark.NO_GO: -1.0,  # it touches what the brand never touches
}
PHRASES: Mapping[Mark, str] = {
    Mark.EVENT: "speak of {event}",
    Mark.THEME: "touch the brand's themes",
    Mark.MENTION: "name {brand}",
    Mark.RIVAL: "name a rival",
    Mark.NO_GO: "touch what {brand} never touches",
}

TOLD = 3  # learned reasons that are told one by one
LEAST_TOLD = 0.005  # of relevance: what is written as more than nothing


def contributions(
    marks: Mapping[Mark, int], posts: int, brand: str, event: str | None
) -> list[Contribution]:
    """Return what each kind of mark adds, largest first; nothing for marks that no post has.

    ``event`` is the title of the event that is on, or None: then event terms count for nothing.

    >>> [c.sentence for c in contributions({Mark.MENTION: 2}, 4, "Oreo", None)]
    ['2 of 4 posts name Oreo (+0.45).']
    """
    found = []
    for mark, weight in WEIGHTS.items():
        count = marks.get(mark, 0)
        if not count or (mark is Mark.EVENT and event is None):
            continue
        value = weight * count / posts
        phrase = PHRASES[mark].format(brand=brand, event=event)
        found.append(Contribution(value, f"{count} of {posts} posts {phrase} ({value:+.2f})."))
    return sorted(found, key=lambda one: -abs(one.value))


def relevance(reasons: list[Contribution]) -> float:
    """Return the sum of contributions, cut to 0..1."""
    return min(1.0, max(0.0, sum(one.value for one in reasons)))


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a story fits: ``prior`` by stated weights alone, ``relevance`` with what is learned.

    ``reasons`` say where relevance comes from, in hundredths: their values as they are written add
    up to the relevance as it is written. A learned reason's value is what it adds to those before
    it, so it depends on the order, which is: stated, then learned from most to least in favour.
    """

    prior: float
    relevance: float
    reasons: tuple[Contribution, ...]


def fitted(stated: list[Contribution], learner: Learner, features: Mapping[str, float]) -> Fit:
    """Add what was learned to the stated reasons.

    What touches the brand's no-go is lifted the less, the more of its posts do.
    """
    prior = relevance(stated)
    terms = learner.terms(features)
    taboo = sum(-one.value for one in stated if one.value < 0)
    if taboo and sum(logit for _, logit in terms) > 0:
        terms = [(name, logit * max(0.0, 1.0 - taboo)) for name, logit in terms]
    whole = learner.relevance(prior, [logit for _, logit in terms])
    told = {
        name
        for name, logit in sorted(terms, key=lambda one: (-abs(one[1]), one[0]))[:TOLD]
        if logit
    }
    reasons, before, added = list(stated), prior, []
    for name, logit in terms:
        if name not in told:
            continue
        added.append(logit)
        now = learner.relevance(prior, added)
        if abs(now - before) >= LEAST_TOLD:
            reasons.append(_learned(name, now - before, learner.counts(name)))
        before = now
    rest = round(whole, 2) - sum(round(one.value, 2) for one in reasons)
    if abs(rest) >= LEAST_TOLD:
        reasons.append(Contribution(rest, f"{_rest(stated, terms, told)} ({rest:+.2f})."))
    return Fit(prior, whole, tuple(reasons))


def _learned(name: str, value: float, counts: tuple[int, int]) -> Contribution:
    wanted, unwanted = counts
    count, did = (wanted, "took on") if value > 0 else (unwanted, "dismissed")
    whose = f"{count} of {wanted + unwanted} stories {stories_with(name)}"
    return Contribution(value, f"Your team {did} {whose} ({value:+.2f}).")


def _rest(stated: list[Contribution], terms: list[tuple[str, float]], told: set[str]) -> str:
    if any(name not in told for name, _ in terms):
        return "All else that your team's clicks taught"
    total = sum(one.value for one in stated)
    if total > 1.0:
        return "Nothing fits more than wholly"
    if total < 0.0:
        return "Nothing fits less than not at all"
    return "Rounding"
