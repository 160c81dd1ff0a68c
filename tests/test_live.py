"""The watch: what it keeps is what a replay would find, wherever it was cut off."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from rtm.decisions import Fired, Heard, record_of
from rtm.live import VERDICTS, Stream, Watch
from rtm.replay import replay_log
from rtm.room import Room
from rtm.score.lessons import Lesson
from rtm.sources.recorded import Recorded
from rtm.sources.stream import Health
from rtm.store.store import Store
from rtm.taught import written
from rtm.types import OpportunityFound, OpportunityTried, line_of
from tests.board.test_fold import FOUND
from tests.by_hand import COMET, closing, opening
from tests.laws.telling import cuts_every, logged, small_engine
from tests.rooms import SETTING, RestingClock
from tests.streams import stream

BEFORE = timedelta(seconds=5)


class Beats:
    """Lets a watch look a number of times, a few seconds apart; then it rests for ever."""

    def __init__(
        self,
        clock: RestingClock,
        beats: int,
        step_s: float = 1.0,
        on_beat: Callable[[], object] = lambda: None,
    ) -> None:
        self._clock, self._left, self._step = clock, beats, timedelta(seconds=step_s)
        self.over = asyncio.Event()
        self.on_beat = on_beat

    async def beat(self) -> None:
        self.on_beat()
        if self._left == 0:
            self.over.set()
            await asyncio.get_running_loop().create_future()
        self._left -= 1
        self._clock.at += self._step


def watch_of(store: Store, posts: pl.DataFrame, clock: RestingClock, beats: Beats) -> Watch:
    recorded = Recorded("test", posts, clock)
    return Watch(
        small_engine(),
        Stream(recorded, recorded.read, recorded.take),
        store,
        Room(store, SETTING, clock, datetime(2026, 1, 1, tzinfo=UTC)),
        clock,
        subjects="Oreo",
        beat=beats.beat,
    )


async def watched(
    folder: Path,
    posts: pl.DataFrame,
    clock: RestingClock,
    beats: int,
    lessons: Sequence[tuple[datetime, bytes]] = (),
) -> Path:
    """Watch for some beats, then copy the folder as a power cut would leave it.

    ``lessons`` are taught at their moments of the clock.
    """
    store = Store.open(folder, now=clock.now)
    looks = Beats(clock, beats)
    watch = watch_of(store, posts, clock, looks)
    await watch.restore()
    due = [one for one in lessons if one[0] > clock.now()]

    def teach() -> None:
        while due and due[0][0] <= clock.now():
            watch.teach(due.pop(0)[1])

    looks.on_beat = teach
    running = asyncio.create_task(watch.run())
    await looks.over.wait()
    left = folder.with_name(folder.name + "+")
    shutil.copytree(folder, left)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    store.close()
    return left


def lines_of(folder: Path) -> list[str]:
    store = Store.open(folder)
    lines = [line_of(record) for _, record in store.records()]  # type: ignore[arg-type]
    store.close()
    return lines


def replayed(folder: Path) -> list[str]:
    store = Store.open(folder)
    lines = [line_of(event) for event in replay_log(small_engine(), store.archive.steps())]
    store.close()
    return lines


def posts_of(seed: int) -> pl.DataFrame:
    return stream(seed, posts=600).sort("at")


def clock_at(posts: pl.DataFrame) -> RestingClock:
    first = posts["at"][0]
    assert isinstance(first, datetime)
    return RestingClock(first - BEFORE)


def beats_for(posts: pl.DataFrame) -> int:
    first, last = posts["at"][0], posts["at"][-1]
    return int((last - first).total_seconds()) + 60


def events_only(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if '"event":"expired"' not in line]


@pytest.mark.parametrize("seed", range(2))
async def test_what_a_watch_keeps_is_what_its_log_replays_to(tmp_path, seed):
    posts = posts_of(seed)

    left = await watched(tmp_path / "a", posts, clock_at(posts), min(beats_for(posts), 2_000))

    assert events_only(lines_of(left)) == replayed(left)
    assert replayed(left)


@pytest.mark.parametrize("cut", [1, 173, 400])
async def test_a_watch_that_was_cut_off_goes_on_as_if_it_had_not_been(tmp_path, cut):
    posts = posts_of(1)
    beats = min(beats_for(posts), 900)
    whole = await watched(tmp_path / "whole", posts, clock_at(posts), beats)
    clock = clock_at(posts)

    left = await watched(tmp_path / "cut", posts, clock, cut)
    rest = posts.filter(pl.col("at") > clock.now())
    after = await watched(left, rest, clock, beats - cut)

    assert events_only(lines_of(after)) == events_only(lines_of(whole))
    assert lines_of(whole)


def dismissed(lines: Sequence[str], *, after_s: int) -> list[tuple[datetime, bytes]]:
    """Return a dismissal of each opportunity that was shown, some time later."""
    records = [record_of(line) for line in lines]
    return [
        (
            record.at + timedelta(seconds=after_s),
            written(
                Lesson(
                    opportunity=record.opportunity.id, kind="dismiss", is_wanted=False, weight=1.0
                )
            ),
        )
        for record in records
        if isinstance(record, OpportunityFound | OpportunityTried)
    ]


def lessons_in(folder: Path) -> list[bytes]:
    store = Store.open(folder)
    found = [what for _, what, _ in store.archive.steps() if isinstance(what, bytes)]
    store.close()
    return found


async def test_what_a_team_taught_is_in_the_log_and_replays_at_its_place(tmp_path):
    posts = stream(4, posts=600, bursts=12).sort("at")
    beats = min(beats_for(posts), 900)
    untaught = await watched(tmp_path / "untaught", posts, clock_at(posts), beats)
    lessons = dismissed(events_only(lines_of(untaught)), after_s=5)

    left = await watched(tmp_path / "taught", posts, clock_at(posts), beats, lessons)

    assert lessons_in(left) == [lesson for _, lesson in lessons]
    assert lessons
    assert events_only(lines_of(left)) == replayed(left)
    assert events_only(lines_of(left)) != events_only(lines_of(untaught))


@pytest.mark.parametrize("cut", [173, 400])
async def test_a_watch_that_was_cut_off_knows_what_it_was_taught(tmp_path, cut):
    posts = stream(4, posts=600, bursts=12).sort("at")
    beats = min(beats_for(posts), 900)
    untaught = await watched(tmp_path / "untaught", posts, clock_at(posts), beats)
    lessons = dismissed(events_only(lines_of(untaught)), after_s=5)
    whole = await watched(tmp_path / "whole", posts, clock_at(posts), beats, lessons)
    clock = clock_at(posts)

    left = await watched(tmp_path / "cut", posts, clock, cut, lessons)
    rest = posts.filter(pl.col("at") > clock.now())
    after = await watched(left, rest, clock, beats - cut, lessons)

    assert lessons_in(after) == lessons_in(whole)
    assert events_only(lines_of(after)) == events_only(lines_of(whole))


def opened_at(posts: pl.DataFrame, seconds: int) -> list[tuple[datetime, bytes]]:
    """Return the lesson that opens a moment, so long after the first post, and closes it later."""
    first = posts["at"][0]
    assert isinstance(first, datetime)
    said = opening("Cookies", ("cookie", "bowl", "crash"))
    return [
        (first + timedelta(seconds=seconds), said),
        (first + timedelta(seconds=seconds + 300), closing()),
    ]


async def test_a_moment_opened_by_hand_is_in_the_log_and_replays_at_its_place(tmp_path):
    posts = stream(4, posts=600, bursts=12).sort("at")
    lessons = opened_at(posts, 300)

    left = await watched(tmp_path / "a", posts, clock_at(posts), 700, lessons)

    told = [line for line in events_only(lines_of(left)) if COMET in line]
    assert sum('"story_grew"' in line for line in told) > 2
    assert '"story_closed"' in told[-1]
    assert events_only(lines_of(left)) == replayed(left)


@pytest.mark.parametrize("cut", [299, 310, 400])
async def test_a_watch_that_was_cut_off_still_follows_what_was_opened(tmp_path, cut):
    posts = stream(4, posts=600, bursts=12).sort("at")
    lessons = opened_at(posts, 300)
    whole = await watched(tmp_path / "whole", posts, clock_at(posts), 700, lessons)
    clock = clock_at(posts)

    left = await watched(tmp_path / "cut", posts, clock, cut, lessons)
    rest = posts.filter(pl.col("at") > clock.now())
    after = await watched(left, rest, clock, 700 - cut, lessons)

    assert lessons_in(after) == [lesson for _, lesson in lessons]
    assert events_only(lines_of(after)) == events_only(lines_of(whole))


async def test_a_watch_that_tells_its_past_again_unnumbered_would_be_noticed(tmp_path):
    posts = posts_of(1)
    clock = clock_at(posts)
    left = await watched(tmp_path / "a", posts, clock, 400)
    store = Store.open(left, now=clock.now)
    before = lines_of_open(store)

    store.keep(list(replay_log(small_engine(), store.archive.steps()))[:1])

    assert lines_of_open(store) != before
    store.close()


def lines_of_open(store: Store) -> list[str]:
    return [line_of(record) for _, record in store.records()]  # type: ignore[arg-type]


class Silent:
    """A source that is behind and brings one post when asked."""

    name = "silent"

    def __init__(self, posts: pl.DataFrame) -> None:
        self.health = Health(state="catching up", note="catching up, 40 s behind")
        self.posts = posts

    async def read(self, since_us: int | None, already: Sequence[str]) -> None:
        await asyncio.get_running_loop().create_future()

    def take(self) -> pl.DataFrame:
        posts, self.posts = self.posts, self.posts.clear()
        return posts

    def told_until_us(self, now_us: int) -> int | None:
        return now_us if self.health.state == "live" else None


async def looked(store: Store, source: Silent, clock: RestingClock, beats: int) -> Room:
    room = Room(store, SETTING, clock, datetime(2026, 1, 1, tzinfo=UTC))
    looks = Beats(clock, beats)
    stream = Stream(source, source.read, source.take, rewind_s=3600)
    watch = Watch(
        small_engine(), stream, store, room, clock, subjects="Oreo", beat=looks.beat
    )  # fmt: skip
    await watch.restore()
    running = asyncio.create_task(watch.run())
    await looks.over.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return room


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    yield store
    store.close()


async def test_while_a_source_is_behind_time_closes_nothing_and_it_is_not_warm(store):
    posts = posts_of(0).head(1)
    clock = RestingClock(posts["at"][0] + timedelta(minutes=30))

    room = await looked(store, Silent(posts), clock, 30)

    assert store.archive.closed < posts["at"][0].timestamp()
    assert 0 < room.tick().warm < 1
    assert room.tick().warm_note == "catching up, 40 s behind"
    assert room.tick().at_ms == round(clock.now().timestamp() * 1000)


async def test_once_it_brings_the_present_silence_closes_ticks_and_it_is_warm(store):
    posts = posts_of(0).head(1)
    clock = RestingClock(posts["at"][0] + timedelta(minutes=30))
    source = Silent(posts)
    source.health = Health(state="live")

    room = await looked(store, source, clock, 30)

    assert store.archive.closed == int(clock.now().timestamp()) - 4
    assert room.tick().warm == 1
    assert room.tick().posts == 1


async def test_our_own_post_is_heard_when_it_comes_back(store):
    posts = posts_of(0).head(2)
    ours = posts.with_columns(id=pl.Series(["at://did/app.bsky.feed.post/3kours", "at://x/y/z"]))
    clock = RestingClock(posts["at"][1])
    store.keep(FOUND, first=0)
    fired = Fired(
        at=clock.now(), opportunity="o1", who="noor", channel="dry", account="-", key="3kours",
        text="dunk",
    )  # fmt: skip
    store.keep([fired])

    room = await looked(store, Silent(ours), clock, 3)

    heard = [record for _, record in store.records() if isinstance(record, Heard)]
    assert [one.uri for one in heard] == ["at://did/app.bsky.feed.post/3kours"]
    assert room.board.awaited() == {}


async def test_a_pulse_tells_why_followed_stories_were_offered_or_not(tmp_path):
    posts = posts_of(1)
    clock = clock_at(posts)
    store = Store.open(tmp_path, now=clock.now)
    watch = watch_of(store, posts, clock, Beats(clock, 0))
    told = []

    for frame, closed in logged(posts, cuts_every(posts, 40)):
        watch._step([], frame, closed)
        clock.at += timedelta(seconds=5)
        told.append(len(watch._pulse(0).verdicts))

    assert 0 < max(told) <= VERDICTS
    store.close()
