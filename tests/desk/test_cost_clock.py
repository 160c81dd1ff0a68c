"""The running meter against a count of every second, and in a newsroom's own cases."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.brand import Seats
from rtm.desk import cost_clock, newsroom
from rtm.desk.cost_clock import DAY, CostClock
from rtm.desk.newsroom import Newsroom
from rtm.event import WatchedEvent
from rtm.orders import Acknowledged, DutyBegan, DutyEnded, ShiftDropped, ShiftPlanned

START = datetime(2013, 2, 3, 22, tzinfo=UTC)
SEATS = Seats(count=3, rate_eur_per_hour=36.0)  # a cent a second
HOUR_S = 3_600
PEOPLE = ("ada", "ben", "cy", "dee", "eve")
LONG_S = 200  # of a duty, where every second is counted


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


def event(start_s: int, end_s: int) -> WatchedEvent:
    return WatchedEvent(title=f"Game {start_s}", start=at(start_s), end=at(end_s), terms=("game",))


def clock_of(*records, events=(), seats=SEATS) -> CostClock:
    clock = CostClock(seats, events)
    for record in records:
        clock.tell(record)
    return clock


def on(second: float, who: str = "ada") -> DutyBegan:
    return DutyBegan(at=at(second), who=who)


def off(second: float, who: str = "ada") -> DutyEnded:
    return DutyEnded(at=at(second), who=who)


def shift(kind, second: float, who: str, start_s: int, length_s: int, role: str = "writer"):
    return kind(
        at=at(second),
        who="boss",
        person=who,
        role=role,
        start=at(start_s),
        end=at(start_s + length_s),
    )


@st.composite
def house_records(draw, second: int):
    who = draw(st.sampled_from(PEOPLE))
    kind = draw(st.sampled_from((on, on, off, ShiftPlanned, ShiftPlanned, ShiftDropped)))
    if kind in (on, off):
        return kind(second, who)
    # few choices, so that shifts are dropped, planned again and overlap
    start_s, length_s = draw(st.sampled_from((0, 100, 250))), draw(st.sampled_from((150, 400)))
    return shift(
        kind, second, who, start_s, length_s, draw(st.sampled_from(("writer", "approver")))
    )


@st.composite
def nights(draw):
    """Return records in order of time, watched events, and two moments, in seconds."""
    moments = sorted(draw(st.lists(st.integers(0, 500), max_size=25)))
    records = [draw(house_records(second)) for second in moments]
    spans = draw(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 200)), max_size=3))
    events = [event(start, start + length) for start, length in spans]
    return records, events, draw(st.integers(-20, 800)), draw(st.integers(-20, 800))


def counted(records, events, second: int) -> int:
    """How many are paid in a second, by the newsroom's own fold of what was told until then."""
    newsroom = Newsroom()
    for record in records:
        if record.at <= at(second):
            newsroom.tell(record)
    on_duty = len(newsroom.on_duty(at(second), PEOPLE))
    is_on = any(one.is_on(at(second)) for one in events)
    return max(SEATS.count, on_duty) if is_on else on_duty


@pytest.fixture(scope="module", autouse=True)
def _short_duty():
    """Let a forgotten duty end within what can be counted second by second."""
    with pytest.MonkeyPatch.context() as patch:
        for one in (cost_clock, newsroom):
            patch.setattr(one, "LONGEST_DUTY", timedelta(seconds=LONG_S))
        yield


@given(nights())
def test_it_is_what_counting_every_second_gives(night):
    records, events, one, other = night
    since, until = min(one, other), max(one, other)

    clock = clock_of(*records, events=events)

    paid = [counted(records, events, second) for second in range(since, until)]
    assert [clock.people(at(second)) for second in range(since, until)] == paid
    assert clock.eur(at(since), at(until)) == pytest.approx(sum(paid) * 0.01, abs=1e-9)


@given(nights())
def test_asking_in_between_changes_nothing(night):
    records, events, one, other = night
    asked = CostClock(SEATS, events)

    for record in records:
        asked.tell(record)
        asked.eur(at(one), at(other))
        asked.since(at(other))

    told = clock_of(*records, events=events)
    assert asked.eur(at(-10), at(1_000)) == told.eur(at(-10), at(1_000))
    assert asked.since(at(other)) == told.since(at(other))


@given(nights(), st.integers(-20, 800))
def test_parts_add_up_to_the_whole(night, middle):
    records, events, one, other = night
    since, until = sorted((one, other))
    middle = min(max(middle, since), until)

    clock = clock_of(*records, events=events)

    parts = clock.eur(at(since), at(middle)) + clock.eur(at(middle), at(until))
    assert parts == pytest.approx(clock.eur(at(since), at(until)), abs=1e-9)


def test_fifteen_seats_at_150_run_at_2250_an_hour_and_34_minutes_are_1275():
    clock = clock_of(events=[event(0, HOUR_S)], seats=Seats(count=15, rate_eur_per_hour=150))

    assert clock.eur_per_hour(at(0)) == 2_250
    assert clock.eur(at(0), at(34 * 60)) == 1_275


def test_outside_an_event_only_who_is_on_duty_is_paid():
    clock = clock_of(on(0), off(100), events=[event(50, 80)])

    assert [clock.people(at(second)) for second in (-1, 0, 49, 50, 79, 80, 99, 100)] == [
        0, 1, 1, 3, 3, 1, 1, 0,
    ]  # fmt: skip


def test_more_people_than_seats_are_all_paid():
    clock = clock_of(*(on(0, who) for who in PEOPLE), events=[event(0, 50)])

    assert clock.people(at(10)) == len(PEOPLE)


def test_who_forgot_to_go_off_is_paid_half_a_day_and_who_came_again_is_paid_on():
    forgotten, again = clock_of(on(0)), clock_of(on(0), on(150))

    assert forgotten.eur(at(0), at(10_000)) == pytest.approx(LONG_S * 0.01)
    assert again.eur(at(0), at(10_000)) == pytest.approx((150 + LONG_S) * 0.01)


def test_who_came_for_a_long_shift_is_paid_until_it_ends_and_who_did_not_is_not():
    planned = shift(ShiftPlanned, 0, "ada", 100, 400)
    tomorrow = shift(ShiftPlanned, 0, "ada", LONG_S, 400)

    assert clock_of(planned, on(0)).eur(at(0), at(10_000)) == pytest.approx(5.0)
    assert clock_of(tomorrow, on(0)).eur(at(0), at(10_000)) == pytest.approx(LONG_S * 0.01)
    assert clock_of(planned, on(0), off(300)).eur(at(0), at(10_000)) == pytest.approx(3.0)


def test_two_shifts_at_once_are_paid_once():
    one = shift(ShiftPlanned, 0, "ada", 0, 400)
    other = shift(ShiftPlanned, 0, "ada", 50, 450, "approver")

    assert clock_of(one, other, on(0)).eur(at(0), at(10_000)) == pytest.approx(5.0)
    assert clock_of(one, one, on(0)).eur(at(0), at(10_000)) == pytest.approx(4.0)


def test_a_shift_that_is_dropped_holds_nobody_until_it_is_planned_again():
    planned = [shift(ShiftPlanned, second, "ada", 0, 400) for second in (0, 320)]
    dropped = [shift(ShiftDropped, second, "ada", 0, 400) for second in (300, 350)]
    records = [planned[0], on(0), dropped[0], planned[1], dropped[1]]

    paid = [clock_of(*records[:n]).eur(at(0), at(10_000)) for n in (2, 3, 4, 5)]

    assert paid == pytest.approx([4.0, 3.0, 3.8, 3.3])


def test_a_shift_that_is_planned_late_pays_nothing_before():
    late = shift(ShiftPlanned, 300, "ada", 100, 400)

    assert clock_of(on(0), late).eur(at(0), at(10_000)) == pytest.approx(LONG_S * 0.01 + 2.0)


def test_a_record_that_comes_late_is_reckoned_from_its_own_moment():
    clock = clock_of(on(0))
    before = clock.eur(at(0), at(100))

    clock.tell(off(40))

    assert before == pytest.approx(1.0)
    assert clock.eur(at(0), at(100)) == pytest.approx(0.4)


def test_a_clock_that_was_set_back_costs_nothing():
    assert clock_of(on(50), off(40)).eur(at(0), at(100)) == 0


def test_other_records_and_moments_the_wrong_way_round_change_nothing():
    clock = clock_of(on(0), Acknowledged(at=at(5), who="ada", version=1))

    assert clock.eur(at(50), at(10)) == 0
    assert clock.people(at(10)) == 1


def test_it_counts_since_the_event_began_or_since_somebody_came():
    clock = clock_of(on(-100), on(-50, "ben"), off(30), off(140, "ben"), events=[event(0, 50)])

    assert clock.since(at(-101)) is None
    assert clock.since(at(-20)) == at(-100)
    assert clock.since(at(20)) == at(0)
    assert clock.since(at(100)) == at(-100)
    assert clock.since(at(140)) is None


def test_a_room_that_is_never_empty_counts_a_day():
    days = [on(150 * n) for n in range(1_000)]

    clock = clock_of(*days)

    assert clock.since(at(140_000)) == at(140_000) - DAY
