"""The brand's volume as a vital sign: a rise of its own is unusual, one of the whole stream not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from rtm.engine import Engine
from rtm.signs import Signs
from rtm.trends.volume import BUCKET_S, Volume
from tests.laws.telling import logged
from tests.streams import BRAND, GAMES, SMALL, stream

START = 1_700_000_100 // BUCKET_S * BUCKET_S
DAYS = 2 * 288  # buckets
RISEN = range(500, 506)


def told(about: float, others: float) -> tuple[Signs, Volume]:
    """Return what two days of 40 posts about the brand among 400 say, risen so many times."""
    volume, signs = Volume(), Signs()
    for bucket in range(DAYS):
        is_risen = bucket in RISEN
        ours = round((40 + bucket % 5) * (about if is_risen else 1))
        rest = round(400 * (others if is_risen else 1))
        is_about: NDArray[np.bool_] = np.arange(ours + rest) < ours
        tick = START + bucket * BUCKET_S
        volume.count(np.full(ours + rest, tick), is_about)
        volume.close(tick + BUCKET_S - 1)
        signs.read(volume)
    return signs, volume


def unusual(signs: Signs) -> list[int]:
    return [n for n in range(DAYS) if signs.is_unusual(START + n * BUCKET_S)]


def test_a_rise_of_the_brands_own_is_unusual():
    found = unusual(told(6.0, 1.0)[0])

    assert found
    assert set(found) <= set(RISEN)


def test_a_rise_of_the_whole_stream_is_not():
    assert unusual(told(6.0, 6.0)[0]) == []


def test_a_bucket_is_read_once_however_often_one_asks():
    signs, volume = told(6.0, 1.0)
    found = unusual(signs)

    for _ in range(3):
        signs.read(volume)

    assert unusual(signs) == found


def test_a_snapshot_knows_what_was_unusual():
    signs, volume = told(6.0, 1.0)
    again = Signs()

    again.restore(signs.snapshot())
    again.read(volume)

    assert unusual(again) == unusual(signs)
    assert again.snapshot() == signs.snapshot()


@pytest.mark.parametrize("place", [10, 60])
def test_an_engine_keeps_its_signs_over_a_restart(place):
    log = logged(stream(1), list(range(0, 500, 5)))
    whole, first, again = (Engine(BRAND, GAMES, SMALL) for _ in range(3))
    for step in log:
        whole.step(*step)
    for step in log[:place]:
        first.step(*step)

    again.restore(first.snapshot())
    for step in log[place:]:
        again.step(*step)

    assert again.signs.snapshot() == whole.signs.snapshot()
