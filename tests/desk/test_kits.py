"""Kits: offered where a story says their terms, while their event is on; slots stay empty."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm import build
from rtm.clock import WallClock
from rtm.desk.kits import Kits, slots_of
from rtm.event import Kit, WatchedEvent
from rtm.types import Example, Story

AT = datetime(2013, 2, 4, 1, tzinfo=UTC)
OVERTIME = Kit(name="Overtime", terms=("overtime", "extra time"), text="A second row.")
HALF_TIME = Kit(
    name="Half-time",
    terms=("halftime", "#halftime"),
    text="{score} at half-time",
    image="milk.png",
    alt="A glass of milk",
    until=AT + timedelta(hours=1),
    channels={"mastodon": "Half-time, {team name}!"},
)


def game(*kits: Kit) -> WatchedEvent:
    return WatchedEvent(
        title="The game",
        start=AT - timedelta(hours=2),
        end=AT + timedelta(hours=2),
        terms=("game",),
        kits=kits,
    )


def story(title: str = "", terms: tuple[str, ...] = (), quotes: tuple[str, ...] = ()) -> Story:
    examples = tuple(
        Example(id=f"p{n}", at=AT, text=text, author=None) for n, text in enumerate(quotes)
    )
    return Story(
        id="s1", title=title, terms=terms, posts=3, authors=3, sources=3.0, surprise=6.0,
        opened_at=AT, examples=examples,
    )  # fmt: skip


def names(kits: Kits, told: Story, at: datetime = AT) -> list[str]:
    return [offer.name for offer in kits.offers(told, at)]


@pytest.mark.parametrize(
    "told",
    [
        story("Going to OVERTIME!"),
        story(terms=("going", "overtime")),
        story(quotes=("who knew", "extra-time? extra time it is")),
        story("#ExtraTime for all"),
        story("so many overtimes"),
    ],
)
def test_a_kit_is_offered_where_a_story_says_one_of_its_terms(told):
    assert names(Kits([game(OVERTIME, HALF_TIME)]), told) == ["Overtime"]


@pytest.mark.parametrize(
    "told", [story("The lights went out", ("lights",), ("dark!",)), story("over time and again")]
)
def test_no_kit_is_offered_where_a_story_says_none(told):
    assert names(Kits([game(OVERTIME, HALF_TIME)]), told) == []


def test_a_kit_that_more_of_the_story_speaks_of_comes_first():
    kits = Kits([game(OVERTIME, HALF_TIME)])

    by_terms = names(kits, story("Overtime", ("halftime",), ("halftime",)))
    by_posts = names(kits, story("Overtime now", quotes=("halftime", "HalfTime", "#halftime!")))
    equal = names(kits, story("Overtime after halftime"))

    assert by_terms == ["Half-time", "Overtime"]
    assert by_posts == ["Half-time", "Overtime"]
    assert equal == ["Overtime", "Half-time"]


def test_an_offer_has_all_that_was_cleared_and_says_until_when():
    (offer,) = Kits([game(HALF_TIME)]).offers(story("halftime"), AT)

    assert (offer.text, offer.image, offer.alt) == (
        "{score} at half-time",
        "milk.png",
        "A glass of milk",
    )
    assert (offer.event, offer.until) == ("The game", AT + timedelta(hours=1))
    assert offer.channels == {"mastodon": "Half-time, {team name}!"}


@pytest.mark.parametrize(
    ("hours", "offered"),
    [
        (-2.01, []),
        (-2, ["Overtime", "Half-time"]),
        (0.99, ["Overtime", "Half-time"]),
        (1, ["Overtime"]),
        (1.99, ["Overtime"]),
        (2, []),
    ],
)
def test_a_kit_is_offered_while_its_event_is_on_and_until_its_own_end(hours, offered):
    kits = Kits([game(OVERTIME, HALF_TIME)])

    assert names(kits, story("Overtime, halftime"), AT + timedelta(hours=hours)) == offered


def test_a_hundred_kits_are_told_apart():
    many = [Kit(name=f"Kit {n}", terms=(f"word{n}x",), text="t") for n in range(100)]

    assert names(Kits([game(*many)]), story("word31x word99x word32x")) == [
        "Kit 31",
        "Kit 32",
        "Kit 99",
    ]


def test_no_kit_of_the_real_night_is_about_the_lights():
    events = build.demo(WallClock()).events
    dark = story("Half the lights are out", ("lights", "blackout", "power outage"), ("dark!",))

    assert names(Kits(events), dark, AT) == []
    assert names(Kits(events), story("They go to overtime"), AT) == ["Overtime"]


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("{score}", ("score",)),
        ("a { team name } b {score}{score}", ("team name", "score")),
        ("{mängija}", ("mängija",)),
        ("{} {42} { } {a\nb} {not closed", ()),
        ("You can still dunk in the dark", ()),
    ],
)
def test_slots_are_words_in_braces(text, slots):
    assert slots_of(text) == slots


@given(st.text(), st.text())
def test_a_text_with_a_slot_left_is_never_let_go(before, after):
    assert slots_of(before + " {score} " + after)


def test_what_is_left_is_named_and_what_is_filled_is_let_go():
    assert slots_of("21:14 at half-time") == ()
    assert slots_of("{score} at {minute}, {team}") == ("score", "minute", "team")
