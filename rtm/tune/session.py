"""A tuning session: posts are read once, and any number of settings is told the same readings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from rtm.brand import Brand
from rtm.engine import Engine
from rtm.event import WatchedEvent
from rtm.score.budget import Budget
from rtm.trends.noting import Noting, is_reusable
from rtm.trends.settings import Settings
from rtm.trends.state import Given
from rtm.tune.activity import HOUR_S, Activity
from rtm.tune.hashes import Hashes, code_hash, object_hash, settings_hash
from rtm.tune.keywords import Holding, keywords_of
from rtm.tune.labels import Label, in_order
from rtm.tune.marks import Mark, real_ids
from rtm.tune.matching import Sought, about, sought
from rtm.tune.measures import Match, measures
from rtm.tune.reading import events_of, parts_of
from rtm.tune.result import OURS, LabelLine, Result, StoryLine, Why
from rtm.tune.told import ToldStory, give_alarms, told_stories
from rtm.tune.why import explained

# matches nothing: whatever is told, is told for itself
NEUTRAL = Brand(name="nobody-listens-for-this-8f3a1c", languages=("en",))

DEFAULT = Settings()
Heard = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a session is asked, beside posts and labels.

    Labels and stories count from ``since`` to ``until`` only; earlier posts are the past. The
    hashes are those of the files, for results to carry.
    """

    brand: Brand = NEUTRAL
    events: tuple[WatchedEvent, ...] = ()
    marks: tuple[Mark, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    data_hash: str = ""
    labels_hash: str = ""

    @property
    def hash(self) -> str:
        """The hash of all but posts and labels."""
        return object_hash((self.brand, self.events, self.marks, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Run:
    """One setting's stories and what they match, before anything is measured."""

    settings: Settings
    stories: tuple[ToldStory, ...]
    matches: tuple[Match, ...]
    real: dict[str, bool]

    def unmatched(self) -> list[ToldStory]:
        """Return the stories about no label."""
        known = {story.id for match in self.matches for story in match.stories}
        return [story for story in self.stories if story.id not in known]


class Session:
    """Read posts (``POST_SCHEMA``, by time) once, then run settings on them.

    Parameters
    ----------
    on_read
        Told how many posts were read so far.

    Raises
    ------
    ConfigError
        When a label's keyword holds no word that is counted.
    """

    def __init__(
        self,
        posts: pl.DataFrame,
        labels: Sequence[Label],
        asked: Asked = Asked(),
        *,
        on_read: Heard = lambda posts: None,
    ) -> None:
        until = asked.until
        self.posts = posts if until is None else posts.filter(pl.col("at") < until)
        self.asked = asked
        self.notes: list[str] = []
        self._runs = 0
        self._noted: tuple[Settings, Given] | None = None
        self.labels = self._scored(in_order(labels))
        keywords = [keywords_of(label) for label in self.labels]
        engine = Engine(asked.brand, asked.events)
        self.parts = parts_of(engine, self.posts, on_read)
        self._holding = Holding(
            (one for each in keywords for one in each), [part.reading for part in self.parts]
        )
        self._at_us = np.concatenate(
            [np.empty(0, np.int64), *(_at_us(part.frame) for part in self.parts)]
        )
        self.sought: tuple[Sought, ...] = tuple(
            sought(label, each, self._holding, self._at_us)
            for label, each in zip(self.labels, keywords, strict=True)
        )
        inside = _at_us(self.posts)
        since_us = 0 if asked.since is None else int(asked.since.timestamp() * 1e6)
        self.activity = Activity(inside[inside >= since_us])

    def told(
        self,
        settings: Settings,
        on_told: Heard = lambda posts: None,
        given: Given | None = None,
    ) -> Run:
        """Tell the posts to a new engine; say which of its stories are about which label.

        ``given`` are surprises to take as they are. Without, those of an earlier run are taken if
        the settings leave them as they were; the second run notes them.
        """
        noting = None
        if given is None and self._noted is not None and is_reusable(self._noted[0], settings):
            given = self._noted[1]._replace(mode=self._noted[1].mode.copy())
        elif given is None and self._runs:
            noting = Noting()
        self._runs += 1
        engine = Engine(self.asked.brand, self.asked.events, settings, given or noting)
        events = list(events_of(engine, self.parts, on_told))
        if noting is not None:
            self._noted = settings, noting.given()
        since = self.asked.since
        stories = [one for one in told_stories(events) if since is None or one.opened_at >= since]
        budget = Budget(settings.alarms_per_day, settings.alarms_per_hour)
        give_alarms(stories, budget, self.asked.events)
        matches = [Match(one, tuple(about(stories, one))) for one in self.sought]
        real = real_ids(stories, self.asked.marks)
        return Run(settings, tuple(stories), tuple(matches), real)

    def run(self, settings: Settings = DEFAULT, *, is_explained: bool = False) -> Result:
        """Run a setting and measure it; ``is_explained`` says why labels have no story."""
        return self.measured(self.told(settings), is_explained=is_explained)

    def measured(self, run: Run, *, is_explained: bool = False) -> Result:
        """Measure a run."""
        missed = [one.sought for one in run.matches if not one.stories]
        missed = [one for one in missed if not one.label.is_negative]
        why = {}
        if is_explained and missed:
            why = explained(missed, run, self.parts)
        real = frozenset(id for id, is_real in run.real.items() if is_real)
        return Result(
            variant=OURS,
            hashes=Hashes(
                data=self.asked.data_hash,
                labels=self.asked.labels_hash,
                settings=settings_hash(run.settings),
                asked=self.asked.hash,
                code=code_hash(),
            ),
            changed=changed(run.settings),
            posts=self.posts.height,
            active_hours=round(self.activity.seconds / HOUR_S, 3),
            block_hours=self.activity.block_s // HOUR_S,
            stories=len(run.stories),
            measures=measures(run.matches, run.stories, real, self.activity),
            labels=tuple(_label_line(one, run.real, why) for one in run.matches),
            unmatched=tuple(_story_line(one, run.real) for one in run.unmatched()),
            notes=tuple(self.notes),
        )

    def posts_with(self, one: Sought, since: datetime, until: datetime) -> int:
        """Count the posts from ``since`` to ``until`` with any keyword of a label."""
        held = [self._holding.of(keyword) for keyword in one.keywords]
        at = self._at_us[np.unique(np.concatenate(held))]
        low, high = (int(moment.timestamp() * 1e6) for moment in (since, until))
        return int(((at >= low) & (at <= high)).sum())

    def with_posts(self, posts: pl.DataFrame) -> "Session":
        """Return a session of other posts with the same labels and the rest."""
        return Session(posts, self.labels, self.asked)

    def _scored(self, labels: Sequence[Label]) -> tuple[Label, ...]:
        # a label of another night says nothing about this one
        since, until = self.asked.since, self.asked.until
        chosen = [
            one
            for one in labels
            if (since is None or one.start >= since) and (until is None or one.start < until)
        ]
        if len(chosen) < len(labels):
            left = len(labels) - len(chosen)
            self.notes.append(f"{left} of {len(labels)} labels begin outside the span asked for")
        first, last = self.posts["at"].min(), self.posts["at"].max()
        there = [
            one
            for one in chosen
            if isinstance(first, datetime)
            and isinstance(last, datetime)
            and one.end >= first
            and one.start <= last
        ]
        if len(there) < len(chosen):
            left = len(chosen) - len(there)
            self.notes.append(f"{left} labels lie where there are no posts, and are not scored")
        return tuple(there)


def changed(settings: Settings) -> dict[str, float | int | str | bool]:
    """Return the settings that are not the default.

    >>> changed(Settings(story_floor=6.0))
    {'story_floor': 6.0}
    """
    usual = DEFAULT._asdict()
    return {key: value for key, value in settings._asdict().items() if value != usual[key]}


def _at_us(frame: pl.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return frame["at"].dt.epoch("us").to_numpy()


def _story_line(story: ToldStory, real: dict[str, bool]) -> StoryLine:
    return StoryLine(
        id=story.id,
        opened_at=story.opened_at,
        title=story.title,
        terms=story.terms,
        posts=story.posts,
        real=real.get(story.id),
    )


def _label_line(match: Match, real: dict[str, bool], why: dict[Sought, Why]) -> LabelLine:
    label = match.sought.label
    return LabelLine(
        title=label.title,
        kind=label.kind,
        start=label.start,
        uncertain=label.uncertain,
        story=_story_line(match.stories[0], real) if match.stories else None,
        delay_s=None if label.is_negative else match.delay_s,
        why=why.get(match.sought),
    )
