"""What one call of ``rtm tune`` is given, read and checked; the small files first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from rtm.brand import Brand
from rtm.clock import Clock
from rtm.config import load
from rtm.errors import SourceError
from rtm.event import WatchedEvent
from rtm.remedies import one_line
from rtm.sources.files import Recording, read_file
from rtm.trends.settings import Settings
from rtm.tune.hashes import file_hash
from rtm.tune.keywords import keywords_of
from rtm.tune.labels import Labels, load_labels
from rtm.tune.marks import load_marks
from rtm.tune.session import NEUTRAL, Asked, Session
from rtm.tune.setting import with_given
from rtm.tune.workers import Job


@dataclass(frozen=True, slots=True)
class Tuning:
    """The data and what is asked of it; the posts are not read yet."""

    data: Path
    labels: Labels
    settings: Settings
    asked: Asked
    now: datetime

    @property
    def title(self) -> str:
        """What a person calls it."""
        return f"{self.data.stem}: {len(self.labels.labels)} labels"

    @property
    def notes(self) -> tuple[str, ...]:
        """One-line remarks for a person."""
        return self.labels.notes

    def recording(self) -> Recording:
        """Read the posts."""
        return read_file(self.data, now=self.now, until=self.asked.until)

    def session(self, posts: pl.DataFrame, on_read: Callable[[int], object]) -> Session:
        """Have the posts read."""
        return Session(posts, self.labels.labels, self.asked, on_read=on_read)

    def job(self) -> Job:
        """Return what a worker needs to do the same."""
        return Job(self.data, self.labels.labels, self.asked, self.now)


def tuning_of(
    data: Path,
    labels: Path,
    changes: Sequence[str] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    events: Sequence[Path] = (),
    brand: Path | None = None,
    marks: Path | None = None,
    clock: Clock,
) -> Tuning:
    """Read and check all but the posts.

    Raises
    ------
    ConfigError
        When labels, marks, a setting, a profile or an event cannot be understood.
    SourceError
        When there is no such data.
    """
    settings = with_given(Settings(), changes)
    told = load_labels(labels)
    for label in told.labels:
        keywords_of(label)  # said now, not after minutes of reading
    if data.is_dir():
        remedy = "a folder; name a file of posts, as rtm tune reads no folders"
        raise SourceError(one_line(f"{data}: {remedy}"))
    asked = Asked(
        brand=NEUTRAL if brand is None else load(brand, Brand),
        events=tuple(load(event, WatchedEvent) for event in events),
        marks=() if marks is None else load_marks(marks),
        since=since,
        until=until,
        data_hash=file_hash(data),
        labels_hash=told.hash,
    )
    return Tuning(data, told, settings, asked, clock.now())
