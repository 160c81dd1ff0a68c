"""The engine: told of frames and of closed ticks, it returns events. No clock, no I/O.

Be a post: you come in a Frame that may hold a fraction of a second or a month. The engine keeps
you until your tick is closed, then puts you in (tick, at, id) order with all others, has you read,
weighed and counted, and if your words were news, the story that you are part of is told, judged
for the brand, and leaves as an event.
"""

from collections.abc import Sequence
from hashlib import blake2b
from io import BytesIO

import msgspec
import numpy as np
import polars as pl

from rtm import __version__
from rtm.brand import Brand
from rtm.decisions import Noted
from rtm.errors import StoreError
from rtm.event import WatchedEvent
from rtm.frame import FRAME_SCHEMA, completed, empty_frame
from rtm.score.budget import Budget
from rtm.score.by_hand import Own
from rtm.score.closes import Closes
from rtm.score.lessons import Lesson
from rtm.score.opportunity import Judge
from rtm.score.prospect import Prospect
from rtm.signs import Signs
from rtm.taught import Closing, Label, Opening, Unlearned
from rtm.taught import read as read_lesson
from rtm.temper import Temper, Told
from rtm.text.patterns import Mark
from rtm.text.reader import Reading, read
from rtm.text.screening import screening_of
from rtm.trends.monitor import Monitor, News
from rtm.trends.noting import Noting
from rtm.trends.open_story import Asked, OpenStory
from rtm.trends.settings import Settings
from rtm.trends.state import Given
from rtm.trends.volume import Volume
from rtm.types import (
    Event,
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StorySplit,
    Verdict,
    moment,
)

SUBJECTS = np.uint32(Mark.MENTION | Mark.THEME | Mark.EVENT)  # what a post must touch to be ours
FIRST_LOOKS = 8  # posts up to which a story is looked at again with each post
LOOK_GROWTH = 1.25  # times its posts at which it is looked at again after that
FEW_TIES = 100  # posts of one moment up to which looking is quicker than sorting
SEAL = 32  # bytes before a snapshot that tell whether it is whole
TOLD_GROWTH = 2  # times the posts told at which it is told again


class Engine:
    """Turn posts into events for one brand; ``given`` as in ``Monitor``."""

    def __init__(
        self,
        brand: Brand,
        events: Sequence[WatchedEvent] = (),
        settings: Settings | None = None,
        given: Given | Noting | None = None,
    ) -> None:
        settings = settings or Settings()
        self._budget = Budget(settings.alarms_per_day, settings.alarms_per_hour)
        self._judge = Judge(brand, events, self._budget)
        screening = screening_of(brand, events)
        self._monitor = Monitor(settings, given, screening)
        self._closes = Closes()
        self._prospect = Prospect(self._monitor.telling, self._closes)
        self._pending: list[pl.DataFrame] = []
        self._temper = Temper(screening)
        self._over_at = -1
        self.volume = Volume()
        self.signs = Signs()

    def step(self, frame: pl.DataFrame, closed: int) -> list[Event]:
        """Take rows of ticks not yet closed, and be told that all ticks up to ``closed`` are over.

        ``frame`` has the columns of ``FRAME_SCHEMA``, rows in any order. Events come in order of
        time; each is stamped with the end of its tick.
        """
        over = self.ordered(frame, closed)
        return self.count(over, self.read(over), closed)

    def ordered(self, frame: pl.DataFrame, closed: int) -> pl.DataFrame:
        """Take rows as ``step`` does; return those of ticks that are over, in order.

        ``step`` is ``ordered``, ``read`` and ``count``, one after the other. Who tells a whole
        recording may order and read the next frame in another thread while this one is counted.
        """
        assert frame.schema == FRAME_SCHEMA, f"not a Frame: {frame.schema}"
        self._pending.append(frame)
        return self._over(closed)

    def read(self, frame: pl.DataFrame) -> Reading:
        """Read every row; this has no state."""
        return read(frame, self._judge.patterns)

    def count(self, frame: pl.DataFrame, reading: Reading, closed: int) -> list[Event]:
        """Return the events of rows that are over, in order, as they were read."""
        self.volume.count(frame["tick"].to_numpy(), (reading.marks & SUBJECTS) != 0)
        self.volume.close(closed)
        self._temper.heed(frame, reading, closed)
        self.signs.read(self.volume, self._temper.amounts)
        self._over_at = closed
        return [
            event
            for news in self._monitor.step(frame, reading, closed)
            for event in self._told(news)
        ]

    def _over(self, closed: int) -> pl.DataFrame:
        # Rows of closed ticks, in order; the rest goes on waiting. Small frames come many times a
        # second, so this slices and gathers: each lazy query would cost more than all the reading.
        over, waiting = [], []
        for frame in self._pending:
            is_over = frame["tick"].to_numpy() <= closed
            if is_over.all():
                over.append(frame)
            elif not is_over.any():
                waiting.append(frame)
            else:
                over.append(frame[np.flatnonzero(is_over)])
                waiting.append(frame[np.flatnonzero(~is_over)])
        self._pending = waiting
        frame = pl.concat(over) if over else empty_frame()
        return frame if _is_ordered(frame) else frame.sort("tick", "at", "id", "source")

    def teach(self, lesson: bytes) -> list[Event | Noted]:
        """Take what the team taught or opened, as ``rtm.taught`` writes it; told between two steps.

        Returns what came of it, and what the team should know.
        """
        note = None
        match read_lesson(lesson):
            case Lesson() as click:
                self._judge.learn(click)
            case Label() as label:
                note = self._temper.learn(label)
            case Unlearned(what="relevance"):
                self._judge.unlearn()
            case Unlearned():
                self._temper.unlearn()
            case Opening() as wish:
                return [*self._opened(wish)]
            case Closing(story=id):
                story = self._monitor.by_hand.story(id)
                return [] if story is None else [*self._let_go(story)]
        return [] if note is None else [Noted(at=moment(self._over_at + 1), note=note)]

    def learned(self) -> bytes:
        """Return all that the team taught, as JSON that a person may read."""
        relevance = msgspec.json.encode(self._judge.knowledge())
        return b'{"relevance":' + relevance + b',"mood":' + self._temper.export().encode() + b"}"

    def temper(self) -> Told:
        """Return how people speak of the brand, and what the team is asked."""
        return self._temper.told()

    def verdicts(self, limit: int) -> list[Verdict]:
        """Return why open stories were offered or not: at most so many, those not offered first."""
        return self._judge.verdicts(limit)

    def snapshot(self) -> bytes:
        """Return the engine's whole state; ``restore`` takes it up, on the same version of rtm."""
        pending = BytesIO()
        pl.concat([empty_frame(), *self._pending]).write_ipc(pending)
        content = msgspec.msgpack.encode(
            {
                "version": __version__.encode(),
                "pending": pending.getvalue(),
                "judged": self._judge.snapshot(),
                "closes": self._closes.snapshot(),
                "budget": self._budget.snapshot(),
                "volume": self.volume.snapshot(),
                "signs": self.signs.snapshot(),
                "temper": self._temper.snapshot(),
                "closed": str(self._over_at).encode(),
                **self._monitor.snapshot(),
            }
        )
        return _seal(content) + content

    def restore(self, content: bytes) -> None:
        """Go on from a snapshot made with the same settings, or raise StoreError."""
        seal, content = content[:SEAL], content[SEAL:]
        if seal != _seal(content):
            raise StoreError("snapshot: damaged; start without it")
        try:
            parts = msgspec.msgpack.decode(content, type=dict[str, bytes])
            if parts["version"] != __version__.encode():
                raise StoreError("snapshot: made by another version of rtm; start without it")
            self._monitor.restore(parts, lambda posts: read(posts, self._judge.patterns))
            self._judge.restore(parts["judged"])
            self._closes.restore(parts["closes"])
            self._budget.restore(parts["budget"])
            self.volume.restore(parts["volume"])
            self.signs.restore(parts["signs"])
            self._temper.restore(parts["temper"])
            self._over_at = int(parts["closed"])
            self._pending = [completed(pl.read_ipc(parts["pending"]), FRAME_SCHEMA)]
        except (msgspec.DecodeError, KeyError, pl.exceptions.PolarsError) as error:
            raise StoreError("snapshot: damaged; start without it") from error

    def _told(self, news: News) -> list[Event]:
        story, tick, telling = news.story, news.tick, self._monitor.telling
        at = moment(tick + 1)
        if news.kind == "closed":
            return self._closed(story, tick)
        if news.kind == "merged" and news.gone is not None:
            ended = self._closed(news.gone, tick, has_end=False)
            told = self._prospect.told(story, tick)
            return [*ended, StoryMerged(at=at, story=told, merged=news.gone.id)]
        posts = telling.posts(story)
        telling.look_again_at(story, _next_look(posts))
        events: list[Event] = []
        if not story.told and story.asked is None:
            told = self._prospect.told(story, tick)
            events.append(
                StorySplit(at=at, story=told, parent=story.parent)
                if story.parent
                else StoryOpened(at=at, story=told)
            )
        elif posts >= TOLD_GROWTH * story.told:
            events.append(StoryGrew(at=at, story=self._prospect.told(story, tick)))
        if events:
            story.told = posts
        if events and story.asked is None:  # what people open is of another kind
            self._closes.note(story.id, tick, self._prospect.forecast(story, tick))
        return events + self._judge.judged(story, self._prospect, tick)

    def _opened(self, wish: Opening) -> list[Event]:
        tick = self._over_at if self._over_at >= 0 else wish.tick
        by_hand, answers = self._monitor.by_hand, wish.answers
        if answers is None and wish.reply_to is not None:
            answers = by_hand.post(wish.reply_to, tick)
        story = by_hand.open(wish.story, Asked(wish.title, wish.terms, answers), tick)
        if story is None:  # it is open already, or too many are
            return []
        told = self._prospect.told(story, tick)
        story.told = told.posts
        self._monitor.telling.look_again_at(story, _next_look(told.posts))
        own = Own(marks=self._marks_of(wish), teaches=wish.kind == "moment")
        opened = StoryOpened(at=moment(tick + 1), story=told)
        return [opened, *self._judge.opened(story, self._prospect, tick, own)]

    def _marks_of(self, wish: Opening) -> int:
        # as of a post that says all of it, each part a sentence
        text = ". ".join((wish.title, *wish.terms))
        said = pl.DataFrame({"text": [text]}, schema={"text": pl.String}).with_columns(
            author=pl.lit(None, pl.String), lang=pl.lit(None, pl.String)
        )
        return int(self.read(said).marks[0])

    def _let_go(self, story: OpenStory) -> list[Event]:
        # people may go on to speak of it: nothing is to be learned of its end
        events = self._closed(story, self._over_at, has_end=False)
        self._monitor.stories.close(story)
        return events

    def _closed(self, story: OpenStory, tick: int, *, has_end: bool = True) -> list[Event]:
        # a story that another took in did not end: nothing is to be learned from it
        self._judge.forget(story.id)
        course = self._monitor.telling.course(story)
        has_end = has_end and self._monitor.telling.posts(story) > 0
        if has_end:
            self._closes.learn(story.id, course.over)
        else:
            self._closes.forget(story.id)
        return [
            StoryClosed(
                at=moment(tick + 1),
                story=self._prospect.told(story, tick),
                over_at=moment(course.over + 1) if has_end else None,
                peak_at=moment(course.peak) if has_end and course.peak else None,
            )
        ]


def _next_look(posts: int) -> int:
    return posts + 1 if posts < FIRST_LOOKS else int(posts * LOOK_GROWTH) + 1


def _seal(content: bytes) -> bytes:
    return blake2b(content, digest_size=SEAL).digest()


def _is_ordered(frame: pl.DataFrame) -> bool:
    ticks, ats = frame["tick"].to_numpy(), frame["at"].to_numpy().view(np.int64)
    steps, moves = np.diff(ticks), np.diff(ats)
    if (steps < 0).any() or ((steps == 0) & (moves < 0)).any():
        return False
    (ties,) = np.nonzero((steps == 0) & (moves == 0))
    ids, sources = frame["id"], frame["source"]  # two networks may number alike
    return ties.size <= FEW_TIES and all(
        (ids[place], sources[place]) <= (ids[place + 1], sources[place + 1])
        for place in ties.tolist()
    )
