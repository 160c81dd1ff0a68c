"""Say what a brand would have seen on the night of the demo, before it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
from msgspec import structs

from rtm import build
from rtm.brand import Brand
from rtm.clock import Clock
from rtm.config import load
from rtm.engine import Engine
from rtm.event import WatchedEvent
from rtm.frame import POST_SCHEMA
from rtm.languages import LANGUAGES
from rtm.replay import replay
from rtm.score.opportunity import RELEVANT, Judge
from rtm.score.relevance import contributions, relevance
from rtm.sources.files import read_file
from rtm.text.patterns import Mark
from rtm.text.reader import read
from rtm.timeline import TITLE, plain
from rtm.types import (
    Event,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    StoryOpened,
    StorySplit,
)

NEAREST = 3  # stories let go that are shown where nothing was offered


@dataclass(frozen=True, slots=True)
class LetGo:
    """A story that was not offered: ``fit`` and ``why`` are judged by its example posts only."""

    story: Story
    fit: float
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What one night held for a brand; ``let_go`` has the nearest story first."""

    stories: int
    found: tuple[OpportunityFound, ...]
    locked: tuple[OpportunityLocked, ...]
    let_go: tuple[LetGo, ...]


def preview(brand: Brand, event: WatchedEvent | None, clock: Clock) -> Preview:
    """Replay the demo's night for a brand, with its event as if it had been on that night."""
    night = load(build.EVENT, WatchedEvent)
    watched = [] if event is None else [structs.replace(event, start=night.start, end=night.end)]
    posts = read_file(build.NIGHT, now=clock.now(), until=night.end).posts
    events = [
        one
        for one in replay(Engine(brand, watched), posts, until=night.end)
        if night.start <= one.at <= night.end
    ]
    found = tuple(one for one in events if isinstance(one, OpportunityFound))
    # a story that got worse is told again: as it was told last
    last = {one.opportunity.id: one for one in events if isinstance(one, OpportunityLocked)}
    locked = tuple(last.values())
    told = {one.opportunity.story.id for one in found}
    told |= {one.opportunity.story.id for one in locked}
    opened = [one.story for one in events if isinstance(one, StoryOpened | StorySplit)]
    judge, title = Judge(brand, watched), event.title if event else None
    let_go = [
        _let_go(story, _examples(events, story), judge, brand.name, title)
        for story in opened
        if story.id not in told
    ]
    nearest = sorted(let_go, key=lambda one: (-one.fit, -one.story.surprise))
    return Preview(len(opened), found, locked, tuple(nearest))


def account(shown: Preview, brand: Brand, event: WatchedEvent | None) -> list[str]:
    """Return a preview as lines for a person."""
    counts = f"{_count(shown.stories, 'story', 'stories')} and "
    counts += _count(len(shown.found), "opportunity", "opportunities")
    when = "in the night of 3 February 2013 (times are UTC)"
    lines = [f"With this you would have seen {counts} {when}{':' if shown.found else '.'}"]
    for one in shown.found:
        score = f"{one.opportunity.score:.0f} of 100"
        lines.append(_line(one.at, score, one.opportunity.story, one.opportunity.reasons[0]))
    if shown.locked:
        lines.append("Kept off, because they were grave:")
        lines += [
            _line(one.at, "locked", one.opportunity.story, one.reason) for one in shown.locked
        ]
    if not shown.found and shown.let_go:
        lines.append("The nearest stories were let go, as their example posts tell:")
        lines += [
            _line(one.story.opened_at, "let go", one.story, one.why)
            for one in shown.let_go[:NEAREST]
        ]
    return [*lines, _caution(brand, event)]


def _let_go(
    story: Story, posts: pl.DataFrame, judge: Judge, brand: str, event: str | None
) -> LetGo:
    marks = read(posts, judge.patterns).marks
    counts = {mark: int(((marks & int(mark)) != 0).sum()) for mark in Mark}
    why = contributions(counts, posts.height, brand, event)
    if not why:
        nothing = f"names {plain(brand)}, touches its themes or speaks of its event"
        return LetGo(story, 0.0, f"None of the {_posts(posts)} looked at {nothing}.")
    needed = f"all its posts together must come to {RELEVANT:+.2f}"
    sentences = " ".join(one.sentence for one in why)
    return LetGo(story, relevance(why), f"{sentences} Too little: {needed}.")


def _examples(events: Iterable[Event], story: Story) -> pl.DataFrame:
    examples = {
        example.id: example.text
        for event in events
        if not isinstance(event, OpportunityFound | OpportunityTried | OpportunityLocked)
        if event.story.id == story.id
        for example in event.story.examples
    }
    return pl.DataFrame(
        {"id": list(examples), "text": list(examples.values())},
        schema={key: POST_SCHEMA[key] for key in ("id", "text")},
    ).with_columns(author=pl.lit(None, pl.String()), lang=pl.lit(None, pl.String()))


def _line(at: datetime, kind: str, story: Story, why: str) -> str:
    when = f"{at.astimezone(UTC):%H:%M:%S}"
    return f'  {when} {kind}: "{plain(story.title, TITLE)}". {plain(why)}'


def _caution(brand: Brand, event: WatchedEvent | None) -> str:
    said = "That night is what Americans posted on Reddit, in English, about three posts a minute"
    if event is not None:
        said += "; your event was laid over it"
    if "en" not in brand.languages:
        said += f"; hardly a word of it is {LANGUAGES[brand.languages[0]]}"
    return f"{said}. It shows how rtm judges, not how much people speak of {plain(brand.name)}."


def _posts(posts: pl.DataFrame) -> str:
    return _count(posts.height, "post", "posts")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
