"""Results and cost as screens are sent them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from rtm.board.results import card_results, cost_view
from rtm.board.view import ms
from rtm.brand import Seats
from rtm.decisions import Record
from rtm.desk.cost_clock import CostClock
from rtm.desk.results import Results
from rtm.event import WatchedEvent
from rtm.orders import DutyBegan
from tests.board.test_fold import FOUND
from tests.desk.test_looks import AT, measured, sent, withdrawn

FOUND_AT = FOUND[1].at  # 1 min 48 s before it was sent
START = AT - timedelta(hours=1)
GAME = WatchedEvent(title="Game", start=START, end=START + timedelta(hours=17), terms=("game",))
SEATS = Seats(count=15, rate_eur_per_hour=150.0)
SEEN = (*FOUND, sent(), measured(60, views=3_002_355, followers=69_000))


def results_of(*records: Record) -> Results:
    results = Results()
    for record in records:
        results.tell(record)
    return results


def drawn(
    *records: Record, events: Sequence[WatchedEvent] = (GAME,), now: datetime = GAME.end
) -> Any:
    return card_results(results_of(*records), CostClock(SEATS, events), events, "o1", now)


def test_the_sources_own_figures_stand_on_a_card():
    card = drawn(*SEEN)

    assert card.amplification == pytest.approx(43.5, abs=0.05)
    assert card.event == "Game"
    assert card.whole_event.eur == 38_250
    assert round(card.whole_event.eur_per_thousand, 2) == 12.74


def test_the_room_from_found_to_sent_is_told_beside_the_whole_event():
    card = drawn(*SEEN)

    assert card.found_to_sent.eur == pytest.approx(2_250 * 108 / 3_600)
    assert card.found_to_sent.eur_per_thousand == pytest.approx(67.5 / 3_002.355)


def test_while_an_event_goes_on_it_costs_what_it_cost_until_now():
    assert drawn(*SEEN, now=START + timedelta(hours=2)).whole_event.eur == 4_500


def test_what_people_cost_after_an_event_is_not_the_event_s():
    clock = CostClock(SEATS, [GAME])
    clock.tell(DutyBegan(at=GAME.end - timedelta(hours=1), who="ada"))

    card = card_results(results_of(*SEEN), clock, [GAME], "o1", GAME.end + timedelta(hours=3))

    assert clock.eur(GAME.start, GAME.end + timedelta(hours=3)) == 38_700
    assert card is not None
    assert card.whole_event is not None
    assert card.whole_event.eur == 38_250


def test_outside_an_event_there_is_no_event_to_pay_for():
    card = drawn(*SEEN, events=())

    assert (card.whole_event, card.event) == (None, None)
    assert card.found_to_sent.eur == 0  # nobody was on duty


def test_before_anything_was_sent_there_are_no_results():
    assert drawn(*FOUND) is None


def test_where_nobody_told_views_there_is_no_price():
    card = drawn(*FOUND, sent(), measured(60, likes=4))

    assert (card.views, card.amplification, card.whole_event.eur_per_thousand) == (None,) * 3
    assert card.posts[0].likes == 4


def test_a_card_of_two_channels_has_one_price_for_both():
    there = sent(30, channel="mastodon")

    card = drawn(*SEEN, there, measured(60, there, views=1_000_000), withdrawn())

    assert card.views == 4_002_355
    assert card.found_to_sent.eur == pytest.approx(67.5)  # until the first
    assert [one.is_withdrawn for one in card.posts] == [True, False]
    assert card.posts[0].amplification == card.amplification


def test_the_running_meter():
    clock, results = CostClock(SEATS, [GAME]), results_of(*SEEN)

    view = cost_view(clock, results, 8.0, GAME.end - timedelta(seconds=1))

    assert (view.eur_per_hour, view.people, view.since_ms) == (2_250, 15, ms(START))
    assert view.eur == pytest.approx(38_250, abs=1)
    assert (view.paid, view.compared) == (8.0, "dearer")
    assert view.eur_per_thousand == pytest.approx(12.74, abs=0.005)
    assert view.break_even == pytest.approx(38_250 / 8 * 1_000, abs=100)


def test_the_meter_of_a_room_that_is_empty_stands_still():
    view = cost_view(CostClock(SEATS), results_of(*SEEN), None, AT)

    assert (view.eur, view.people, view.since_ms, view.views) == (0, 0, None, None)
    assert (view.eur_per_thousand, view.break_even, view.compared) == (None, None, None)


def test_posts_from_before_count_for_nothing_now():
    clock = CostClock(SEATS)
    clock.tell(DutyBegan(at=AT + timedelta(seconds=1), who="ada"))

    view = cost_view(clock, results_of(*SEEN), 8.0, AT + timedelta(hours=1, seconds=1))

    assert (view.eur, view.views, view.break_even) == (150, None, 18_750)


def test_all_of_it_is_json():
    view = cost_view(CostClock(SEATS, [GAME]), results_of(*SEEN), 8.0, AT)

    assert b'"eur_per_hour":2250.0' in msgspec.json.encode((view, drawn(*SEEN)))
