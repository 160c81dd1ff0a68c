"""What people cost and impressions are worth; the source's own figures must come out."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.desk.costs import (
    HOUR,
    amplification,
    break_even,
    compared,
    cost,
    cost_at,
    hours_at,
    merged,
    people_at,
    per_thousand,
    rate_at,
    staffed,
)

NIGHT = datetime(2013, 2, 3, 22, tzinfo=UTC)
MONEY = st.floats(0.01, 10_000)
PEOPLE = st.integers(1, 1_000)
MANY = st.integers(1, 10**9)
TIMES = st.timedeltas(timedelta(minutes=1), timedelta(days=14))


class Spell(NamedTuple):
    start: datetime
    end: datetime


def spell(start_h: float, end_h: float) -> Spell:
    return Spell(NIGHT + start_h * HOUR, NIGHT + end_h * HOUR)


def test_seventeen_hours_of_fifteen_people_are_12_74_a_thousand():
    whole = cost(15, 150, 17 * HOUR)

    assert whole == 38_250
    assert round(per_thousand(whole, 3_002_355), 2) == 12.74


@given(PEOPLE, MONEY, TIMES, MANY)
def test_any_one_part_is_solved_from_the_others(people, rate, time, impressions):
    whole = cost(people, rate, time)
    price = per_thousand(whole, impressions)

    assert cost_at(price, impressions) == pytest.approx(whole)
    assert hours_at(price, impressions, people, rate) == pytest.approx(time / HOUR)
    assert people_at(price, impressions, rate, time) == pytest.approx(people)
    assert rate_at(price, impressions, people, time) == pytest.approx(rate)


@given(PEOPLE, MONEY, TIMES, st.floats(0.01, 1_000))
def test_at_break_even_the_room_is_no_dearer_and_below_it_is(people, rate, time, paid):
    whole = cost(people, rate, time)

    even = break_even(whole, paid)

    assert per_thousand(whole, even) <= paid * (1 + 1e-9)
    assert even == 1 or per_thousand(whole, even - 1) > paid * (1 - 1e-9)


def test_break_even_is_a_whole_number_that_no_fraction_of_a_cent_moves():
    assert break_even(cost(15, 150, 7 * HOUR), 8.0) == 1_968_750
    assert break_even(0.3, 0.1) == 3_000
    assert break_even(1.0, 3.0) == 334
    assert break_even(7 * 0.1 / 1_000, 0.1) == 7


@pytest.mark.parametrize(
    ("price", "verdict"),
    [(8.0, "the same"), (8.004, "the same"), (8.01, "dearer"), (7.99, "cheaper")],
)
def test_a_price_is_compared_to_the_cent(price, verdict):
    assert compared(price, paid=8.0) == verdict


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: cost(0, 150, HOUR), "people = 0; write a number above 0"),
        (lambda: cost(-1, 150, HOUR), "people = -1; write a number above 0"),
        (lambda: cost(15, -1, HOUR), "rate = -1; write 0 or more"),
        (lambda: cost(15, 150, 0 * HOUR), "time = 0.0; write a number above 0"),
        (lambda: cost(15, float("nan"), HOUR), "rate = nan; write 0 or more"),
        (lambda: per_thousand(10, 0), "impressions = 0; write a number above 0"),
        (lambda: per_thousand(-10, 5), "cost = -10; write 0 or more"),
        (lambda: cost_at(-1, 5), "price = -1; write 0 or more"),
        (lambda: break_even(10, 0), "paid = 0; write a number above 0"),
        (lambda: hours_at(8, 1000, 15, 0), "rate = 0; write a number above 0"),
        (lambda: hours_at(8, 1000, 0, 150), "people = 0; write a number above 0"),
        (lambda: people_at(8, 1000, 0, HOUR), "rate = 0; write a number above 0"),
        (lambda: compared(8, 0), "paid = 0; write a number above 0"),
        (lambda: amplification(10, 0), "followers = 0; write a number above 0"),
        (lambda: amplification(-10, 5), "impressions = -10; write 0 or more"),
    ],
)
def test_what_makes_no_sense_is_told_in_words(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


def test_people_who_cost_nothing_need_no_impression_to_be_worth_it():
    whole = cost(3, 0, HOUR)

    assert (whole, per_thousand(whole, 10), break_even(whole, 8.0)) == (0, 0, 0)


def test_a_room_that_is_there_for_two_events_at_once_is_paid_once():
    both = [spell(2, 5), spell(0, 3), spell(5, 6), spell(9, 10)]

    assert merged(both) == [spell(0, 6), spell(9, 10)]
    assert staffed(both) == 7 * HOUR
    assert staffed([]) == timedelta()
