"""Tell events as an account that a person reads: pure, from events to what rich can draw.

Other people's words are shown as they wrote them, less what could steer a terminal: everything
goes through ``plain`` and into ``Text``, which reads no markup.
"""

import heapq
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from statistics import median
from typing import assert_never

from msgspec import Struct
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from rtm.event import WatchedEvent, span
from rtm.types import (
    Event,
    Opportunity,
    OpportunityFound,
    OpportunityLocked,
    OpportunityTried,
    Story,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
)

TITLE, QUOTE = 100, 160  # characters shown of a headline and of a post
JOINERS = "\u200c\u200d"  # of emoji, and of letters in Persian or Hindi
BREAKS = ("Cc", "Zl", "Zp")  # Unicode's control characters and line breaks
UNSEEN = ("Cf", "Cs")  # direction overrides and the like; halves of characters

QUIET, LOUD, WARN, OURS = "dim", "bold green", "yellow", "italic cyan"


class Anchor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something known today about a past night; ``terms`` are those rtm might have told of it."""

    at: datetime
    text: str
    terms: tuple[str, ...] = ()


class Anchors(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The anchors of a night, as their file holds them."""

    anchor: tuple[Anchor, ...]


def plain(text: str, longest: int | None = None) -> str:
    r"""Return words on one line that can do a terminal no harm, cut to ``longest`` characters.

    >>> plain("lights\x1b[2J out\u202e!\n  Where?")
    'lights [2J out! Where?'
    """
    kinds = ((char, unicodedata.category(char)) for char in text)
    seen = (
        " " if kind in BREAKS else char
        for char, kind in kinds
        if kind not in UNSEEN or char in JOINERS
    )
    line = " ".join("".join(seen).split())
    if longest is None or len(line) <= longest:
        return line
    return line[: longest - 1].rstrip() + "\u2026"


def zone_of(events: Sequence[WatchedEvent]) -> tzinfo:
    """Return the first zone other than UTC in which an event is written, else UTC."""
    starts = (event.start for event in events)
    return next((at.tzinfo for at in starts if at.tzinfo and at.utcoffset()), UTC)


def with_anchors(events: Iterable[Event], anchors: Iterable[Anchor]) -> Iterator[Event | Anchor]:
    """Yield both in order of time; what was known then comes before what is known today."""
    return heapq.merge(events, sorted(anchors, key=_at), key=_at)


def heading(title: str, lines: Sequence[tuple[str, str]], zone: tzinfo = UTC) -> RenderableType:
    """Say what is replayed, for whom, and how times are shown."""
    shown = "UTC" if zone is UTC else f"UTC; in brackets {_zone_name(zone)}, the event's own"
    grid = Table.grid(padding=(0, 2))
    for name, text in (*lines, ("Times", shown)):
        grid.add_row(Text(name, QUIET), Text(plain(text)))
    return Group(Text(plain(title), "bold"), grid)


class Timeline:
    """Tell events one by one; it remembers only which stories were offered, and the day."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._day = ""
        self._stories: set[str] = set()
        self._offered: dict[str, OpportunityFound] = {}
        self._locked: set[str] = set()
        self._leads_s: list[float] = []

    def told(self, entry: Event | Anchor) -> RenderableType | None:
        """Return an entry's lines; None when it adds nothing for a person."""
        if isinstance(entry, StoryClosed) and entry.peak_at is not None:
            self._leads_s.append((entry.peak_at - entry.story.opened_at).total_seconds())
        lines = self._lines(entry)
        if lines is None:
            return None
        utc = entry.at.astimezone(UTC)
        day = f"{utc:%A} {utc.day} {utc:%B %Y}"
        if day == self._day:
            return lines
        self._day = day
        return Group(Text(), Text(day, "bold"), lines)

    def closing(self, posts: int) -> RenderableType:
        """Sum up what was told, after so many posts."""
        counts = [
            _count(posts, "post read", "posts read"),
            _count(len(self._stories), "story", "stories"),
            _count(len(self._offered), "opportunity", "opportunities"),
            f"{len(self._locked)} locked",
        ]
        return Group(Text(), Text(", ".join(counts) + ".", "bold"), *self._led())

    def _led(self) -> list[Text]:
        # the lead time: from the first warning to the busiest minute
        if not self._leads_s:
            return []
        lead_s = median(self._leads_s)
        side = "before" if lead_s >= 0 else "after"
        lead = f"{_lead_time(timedelta(seconds=abs(lead_s)))} {side} the peak"
        closed = _count(len(self._leads_s), "closed story", "closed stories")
        return [Text(f"First warning {lead} (median of {closed}).", "bold")]

    def _lines(self, entry: Event | Anchor) -> RenderableType | None:
        match entry:
            case StoryOpened(at=at, story=story):
                self._stories.add(story.id)
                return self._row(at, "story", _opened(story), QUIET)
            case StorySplit(at=at, story=story):
                self._stories.add(story.id)
                return self._row(at, "story", f"apart from another: {_opened(story)}", QUIET)
            case (
                StoryGrew(at=at, story=story)
                | StoryClosed(at=at, story=story)
                | StoryMerged(at=at, story=story)
            ):
                if story.id not in self._offered:
                    return None
                return self._row(at, "", _went_on(entry), QUIET)
            case OpportunityFound(at=at, opportunity=opportunity):
                self._offered[opportunity.story.id] = entry
                return Group(Text(), self._offer(at, opportunity), Text())
            case OpportunityTried(at=at, opportunity=opportunity):
                title = plain(opportunity.story.title, TITLE)
                return self._row(at, "unsure", f'"{title}": {plain(opportunity.reasons[0])}', QUIET)
            case OpportunityLocked(at=at, opportunity=opportunity):
                self._locked.add(opportunity.story.id)
                title = plain(opportunity.story.title, TITLE)
                return self._row(at, "locked", f'"{title}": {plain(entry.reason)}', WARN)
            case Anchor():
                text = f"{plain(entry.text)}{self._lead(entry)}"
                return self._row(entry.at, "known today", text, OURS)
        assert_never(entry)

    def _offer(self, at: datetime, found: Opportunity) -> RenderableType:
        low, high = found.closes_at.low, found.closes_at.high
        grid = self._grid()
        headline = Text.assemble(
            (f"{found.score:.0f} of 100 for {plain(found.brand)}: ", LOUD),
            (f'"{plain(found.story.title, TITLE)}"', "bold"),
        )
        grid.add_row(self._time(at), Text("OPPORTUNITY", LOUD), headline)
        closes = f"between {self._clock(low)} and {self._clock(high)}"
        left = f"in {span(low - at)} to {span(high - at)}"
        grid.add_row("", Text("closes"), Text(f"{closes}, {left}"))
        for n, reason in enumerate(found.reasons):
            grid.add_row("", Text("" if n else "why"), Text(plain(reason)))
        for n, example in enumerate(found.story.examples):
            said = f'{self._clock(example.at)} "{plain(example.text, QUOTE)}"'
            grid.add_row("", Text("" if n else "people say", QUIET), Text(said, QUIET))
        return grid

    def _lead(self, anchor: Anchor) -> str:
        if not anchor.terms:
            return ""
        known = (
            found
            for found in self._offered.values()
            if found.at <= anchor.at and set(anchor.terms) & set(found.opportunity.story.terms)
        )
        first = min(known, key=_at, default=None)
        if first is None:
            return " rtm had offered nothing on it by then."
        return f" rtm had offered it {_lead_time(anchor.at - first.at)} before."

    def _row(self, at: datetime, kind: str, text: str, style: str) -> RenderableType:
        grid = self._grid()
        grid.add_row(self._time(at), Text(kind, style), Text(text, style))
        return grid

    def _grid(self) -> Table:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=8 if self._zone is UTC else 16, no_wrap=True)
        grid.add_column(width=11, no_wrap=True)
        grid.add_column(overflow="fold")
        return grid

    def _time(self, at: datetime) -> Text:
        return Text(self._clock(at), QUIET)

    def _clock(self, at: datetime) -> str:
        utc = f"{at.astimezone(UTC):%H:%M:%S}"
        return utc if self._zone is UTC else f"{utc} ({at.astimezone(self._zone):%H:%M})"


def _at(entry: Event | Anchor) -> datetime:
    return entry.at


def _opened(story: Story) -> str:
    terms = ", ".join(plain(term) for term in story.terms)
    return f'"{plain(story.title, TITLE)}" ({_posts(story)}; terms: {terms})'


def _went_on(event: StoryGrew | StoryClosed | StoryMerged) -> str:
    title = plain(event.story.title, TITLE)
    if isinstance(event, StoryMerged):
        return f'took in another story, {_posts(event.story)} now: "{title}"'
    if isinstance(event, StoryGrew):
        return f'grew to {_posts(event.story)}: "{title}"'
    lasted = span(event.at - event.story.opened_at)
    return f'over after {_posts(event.story)} in {lasted}: "{title}"'


def _posts(story: Story) -> str:
    return _count(story.posts, "post", "posts")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _lead_time(lead: timedelta) -> str:
    minutes, seconds = divmod(round(lead.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _zone_name(zone: tzinfo) -> str:
    return str(zone) if str(zone).startswith("UTC") else f"{zone} time"
