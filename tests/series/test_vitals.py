"""Vital signs: a planted rise fires, a twin whose whole rises equally and a gap stay silent."""

import random

import pytest

from rtm.errors import StoreError
from rtm.series.vitals import ALARM, SIGNS, Amount, Reading, Vitals

BUCKET_S = 300
START = 1_359_928_800
DAY = 288
INF = float("inf")
EVENT = 3 * DAY  # bucket of the planted rise


def buckets(part: float = 1.0, whole: float = 1.0, seed: int = 1) -> list[Amount]:
    """Return four days of a tenth of a stream; part and whole are multiplied for an hour."""
    rng = random.Random(seed)
    made = []
    for bucket in range(4 * DAY):
        is_event = EVENT <= bucket < EVENT + 12
        of = 400 * (1.5 if 100 < bucket % DAY < 200 else 1.0) * rng.uniform(0.9, 1.1)
        x = sum(rng.random() < 0.1 for _ in range(int(of)))
        made.append(Amount(x * (part if is_event else 1), of * (whole if is_event else 1)))
    return made


def read(amounts: list[Amount], vitals: Vitals | None = None) -> list[Reading]:
    vitals = vitals or Vitals(["complaints"])
    return [
        reading
        for bucket, amount in enumerate(amounts)
        for reading in vitals.step(START + bucket * BUCKET_S, {"complaints": amount})
    ]


def alarms(readings: list[Reading]) -> list[int]:
    return [(one.start - START) // BUCKET_S for one in readings if one.is_alarm]


def around_event(readings: list[Reading]) -> list[int]:
    return [bucket for bucket in alarms(readings) if EVENT <= bucket < EVENT + 36]


@pytest.mark.parametrize(("part", "within"), [(2, 3), (3, 1), (6, 0)])
def test_a_planted_rise_fires_within_buckets(part, within):
    told = around_event(read(buckets(part=part)))

    assert EVENT <= told[0] <= EVENT + within


def test_a_twin_whose_whole_rises_equally_is_silent():
    assert around_event(read(buckets(part=3, whole=3))) == []


def test_a_rise_of_the_whole_alone_is_silent():
    assert around_event(read(buckets(whole=3))) == []


@pytest.mark.parametrize("left", [0.0, 0.02, 0.3])
def test_a_stream_that_breaks_down_is_silent(left):
    assert around_event(read(buckets(part=left, whole=left))) == []


def test_a_gap_of_buckets_is_silent_and_changes_nothing():
    vitals = Vitals(["complaints"])
    before = read(buckets()[:EVENT], vitals)
    again = START + (EVENT + 2 * DAY) * BUCKET_S

    after = vitals.step(again, {"complaints": Amount(40, 400)})

    assert len(before) == EVENT
    assert not after[0].is_alarm


def test_a_quiet_stream_has_few_alarms():
    every = [alarms(read(buckets(seed=seed))) for seed in range(5)]

    assert sum(map(len, every)) <= 5 * 3 * 0.7  # three days are judged; two alarms in three days


def test_a_sign_left_out_is_not_read():
    vitals = Vitals()

    readings = vitals.step(START, {"mood": Amount(3, 10)})

    assert [one.sign for one in readings] == ["mood"]
    assert set(SIGNS) > {"mood"}


def test_signs_do_not_disturb_each_other():
    vitals, alone = Vitals(), Vitals(["mood"])
    for bucket, amount in enumerate(buckets(part=4)):
        start = START + bucket * BUCKET_S
        both = vitals.step(start, {"mood": Amount(40, 400), "complaints": amount})
        assert both[0] == alone.step(start, {"mood": Amount(40, 400)})[0]


def test_a_restart_changes_no_reading():
    amounts = buckets(part=3)
    vitals, again = Vitals(["complaints"]), Vitals(["complaints"])
    read(amounts[: EVENT + 2], vitals)

    again.restore(vitals.snapshot())

    assert again.snapshot() == vitals.snapshot()
    for bucket in range(EVENT + 2, EVENT + 60):
        told = {"complaints": amounts[bucket]}
        start = START + bucket * BUCKET_S
        assert again.step(start, told) == vitals.step(start, told)


@pytest.mark.parametrize("content", [b"", b"\x93", Vitals(["mood"]).snapshot()])
def test_a_snapshot_that_does_not_fit_raises_a_store_error(content):
    with pytest.raises(StoreError, match="snapshot"):
        Vitals(["complaints"]).restore(content)


def test_time_that_goes_back_raises():
    vitals = Vitals()
    vitals.step(START, {})

    with pytest.raises(ValueError, match="does not come after"):
        vitals.step(START, {})


@pytest.mark.parametrize(
    "amount", [Amount(-1, 1), Amount(1, float("inf")), Amount(float("nan"), 1)]
)
def test_an_amount_that_is_no_number_of_posts_raises_and_is_not_learned(amount):
    vitals = Vitals()
    before = vitals.snapshot()

    with pytest.raises(ValueError, match="not finite"):
        vitals.step(START, {"mood": amount})

    assert vitals.snapshot() == before


def test_the_alarm_is_a_threshold_on_the_score():
    readings = read(buckets(part=3))

    assert all(one.is_alarm == (one.score >= ALARM) for one in readings)
