"""What a story is known by when a team's clicks are learned from: few figures, each with a name.

A feature is a name and a value from 0 to 1. Its name is its kind and what it is of, such as
``category sport`` or ``term lights``; its value is a share, or how much of it there is.
"""

import math
from collections.abc import Mapping
from datetime import datetime

from rtm.score.category import categories_of
from rtm.text.patterns import Mark
from rtm.types import Story, Tally

MOST_TERMS = 10
MOST_CATEGORIES = 4
LONGEST_TERM = 60  # characters
HOURS = 6  # of the day, in one feature
# what a whole one of each kind may weigh: subjects and words say more of what a team wants than
# marks, which the prior weighs already, and than how a story goes; chosen on a brand not reported
SCALES: Mapping[str, float] = {
    "mark": 0.35,
    "category": 1.0,
    "term": 0.7,
    "language": 0.05,
    "hours": 0.05,
    "audience": 0.05,
    "size": 0.05,
    "pace": 0.05,
}
MARKS: Mapping[Mark, str] = {
    Mark.THEME: "theme",
    Mark.MENTION: "mention",
    Mark.EVENT: "event",
    Mark.RIVAL: "rival",
    Mark.NO_GO: "no-go",
}
_MARKED = {
    "theme": "that touch the brand's themes",
    "mention": "that name the brand",
    "event": "about a watched event",
    "rival": "that name a rival",
    "no-go": "that touch what the brand avoids",
}
_SUBJECTS = {
    "screen": "film and TV",
    "food": "food and drink",
    "home": "home and garden",
    "motoring": "cars and bicycles",
}


def features_of(story: Story, tally: Tally, at: datetime, *, is_event_on: bool) -> dict[str, float]:
    """Return a story's features; at most some twenty-five, in an order that is always the same.

    ``at`` is when it is judged; an event's terms count only while one is on.
    """
    return marked(tally, is_event_on=is_event_on) | described(story, tally, at)


def marked(tally: Tally, *, is_event_on: bool) -> dict[str, float]:
    """Return the features that depend on the brand: which share of posts has which mark."""
    marks = dict(zip(Mark, tally.marks, strict=False))
    return {
        f"mark {name}": SCALES["mark"] * marks[mark] / tally.posts
        for mark, name in MARKS.items()
        if marks.get(mark) and (mark is not Mark.EVENT or is_event_on)
    }


def described(story: Story, tally: Tally, at: datetime) -> dict[str, float]:
    """Return the features that are the same for every brand."""
    found: dict[str, float] = {}
    texts = [story.title, " ".join(story.terms), *(post.text for post in story.examples)]
    categories = sorted(categories_of(texts).items(), key=lambda one: (-one[1], one[0]))
    for category, share in categories[:MOST_CATEGORIES]:
        found[f"category {category}"] = SCALES["category"] * share
    terms = dict.fromkeys(term[:LONGEST_TERM] for term in story.terms[:MOST_TERMS])
    for term in terms:
        found[f"term {term}"] = SCALES["term"] / math.sqrt(len(terms))
    if tally.language:
        found[f"language {tally.language}"] = SCALES["language"]
    first = at.hour // HOURS * HOURS
    found[f"hours {first:02}-{first + HOURS:02}"] = SCALES["hours"]
    if tally.followers:
        found["audience"] = SCALES["audience"] * min(1.0, math.log10(1 + tally.followers) / 8)
    found["size"] = SCALES["size"] * min(1.0, math.log10(1 + tally.posts) / 5)
    if story.per_min > 0:
        found["pace"] = SCALES["pace"] * min(1.0, math.log10(1 + story.per_min) / 3)
    return found


def stories_with(feature: str) -> str:
    """Say which stories have a feature, to follow on "stories".

    >>> stories_with("category screen"), stories_with("term lights")
    ('about film and TV', 'that speak of "lights"')
    """
    kind, _, of = feature.partition(" ")
    match kind:
        case "mark":
            return _MARKED.get(of, f"with the mark {of}")
        case "category":
            return f"about {_SUBJECTS.get(of, of)}"
        case "term":
            return f'that speak of "{of}"'
        case "language":
            return f"in the language {of}"
        case "hours":
            return f"between {of.replace('-', ' and ')} h UTC"
        case "audience":
            return "by authors whom many follow"
        case "size":
            return "of many posts"
        case _:
            return "that go fast"
