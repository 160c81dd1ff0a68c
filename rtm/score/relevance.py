"""How well a story fits the brand: shares of its posts, times stated weights, each in words."""

from collections.abc import Mapping
from dataclasses import dataclass

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
