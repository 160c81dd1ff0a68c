"""The watch: it takes what came from a source, tells the engine, and has the room keep the news.

Be a quarter of a second of posts: you wait in the inbox; the lane stamps you; the archive keeps you
before the engine is told; what the engine says is numbered and kept. What the team taught since the
last look goes the same way, just before you. After a kill at any instant the watch takes up the
latest snapshot and tells the engine the rest of the archive again: events whose numbers are known
already are not kept twice.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import polars as pl

from rtm.board.view import Mood, Question, SourceView, Volume, ms
from rtm.clock import Beat
from rtm.decisions import Heard, Noted, Record
from rtm.engine import Engine
from rtm.errors import StoreError
from rtm.frame import empty_frame
from rtm.room import Pulse, Room
from rtm.signs import Signs
from rtm.sources.lane import LAG_US, SECOND_US, Lane
from rtm.sources.stream import Health
from rtm.store.journal import Told
from rtm.store.segment import Step
from rtm.store.store import Store
from rtm.temper import WINDOW_S
from rtm.temper import Told as Temper
from rtm.trends.volume import BUCKET_S
from rtm.types import Event, OpportunityFound, Verdict, moment

log = logging.getLogger(__name__)

SHOWN_BUCKETS = 24  # two hours
SNAPSHOT_S = 300
KEPT = timedelta(days=30)  # of posts, in the archive
RETOLD_ROWS = 20_000  # told at once on a restart
ALREADY_S = 600  # stretch of the stream's time whose ids a source must not bring again
WARM_GAP = timedelta(minutes=15)  # absence after which the past still counts as known
RATE_S = 60
VERDICTS = 50  # stories of which screens are told why they were offered or not
VERDICTS_S = 3  # between two looks at them


class Listened(Protocol):
    """A source as the watch sees it; see ``rtm.sources.stream``."""

    name: str
    health: Health

    def told_until_us(self, now_us: int) -> int | None:
        """Return up to when everything has surely come, or None when that cannot be said."""
        ...


@dataclass(frozen=True, slots=True)
class Stream:
    """A source, how to read it from a moment on for ever, and how to take what came.

    ``read`` is told the moment (Unix microseconds; None: as far back as warm-up needs) and the ids
    of posts that came already. ``rewind_s`` is how far back the first start begins.
    """

    source: Listened
    read: Callable[[int | None, Sequence[str]], Coroutine[Any, Any, None]]
    take: Callable[[], pl.DataFrame]
    rewind_s: float = 0.0


class Watch:
    """One brand's watch over one stream."""

    def __init__(
        self,
        engine: Engine,
        stream: Stream,
        store: Store,
        room: Room,
        clock: Beat,
        *,
        subjects: str,
        beat: Callable[[], Awaitable[None]],
        on_found: Callable[[], None] = lambda: None,
        on_posts: Callable[[pl.DataFrame], None] = lambda posts: None,
        kept: timedelta = KEPT,
    ) -> None:
        self._engine = engine
        self._stream = stream
        self._store = store
        self._room = room
        self._clock = clock
        self._subjects = subjects
        self._beat = beat
        self._on_found = on_found
        self._on_posts = on_posts
        self._kept = kept
        self._lane = Lane()
        self._numbered = 0  # engine events so far
        self._told = -1  # last tick closed for the engine
        self._posts = self._late = 0
        self._lessons: list[bytes] = []
        self._rates: deque[tuple[float, int]] = deque()
        self._verdicts: tuple[Verdict, ...] = ()
        self._verdicts_at = clock.now()
        self._mood: Mood | None = None
        self._questions: tuple[Question, ...] = ()
        self._wishes: list[asyncio.Future[bytes]] = []
        self._warm = 0.0
        self._newest_us: int | None = None
        self._began_us = round(clock.now().timestamp() * 1e6)

    def teach(self, lesson: bytes) -> None:
        """Have the engine taught at the next look, before any further posts."""
        self._lessons.append(lesson)

    async def learned(self) -> bytes:
        """Return all that the team taught, as JSON, at the next look."""
        wish: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._wishes.append(wish)
        return await wish

    async def restore(self) -> None:
        """Take up where the last run stopped, however it stopped."""
        events = await asyncio.to_thread(self._retell)
        await self._keep(events)

    async def run(self) -> None:
        """Watch until cancelled; a snapshot is made on the way out."""
        newest = await asyncio.to_thread(self._store.archive.newest, ALREADY_S)
        self._newest_us = _latest_us(newest)
        reading = asyncio.create_task(self._stream.read(self._newest_us, newest["id"].to_list()))
        snapshot_at = self._clock.now() + timedelta(seconds=SNAPSHOT_S)
        try:
            while not reading.done():
                await self._beat()
                await self._look()
                if self._clock.now() >= snapshot_at:
                    await asyncio.to_thread(self._snapshot)
                    self._store.archive.forget(self._clock.now() - self._kept)
                    snapshot_at = self._clock.now() + timedelta(seconds=SNAPSHOT_S)
            await reading  # it never ends by itself: raise what ended it
        finally:
            reading.cancel()
            self._snapshot()

    async def _look(self) -> None:
        now = self._clock.now()
        now_us = round(now.timestamp() * 1e6)
        posts = self._stream.take()
        self._on_posts(posts)
        frame = self._lane.stamp(posts)
        until_us = self._stream.source.told_until_us(now_us)
        if until_us is not None:
            self._lane.close((until_us - LAG_US) // SECOND_US - 1)
        lessons, self._lessons = self._lessons, []
        wishes, self._wishes = self._wishes, []
        if wishes:
            learned = await asyncio.to_thread(self._engine.learned)
            for wish in wishes:
                if not wish.done():  # whoever asked may have gone
                    wish.set_result(learned)
        if lessons or frame.height or self._lane.closed > self._told:
            self._told = self._lane.closed
            events = await asyncio.to_thread(self._step, lessons, frame, self._lane.closed)
            await self._keep(events, self._heard(posts))
            self._count(frame, now.timestamp())
        try:
            await self._room.grow_old()
        except StoreError as error:  # another has the database: at the next look
            log.warning("what is due waits why=%s", error)
        self._room.beat(self._pulse(now_us))

    def _step(self, lessons: list[bytes], frame: pl.DataFrame, closed: int) -> list[Event | Noted]:
        events: list[Event | Noted] = []
        for lesson in lessons:
            self._store.archive.append_lesson(lesson)
            events += self._engine.teach(lesson)
        self._store.archive.append(frame, closed)
        events += self._engine.step(frame, closed)
        # here, between two steps and off the loop, nobody else has the engine
        if self._clock.now() >= self._verdicts_at:
            self._look_at_verdicts()
        return events

    def _look_at_verdicts(self) -> None:
        self._verdicts = tuple(self._engine.verdicts(VERDICTS))
        told = self._engine.temper()
        self._mood = _mood(told, self._engine.signs)
        self._questions = tuple(
            Question(id=one.id, at_ms=1000 * one.tick, text=one.text, chance=one.probability)
            for one in told.questions
        )
        self._verdicts_at = self._clock.now() + timedelta(seconds=VERDICTS_S)

    async def _keep(self, events: list[Event | Noted], heard: list[Record] | None = None) -> None:
        if events:
            first, self._numbered = self._numbered, self._numbered + len(events)
            kept = await self._room.keep(events, first=first)
            if any(isinstance(event, OpportunityFound) for event in kept):
                self._on_found()
        if heard:
            await self._room.keep(heard)

    def _heard(self, posts: pl.DataFrame) -> list[Record]:
        awaited = self._room.board.awaited()
        if not awaited or not posts.height:
            return []
        ours = posts.select("id", key=pl.col("id").str.split("/").list.last()).filter(
            pl.col("key").is_in(list(awaited))
        )
        return [
            Heard(at=self._clock.now(), opportunity=awaited[key], uri=uri)
            for uri, key in ours.iter_rows()
        ]

    def _count(self, frame: pl.DataFrame, now: float) -> None:
        self._posts += frame.height
        self._late += int(frame["late"].sum())
        if frame.height:
            self._newest_us = max(self._newest_us or 0, _latest_us(frame) or 0)
        self._rates.append((now, frame.height))
        while self._rates and self._rates[0][0] < now - RATE_S:
            self._rates.popleft()

    def _pulse(self, now_us: int) -> Pulse:
        health = self._stream.source.health
        if self._warm < 1:
            self._warm = self._warmth(now_us)
        return Pulse(
            at=moment(now_us / 1e6),
            warm=self._warm,
            warm_note="" if self._warm >= 1 else health.note or health.state,
            posts=self._posts,
            rate_per_s=round(sum(rows for _, rows in self._rates) / RATE_S, 2),
            sources=(
                SourceView(
                    name=self._stream.source.name,
                    state=health.state,
                    heard_ms=None if health.heard_us is None else health.heard_us // 1000,
                    behind_s=round(health.behind_s, 1),
                    note=health.note,
                    posts=health.posts,
                    late=self._late,
                    aside=sum(health.aside.values()),
                    gaps=health.gaps,
                ),
            ),
            verdicts=self._verdicts,
            mood=self._mood,
            questions=self._questions,
            volume=_volume(self._engine, self._subjects),
        )

    def _warmth(self, now_us: int) -> float:
        # how much of the stretch asked for has come; all of it once the source brings the present
        if self._stream.source.health.state == "live":
            return 1.0
        if self._newest_us is None or not self._stream.rewind_s:
            return 0.0
        asked_us = self._began_us - round(self._stream.rewind_s * 1e6)
        return min(0.99, max(0.0, (self._newest_us - asked_us) / (now_us - asked_us)))

    def _retell(self) -> list[Event | Noted]:
        archive, position = self._store.archive, 0
        kept = self._store.snapshots.latest()
        is_known = True
        if kept is not None:
            try:
                self._engine.restore(kept.content)
                position, self._numbered = kept.position, kept.told
            except StoreError as error:
                log.warning("starting without the snapshot: %s", error)
                is_known = False
        events: list[Event | Noted] = []
        for what, closed in _joined(archive.steps(position, log.error)):
            if isinstance(what, bytes):
                events += self._engine.teach(what)
            else:
                events += self._engine.step(what, closed)
        self._look_at_verdicts()
        self._told = archive.closed
        self._lane = Lane(archive.closed)
        if archive.closed >= 0 and self._clock.now() - moment(archive.closed) < WARM_GAP:
            self._warm = 1.0
        if is_known:
            return events
        # another version may number its events otherwise: what it finds in the past stays untold
        self._numbered = self._store.told()
        return []

    def _snapshot(self) -> None:
        archive = self._store.archive
        self._store.snapshots.write(self._engine.snapshot(), archive.position, self._numbered)


def _latest_us(posts: pl.DataFrame) -> int | None:
    latest = posts["at"].to_physical().max()
    return latest if isinstance(latest, int) else None


def _joined(steps: Iterable[Step]) -> Iterator[tuple[Told, int]]:
    # wherever frames are cut, events are the same: few large ones are told sooner; what was taught
    # between two of them stays there
    frames, closed = [empty_frame()], -1
    for _, what, closed in steps:
        if isinstance(what, bytes):
            yield pl.concat(frames), closed
            yield what, closed
            frames = [empty_frame()]
            continue
        frames.append(what)
        if sum(frame.height for frame in frames) >= RETOLD_ROWS:
            yield pl.concat(frames), closed
            frames = [empty_frame()]
    if closed >= 0:
        yield pl.concat(frames), closed


def _mood(told: Temper, signs: Signs) -> Mood:
    negative, complaint = told.negative, told.complaint
    return Mood(
        window_s=WINDOW_S,
        posts=told.posts,
        negative=negative and negative.negative,
        low=negative and negative.low,
        high=negative and negative.high,
        complaints=complaint and complaint.negative,
        labels=told.labels,
        is_unusual=told.until - signs.latest("mood") <= WINDOW_S,
    )


def _volume(engine: Engine, title: str) -> Volume:
    buckets = engine.volume.buckets(SHOWN_BUCKETS)
    return Volume(
        title=title,
        bucket_s=BUCKET_S,
        start_ms=ms(moment(buckets[0].start)) if buckets else 0,
        posts=tuple(bucket.about for bucket in buckets),
        low=tuple(bucket.low for bucket in buckets),
        high=tuple(bucket.high for bucket in buckets),
        unusual=tuple(engine.signs.is_unusual(bucket.start) for bucket in buckets),
    )
