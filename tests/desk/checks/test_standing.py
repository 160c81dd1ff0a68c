"""Checks of the moment: crisis, promotion, offer; each with its twin."""

from datetime import timedelta

import pytest

from rtm.draft import Draft
from tests.desk.checks.drafts import NOW, complaints, said, scene

HOUR = timedelta(hours=1)


def test_crisis_stops_what_answers_nobody():
    (found,) = complaints(Draft(text="Dunk"), scene(crisis="glass in a jar"))

    assert (found.rule, found.stops) == ("crisis", True)
    assert found.words.startswith("A crisis is open (glass in a jar): only answers leave.")


def test_crisis_is_silent_on_an_answer_and_without_one():
    assert said("We look into it", scene(crisis="glass", is_answer=True), reply_to="at://a") == []
    assert said("Dunk", scene(crisis=None)) == []


def test_promotion_stops_on_a_channel_with_open_complaints_only():
    at = scene("x", "bluesky", "mastodon", complaints={"x": 2, "bluesky": 1, "mastodon": 0})

    found = complaints(Draft(text="Dunk"), at)

    assert [(one.rule, one.stops, one.channel) for one in found] == [
        ("promotion", True, "bluesky"),
        ("promotion", True, "x"),
    ]
    assert found[0].words == (
        "1 complaint is open on bluesky: answer there first, or leave bluesky out."
    )
    assert found[1].words.startswith("2 complaints are open on x:")


def test_promotion_is_silent_on_an_answer_and_on_another_channels_complaints():
    assert said("Sorry!", scene("x", complaints={"x": 2}), reply_to="at://a") == []
    assert said("Dunk", scene("x", complaints={"bluesky": 2})) == []


@pytest.mark.parametrize("until", [NOW - HOUR, NOW, (NOW - HOUR).replace(tzinfo=None)])
def test_offer_stops_when_it_is_over(until):
    (found,) = complaints(Draft(text="Dunk", offer_until=until))

    assert (found.rule, found.stops) == ("offer", True)
    assert found.words.startswith("The offer was over at 2026-02-08 2")


@pytest.mark.parametrize("until", [NOW + HOUR, NOW + 2 * HOUR])
def test_offer_stops_when_it_will_be_over_before_the_post_leaves(until):
    at = scene(send_at=NOW + 2 * HOUR)

    (found,) = complaints(Draft(text="Dunk", offer_until=until), at)

    assert found.words.startswith("At 2026-02-09 01:30 UTC the offer no longer holds;")


def test_offer_is_silent_while_it_holds():
    assert said("Dunk", offer_until=NOW + HOUR) == []
    assert said("Dunk", scene(send_at=NOW + HOUR), offer_until=NOW + 2 * HOUR) == []
    assert said("Dunk", scene(send_at=NOW + HOUR)) == []


def test_crisis_stops_a_promotion_that_is_dressed_as_an_answer():
    dressed = Draft(text="Dunk", reply_to="at://a")

    assert [one.rule for one in complaints(dressed, scene(crisis="glass"))] == ["crisis"]
