"""Wire the parts: the only module that knows which file, profile and engine belong together."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

import rtm.demo
from rtm.brand import Brand
from rtm.clock import Clock
from rtm.config import load
from rtm.engine import Engine
from rtm.errors import ConfigError, SourceError
from rtm.event import WatchedEvent
from rtm.frame import POST_SCHEMA, empty_posts
from rtm.pictures import load_event
from rtm.replay import Pace, replay, replay_log
from rtm.sources.beside import one_line
from rtm.sources.columns import columns_of
from rtm.sources.files import Recording, read_file
from rtm.store.log import InputLog
from rtm.store.store import ARCHIVE
from rtm.timeline import Anchor, Anchors
from rtm.types import Event

DEMO = Path(rtm.demo.__file__).parent
NIGHT = DEMO / "superbowl-xlvii-2013.parquet"
BRAND = DEMO / "oreo.toml"
EVENT = DEMO / "superbowl-xlvii.toml"
ANCHORS = DEMO / "anchors.toml"
RULES = DEMO / "rules.md"

_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}([ Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?(Z|z|[+-]\d{2}:\d{2})?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a recording that is asked for; None is its own beginning or end."""

    since: datetime | None = None
    until: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A recording and whom it is told to: everything that one replay needs."""

    path: Path
    recording: Recording
    brand: Brand
    events: tuple[WatchedEvent, ...]
    span: Span
    log: InputLog | None = None  # where the posts are what a watch kept

    @property
    def last(self) -> datetime | None:
        """When the recording's last post was stamped; None when there are no posts."""
        at = self.recording.posts["at"].max()
        return at if isinstance(at, datetime) else None

    def lines(self) -> list[tuple[str, str]]:
        """Say what is told to whom, as names and sentences."""
        posts = self.recording.posts
        read = f"{posts.height:,} posts of {one_line(self.path.name)}"
        if posts.height:
            read += f", {_minute(posts['at'][0])} to {_minute(posts['at'][-1])}"
        watching = [f"{e.title} ({_minute(e.start)} to {_minute(e.end)})" for e in self.events]
        return [
            ("Reads", read),
            ("For", self.brand.name),
            ("Watching", "; ".join(watching) or "no event"),
        ]

    def replay(
        self,
        *,
        clock: Clock,
        speed: float | None = None,
        flush: bool = False,
        on_told: Callable[[int, int], object] = lambda rows, tick: None,
    ) -> Iterator[Event]:
        """Yield the events of the span by a new engine; ``speed`` None is as fast as can be."""
        since, until = self.span.since, self.span.until
        engine = Engine(self.brand, self.events)
        pace = None if speed is None else Pace(clock, speed, since)
        if self.log is not None:
            events = replay_log(engine, self.log.steps(), until=until, pace=pace, on_told=on_told)
        else:
            events = replay(
                engine,
                self.recording.posts,
                until=until,
                flush=flush,
                pace=pace,
                on_told=on_told,
            )
        return (event for event in events if since is None or event.at >= since)


def recorded(
    path: Path,
    brand: Path,
    events: Sequence[Path] = (),
    *,
    span: Span = Span(),
    columns: Sequence[str] = (),
    clock: Clock,
) -> Told:
    """Read a recording, a brand profile and watched events; the small files first.

    Raises
    ------
    ConfigError
        When a profile, an event or an option cannot be understood.
    SourceError
        When the recording cannot be read.
    """
    profile = load(brand, Brand)
    watched = tuple(load_event(event) for event in events)
    if path.is_dir():
        return _kept(path, profile, watched, span)
    asked = columns_of(columns) if columns else None
    recording = read_file(path, columns=asked, now=clock.now(), until=span.until)
    return Told(path, recording, profile, watched, span)


def _kept(folder: Path, brand: Brand, events: tuple[WatchedEvent, ...], span: Span) -> Told:
    inside = folder / ARCHIVE
    log = InputLog(inside if inside.is_dir() else folder)
    if not log.hours():
        remedy = "name a file of posts, or the folder that rtm live was given by --data"
        raise SourceError(f"{folder}: no watch has kept posts here; {remedy}")
    told = (what for _, what, _ in log.steps() if isinstance(what, pl.DataFrame))
    posts = pl.concat([empty_posts(), *(frame.select(*POST_SCHEMA) for frame in told)])
    return Told(folder, Recording(posts, posts.height, {}, None, ()), brand, events, span, log)


def demo(clock: Clock) -> Told:
    """Read the night of 3 February 2013 as shipped."""
    return recorded(NIGHT, BRAND, [EVENT], clock=clock)


def anchors() -> tuple[Anchor, ...]:
    """Return what is known today about that night."""
    return load(ANCHORS, Anchors).anchor


def span_of(since: str | None, until: str | None) -> Span:
    """Read the options --from and --to; a time without zone is UTC, and noted.

    Raises
    ------
    ConfigError
        When one is no time, or they are the wrong way round.
    """
    notes: list[str] = []
    start, end = _moment("--from", since, notes), _moment("--to", until, notes)
    if start is not None and end is not None and end <= start:
        raise ConfigError(f'--to "{until}": write a moment after --from ({start.isoformat()})')
    return Span(start, end, tuple(notes))


def speed_of(text: str) -> float | None:
    """Read the option --speed: None for max, else times real time.

    >>> speed_of("max"), speed_of("60")
    (None, 60.0)
    """
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.001 <= speed <= 1_000_000:
        raise ConfigError(f'--speed "{text}": write max, or how many times real time, such as 60')
    return speed


def _moment(option: str, text: str | None, notes: list[str]) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip().upper()) if _DATE.fullmatch(text.strip()) else None
    except ValueError:  # the 31st of February
        at = None
    if at is None or not 1970 <= at.year < 9999:
        remedy = "write a time such as 2013-02-04T01:30:00Z or 2013-02-04 01:30 (UTC)"
        raise ConfigError(f'{option} "{text}": {remedy}')
    if at.tzinfo is None:
        notes.append(f"{option} {text} has no zone, taken as UTC")
        at = at.replace(tzinfo=UTC)
    return at.astimezone(UTC)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
