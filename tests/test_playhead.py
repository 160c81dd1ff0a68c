"""A clock over a recording: real speed, other speeds, standing still, and seeking."""

from datetime import UTC, datetime, timedelta

import pytest

from rtm.playhead import SEEK_STEP, Playhead

START = datetime(2013, 2, 3, 22, tzinfo=UTC)
END = START + timedelta(hours=7)


class RealTime:
    """A real clock that goes on only by rests."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def rest(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def real():
    return RealTime()


@pytest.fixture
def playing(real):
    playhead = Playhead(real, START, END)
    playhead.arrived()
    return playhead


async def test_it_begins_by_seeking_in_steps_without_real_time(real):
    playhead = Playhead(real, START, END)

    for _ in range(10):
        await playhead.beat()

    assert playhead.now() == START + 10 * SEEK_STEP
    assert real.at == datetime(2026, 1, 1, tzinfo=UTC)


async def test_once_arrived_a_second_is_a_second(playing, real):
    await real.rest(7)

    assert playing.now() == START + timedelta(seconds=7)
    assert playing.speed == 1.0


async def test_speed_changes_from_now_on_only(playing, real):
    await real.rest(10)
    playing.set_speed(60)
    await real.rest(2)

    assert playing.now() == START + timedelta(seconds=130)


async def test_it_stands_still_while_paused_and_goes_on_from_there(playing, real):
    await real.rest(5)
    playing.pause()
    await real.rest(100)

    assert playing.now() == START + timedelta(seconds=5)
    assert playing.speed == 0
    playing.resume()
    await real.rest(1)
    assert playing.now() == START + timedelta(seconds=6)


async def test_it_never_passes_the_end(playing, real):
    await real.rest(100_000)

    assert playing.now() == END
    assert playing.speed == 0


async def test_seeking_ends_at_the_end_where_no_moment_is(real):
    playhead = Playhead(real, START, START + timedelta(seconds=12))

    for _ in range(4):
        await playhead.beat()

    assert playhead.now() == START + timedelta(seconds=12)
    await playhead.beat()
    assert real.at > datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_moment_that_is_found_while_nobody_seeks_changes_no_speed(playing):
    playing.set_speed(60)

    playing.arrived()

    assert playing.speed == 60


async def test_the_next_moment_is_sought_from_where_it_stands(playing, real):
    await real.rest(30)
    playing.pause()
    playing.next_moment()

    await playing.beat()

    assert playing.now() == START + timedelta(seconds=30) + SEEK_STEP
