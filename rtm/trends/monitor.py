"""Trends as one part: told of readings of closed ticks, it yields ticks with news."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from rtm.errors import StoreError
from rtm.text.reader import Reading
from rtm.text.screening import Screening
from rtm.trends.by_hand import ByHand
from rtm.trends.echo import echoes, weigh
from rtm.trends.kernel import run
from rtm.trends.noting import Noting
from rtm.trends.open_story import OpenStory
from rtm.trends.recent import Recent
from rtm.trends.settings import Settings, exact
from rtm.trends.snapshot import gather, gathered, kept_arrays, packed, stale_memos, unpack_into
from rtm.trends.state import (
    FIRED,
    GREW,
    LAST_TICK,
    NO_STORY,
    Given,
    Rows,
    empty_state,
    judging,
)
from rtm.trends.stories import Stories
from rtm.trends.telling import Telling


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a story at the close of a tick."""

    tick: int
    story: OpenStory
    kind: Literal["opened", "changed", "merged", "closed"]
    gone: OpenStory | None = None  # what a merged story took in


class Monitor:
    """Count posts and gather stories; every method is told ticks in order.

    ``given`` are surprises to take as they are, or who notes them; without, terms are judged.
    ``screening`` says what titles and terms may be shown.
    """

    def __init__(
        self,
        settings: Settings,
        given: Given | Noting | None = None,
        screening: Screening | None = None,
    ) -> None:
        self.settings = exact(settings)
        self.noting = given if isinstance(given, Noting) else None
        self.given = given.judging if isinstance(given, Noting) else given or judging()
        most = self.noting.most if self.noting else 1
        self.state = empty_state(self.settings, most)
        self.echoes = echoes(settings.cluster_bits)
        self.recent = Recent(settings.quoted_posts)
        self.stories = Stories(self.state, self.settings, self.recent)
        self.by_hand = ByHand(self.state, self.stories, self.recent)
        self.telling = Telling(self.state, self.recent, screening)

    def step(self, frame: pl.DataFrame, reading: Reading, closed: int) -> Iterator[News]:
        """Count a frame of closed ticks, rows in (tick, at, id) order, and yield the news.

        Each news must be dealt with before the next is asked for: it tells the state of its tick.
        All ticks up to ``closed`` are over.
        """
        rows = self._rows(frame, reading)
        if rows.late.any():
            on_time = np.flatnonzero(rows.late == 0)
            self.recent.append(frame[on_time], *_only(reading, on_time))
        else:
            self.recent.append(frame, reading.terms, reading.starts)
        post = 0
        for heard in self.by_hand.heard(frame["text"], rows):
            yield from self._counted(_upto(rows, heard.stop), post)
            for story in self.by_hand.count(heard):
                yield News(heard.tick, story, "changed")
            post = heard.stop
        yield from self._counted(rows, post)
        yield from self._overdue(closed + 1)

    def snapshot(self) -> dict[str, bytes]:
        """Return all that is remembered, by part."""
        first, posts = self.recent.kept()
        buffer = BytesIO()
        posts.write_ipc(buffer)
        return {
            "settings": msgspec.json.encode(self.settings._asdict()),
            "state": packed(kept_arrays(self.state._replace(story=self.state.story - NO_STORY))),
            "echoes": packed(kept_arrays(self.echoes)),
            "first": str(first).encode(),
            "recent": buffer.getvalue(),
            "stories": gathered(self.stories),
        }

    def restore(self, parts: dict[str, bytes], reading: Callable[[pl.DataFrame], Reading]) -> None:
        """Take up where a snapshot was made, or raise StoreError; ``reading`` reads posts again."""
        if parts["settings"] != msgspec.json.encode(self.settings._asdict()):
            raise StoreError("snapshot: made with other settings; start without it")
        unpack_into(kept_arrays(self.state), parts["state"])
        self.state.story[...] += NO_STORY
        stale_memos(self.state.memos)
        unpack_into(kept_arrays(self.echoes), parts["echoes"])
        posts = pl.read_ipc(parts["recent"])
        again = reading(posts.with_columns(lang=pl.lit(None, pl.String)))
        self.recent.refill(int(parts["first"]), posts, again.terms, again.starts)
        gather(self.stories, parts["stories"])
        self.by_hand.follow()

    def _counted(self, rows: Rows, post: int) -> Iterator[News]:
        while post < rows.ticks.size:
            post = int(run(self.state, self.settings, rows, self.given, post))
            if self.noting:
                self.noting.fetch(self.state)
            tick = int(self.state.numbers[LAST_TICK])
            fired, grew = int(self.state.numbers[FIRED]), int(self.state.numbers[GREW])
            if fired or grew:
                yield from self._news(tick, fired, grew)
            elif post < rows.ticks.size:
                yield from self._overdue(int(rows.ticks[post]))

    def _news(self, tick: int, fired: int, grew: int) -> Iterator[News]:
        before = set(self.stories.open)
        changed = self.stories.fire(
            tick, self.state.fired[:fired].tolist(), self.state.levels[:fired, 0].tolist()
        )
        for story, gone in self.stories.merging():
            yield News(tick, story, "merged", gone)
            self.stories.absorb(story, gone)
        changed = [story for story in changed if self.stories.open.get(story.slot) is story]
        grown = self.stories.grown() if grew else ()
        told = {story.slot: story for story in (*changed, *grown)}
        for slot, story in sorted(told.items()):
            yield News(tick, story, "changed" if slot in before else "opened")

    def _overdue(self, tick: int) -> Iterator[News]:
        for at, story in self.stories.overdue(tick):
            yield News(at, story, "closed")
            self.stories.close(story)

    def _rows(self, frame: pl.DataFrame, reading: Reading) -> Rows:
        ticks = frame["tick"].to_numpy().copy()
        weights = np.zeros(frame.height, np.int32)
        sources = np.zeros(frame.height, np.uint64)
        clusters = np.zeros(frame.height, np.uint64)
        weigh(
            self.echoes,
            ticks,
            reading.sketches,
            reading.sizes,
            reading.authors,
            weights,
            sources,
            clusters,
        )
        followers = frame["followers"]
        is_told = followers.null_count() < frame.height
        return Rows(
            ticks,
            frame["late"].to_numpy().astype(np.uint8),
            reading.terms,
            reading.starts,
            reading.marks,
            reading.authors,
            followers.fill_null(-1).to_numpy().copy() if is_told else np.full(frame.height, -1),
            weights,
            sources,
            reading.languages,
            clusters,
            frame["reply_to"].is_not_null().to_numpy().astype(np.uint8),
        )


def _upto(rows: Rows, stop: int) -> Rows:
    # the first rows; their terms stand where they stood
    columns = {name: column[:stop] for name, column in rows._asdict().items()}
    return Rows(**columns | {"terms": rows.terms, "starts": rows.starts[: stop + 1]})


def _only(
    reading: Reading, posts: NDArray[np.intp]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    # the terms of some posts, laid end to end
    lengths = np.diff(reading.starts)[posts]
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    places = np.repeat(reading.starts[posts] - starts[:-1], lengths) + np.arange(starts[-1])
    return reading.terms[places], starts
