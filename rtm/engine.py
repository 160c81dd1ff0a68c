"""The engine: told of frames and of closed ticks, it returns events. No clock, no I/O.

Be a post: you come in a Frame that may hold a fraction of a second or a month. The engine keeps
you until your tick is closed, then puts you in (tick, at, id) order with all others, has you read,
weighed and counted, and if your words were news, the story that you are part of is told, judged
for the brand, and leaves as an event.
"""

from collections.abc import Sequence
from io import BytesIO

import msgspec
import polars as pl

from rtm import __version__
from rtm.brand import Brand
from rtm.errors import StoreError
from rtm.event import WatchedEvent
from rtm.frame import FRAME_SCHEMA, empty_frame
from rtm.score.opportunity import Judge
from rtm.text.reader import read
from rtm.trends.monitor import Monitor, News
from rtm.trends.settings import Settings
from rtm.types import Event, StoryClosed, StoryGrew, StoryOpened, moment

FIRST_LOOKS = 8  # posts up to which a story is looked at again with each post
LOOK_GROWTH = 1.25  # times its posts at which it is looked at again after that
TOLD_GROWTH = 2  # times the posts told at which it is told again


class Engine:
    """Turn posts into events for one brand."""

    def __init__(
        self,
        brand: Brand,
        events: Sequence[WatchedEvent] = (),
        settings: Settings | None = None,
    ) -> None:
        self._judge = Judge(brand, events)
        self._monitor = Monitor(settings or Settings())
        self._pending = empty_frame()

    def step(self, frame: pl.DataFrame, closed: int) -> list[Event]:
        """Take rows of ticks not yet closed, and be told that all ticks up to ``closed`` are over.

        ``frame`` has the columns of ``FRAME_SCHEMA``, rows in any order. Events come in order of
        time; each is stamped with the end of its tick.
        """
        assert frame.schema == FRAME_SCHEMA, f"not a Frame: {frame.schema}"
        if self._pending.height:
            frame = self._pending.vstack(frame)
        is_over = frame["tick"] <= closed
        if is_over.all():
            self._pending = empty_frame()
        else:
            self._pending = frame.filter(~is_over)
            frame = frame.filter(is_over)
        frame = frame.sort("tick", "at", "id")
        reading = read(frame, self._judge.patterns)
        return [
            event
            for news in self._monitor.step(frame, reading, closed)
            for event in self._told(news)
        ]

    def snapshot(self) -> bytes:
        """Return the engine's whole state; ``restore`` takes it up, on the same version of rtm."""
        pending = BytesIO()
        self._pending.write_ipc(pending)
        return msgspec.msgpack.encode(
            {
                "version": __version__.encode(),
                "pending": pending.getvalue(),
                "judged": self._judge.snapshot(),
                **self._monitor.snapshot(),
            }
        )

    def restore(self, content: bytes) -> None:
        """Go on from a snapshot made with the same settings, or raise StoreError."""
        try:
            parts = msgspec.msgpack.decode(content, type=dict[str, bytes])
            if parts["version"] != __version__.encode():
                raise StoreError("snapshot: made by another version of rtm; start without it")
            self._monitor.restore(parts, lambda posts: read(posts, self._judge.patterns))
            self._judge.restore(parts["judged"])
            self._pending = pl.read_ipc(parts["pending"])
        except (msgspec.DecodeError, KeyError, pl.exceptions.PolarsError) as error:
            raise StoreError("snapshot: damaged; start without it") from error

    def _told(self, news: News) -> list[Event]:
        story, stories = news.story, self._monitor.stories
        at = moment(news.tick + 1)
        if news.kind == "closed":
            self._judge.forget(story.id)
            return [StoryClosed(at=at, story=stories.told(story, news.tick))]
        posts = stories.posts(story)
        events: list[Event] = []
        if news.kind == "opened":
            events.append(StoryOpened(at=at, story=stories.told(story, news.tick)))
            story.told = posts
        elif posts >= TOLD_GROWTH * story.told:
            events.append(StoryGrew(at=at, story=stories.told(story, news.tick)))
            story.told = posts
        next_look = posts + 1 if posts < FIRST_LOOKS else int(posts * LOOK_GROWTH) + 1
        stories.look_again_at(story, next_look)
        return events + self._judge.judged(story, stories, news.tick)
