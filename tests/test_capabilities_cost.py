"""What rtm is asked to know of cost and of reach, one test for each, named after its row."""

from datetime import timedelta

import pytest

from rtm.board.results import card_results, cost_view
from rtm.brand import Seats
from rtm.cli import main
from rtm.decisions import Measured, Sent
from rtm.desk.cost_clock import CostClock
from rtm.desk.costs import cost, hours_at, per_thousand
from rtm.desk.results import Results
from rtm.event import WatchedEvent
from rtm.orders import DutyBegan
from tests.streams import START

HOUR = timedelta(hours=1)
SEATS = Seats(count=15, rate_eur_per_hour=150.0)
IMPRESSIONS, FOLLOWERS = 3_000_000, 69_000
NIGHT_OF_17_HOURS = WatchedEvent(
    title="The night", start=START, end=START + 17 * HOUR, terms=("night",)
)


def seen(views: int, followers: int | None = None) -> Results:
    """Return the results of one post of the night, sent two hours after it began."""
    results, at = Results(), START + 2 * HOUR
    results.tell(
        Sent(at=at, opportunity="o1", channel="bluesky", account="oreo", key="k", uri="u", url=None)
    )
    results.tell(
        Measured(
            at=at + HOUR,
            opportunity="o1",
            channel="bluesky",
            account="oreo",
            key="k",
            after_s=3_600,
            views=views,
            followers=followers,
        )
    )
    return results


def test_0_21_amplification_is_impressions_over_followers():
    card = card_results(seen(IMPRESSIONS, FOLLOWERS), CostClock(SEATS), (), "o1", START + 3 * HOUR)

    assert card is not None
    assert card.amplification is not None
    assert round(card.amplification, 1) == 43.5


def test_0_21_where_followers_are_not_known_no_amplification_is_made_up():
    card = card_results(seen(IMPRESSIONS), CostClock(SEATS), (), "o1", START + 3 * HOUR)

    assert card is not None
    assert card.amplification is None


def test_0_22_fifteen_seats_run_at_2250_an_hour_and_34_minutes_cost_1275():
    clock = CostClock(SEATS, [NIGHT_OF_17_HOURS])

    view = cost_view(clock, Results(), None, START + timedelta(minutes=34))

    assert (view.people, view.eur_per_hour, view.eur) == (15, 2_250, 1_275)


def test_0_22_outside_an_event_the_clock_runs_for_who_is_on_duty():
    clock = CostClock(SEATS)
    idle = cost_view(clock, Results(), None, START + HOUR)

    clock.tell(DutyBegan(at=START, who="mia"))
    view = cost_view(clock, Results(), None, START + HOUR)

    assert (idle.people, idle.eur) == (0, 0)
    assert (view.people, view.eur) == (1, 150)


def test_0_23_seventeen_hours_over_3002355_impressions_are_12_74_a_thousand():
    whole = cost(15, 150, 17 * HOUR)
    card = card_results(
        seen(3_002_355),
        CostClock(SEATS, [NIGHT_OF_17_HOURS]),
        [NIGHT_OF_17_HOURS],
        "o1",
        NIGHT_OF_17_HOURS.end,
    )

    assert whole == 38_250
    assert round(per_thousand(whole, 3_002_355), 2) == 12.74
    assert card is not None
    assert card.whole_event is not None
    assert card.whole_event.eur_per_thousand == per_thousand(whole, 3_002_355)


def test_0_23_the_hours_are_solved_from_price_and_impressions():
    assert round(hours_at(12.74, 3_002_355, people=15, rate=150), 2) == 17


def cost_of(capfd, impressions: int, paid: float) -> str:
    room = ("--seats", "15", "--rate", "150", "--hours", "17")
    with pytest.raises(SystemExit):
        main(["cost", *room, "--impressions", str(impressions), "--paid", str(paid)])
    return str(capfd.readouterr().out)


@pytest.mark.parametrize(
    ("impressions", "word"),
    [(3_800_000, "dearer"), (4_000_000, "cheaper"), (3_825_000, "the same")],
)
def test_0_24_break_even_is_told_before_an_event_against_the_paid_price(capfd, impressions, word):
    told = cost_of(capfd, impressions, paid=10.0)

    assert "EUR 38,250 is 3,825,000 impressions" in told
    assert f", {'the same as' if word == 'the same' else f'{word} than'} bought media." in told
