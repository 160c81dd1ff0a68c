from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtm.config import struct_of, table_of
from rtm.errors import ConfigError
from rtm.event import Kit, WatchedEvent, span, understood

START = datetime(2013, 2, 3, 22, tzinfo=UTC)
TIMES = "start = 2013-02-03T22:00:00Z\nend = 2013-02-04T05:00:00Z\n"
GAME = f'title = "Game"\nterms = ["super bowl"]\n{TIMES}'
KIT = '[[kit]]\nname = "Overtime"\nterms = ["overtime"]\ntext = "More!"\n'


def event_of(text: str) -> WatchedEvent:
    return struct_of(table_of(text.encode(), "game.toml"), WatchedEvent, "game.toml")


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        event_of(text)
    return str(caught.value)


def timed(start: str, end: str) -> str:
    return f'title = "Game"\nterms = ["super bowl"]\nstart = {start}\nend = {end}\n'


def test_a_whole_event_is_read():
    event = event_of(GAME + KIT + 'image = "more.png"\nalt = "A jar"\n')

    kit = Kit(name="Overtime", terms=("overtime",), text="More!", image="more.png", alt="A jar")
    assert event == WatchedEvent(
        title="Game",
        start=START,
        end=START + timedelta(hours=7),
        terms=("super bowl",),
        kits=(kit,),
    )
    assert hash(event)


def test_a_kit_may_expire_sooner_and_say_it_otherwise_elsewhere():
    event = event_of(
        f'{GAME}{KIT}until = 2013-02-04T01:00:00Z\nchannels = {{ mastodon = "More and more!" }}\n'
    )

    (kit,) = event.kits
    assert kit.until == START + timedelta(hours=3)
    assert kit.channels == {"mastodon": "More and more!"}
    assert hash(event)
    assert understood(event)[-1] == (
        "Kit Overtime, offered on overtime: 5 characters, in its own words for mastodon, "
        "until 2013-02-04T01:00:00Z."
    )


def test_more_than_ten_channels_are_refused():
    many = ", ".join(f'c{n} = "x"' for n in range(11))

    assert "a table of at most 10 channels" in refusal(f"{GAME}{KIT}channels = {{ {many} }}")
    few = many.rpartition(",")[0]
    assert len(event_of(f"{GAME}{KIT}channels = {{ {few} }}").kits[0].channels) == 10


def test_it_is_on_from_its_start_up_to_before_its_end():
    event = event_of(GAME)
    us = timedelta(microseconds=1)

    assert [event.is_on(at) for at in (event.start - us, event.start)] == [False, True]
    assert [event.is_on(at) for at in (event.end - us, event.end)] == [True, False]


@settings(deadline=None)
@given(hours=st.integers(-13, 13), minutes=st.integers(0, 600))
def test_the_zone_in_which_a_moment_is_told_makes_no_difference(hours, minutes):
    event = event_of(GAME)
    at = START - timedelta(hours=1) + timedelta(minutes=minutes)

    assert event.is_on(at) == event.is_on(at.astimezone(timezone(timedelta(hours=hours))))


def test_a_moment_without_zone_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="naive"):
        event_of(GAME).is_on(datetime(2013, 2, 3, 23))  # noqa: DTZ001


@pytest.mark.parametrize("local", ["2013-02-03T22:00:00", "2013-02-03", "22:00:00", '"soon"'])
def test_a_start_without_zone_is_refused_with_the_form_to_write(local):
    message = refusal(timed(local, "2013-02-04T05:00:00Z"))

    assert message == (
        f"game.toml: start = {local}; expected a date, a time and its zone, without quotes "
        "(Z is UTC, +02:00 two hours ahead); write e.g. start = 2013-02-03T22:00:00Z"
    )


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (
            "2013-02-03T22:00:00Z",
            "2013-02-03T23:00:00+01:00",
            "end = 2013-02-03T23:00:00+01:00; write a moment after start (2013-02-03T22:00:00Z)",
        ),
        (
            "2013-02-03T22:00:00Z",
            "2013-02-17T22:00:01Z",
            "end = 2013-02-17T22:00:01Z; that is more than 14 days; write at most that, "
            "or several events",
        ),
        (
            "0001-01-01T00:00:00+14:00",
            "2013-02-03T22:00:00Z",
            "start = 0001-01-01T00:00:00+14:00; write a year from 1990 to 2100",
        ),
        (
            "2013-02-03T22:00:00Z",
            "9999-12-31T23:59:59-14:00",
            "end = 9999-12-31T23:59:59-14:00; write a year from 1990 to 2100",
        ),
    ],
)
def test_impossible_times_are_refused(start, end, message):
    assert refusal(timed(start, end)) == f"game.toml: {message}"


def test_fourteen_days_are_the_longest_event():
    event = event_of(timed("2013-02-03T22:00:00Z", "2013-02-17T22:00:00Z"))

    assert event.end - event.start == timedelta(days=14)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'terms = ["game"]\n{TIMES}', 'title is missing; add e.g. title = "Super Bowl XLVII"'),
        (f'title = "Game"\n{TIMES}', 'terms is missing; add e.g. terms = ["super bowl", "#sb47"]'),
        (
            f'title = "Game"\nterms = ["game", "GAME"]\n{TIMES}',
            'terms #2 = "GAME"; terms #1 says the same ("game"); delete one',
        ),
        (
            f'{GAME}{KIT}[[kit]]\nname = "Half-time"\nterms = ["half time"]',
            '[[kit]] #2 text is missing; add e.g. text = "Room for one more."',
        ),
        (
            f'{GAME}{KIT}[[kit]]\nname = "overtime"\nterms = ["ot"]\ntext = "x"',
            '[[kit]] name #2 = "overtime"; [[kit]] name #1 says the same ("Overtime"); delete one',
        ),
        (
            f'{GAME}{KIT}image = "more.png"',
            '[[kit]] #1 image = "more.png"; add alt = "..." with what the picture shows',
        ),
        (
            f'{GAME}{KIT}image = "more.png"\nalt = " "',
            '[[kit]] #1 image = "more.png"; add alt = "..." with what the picture shows',
        ),
        (
            f"{GAME}{KIT}until = 2013-02-03T22:00:00Z",
            "[[kit]] #1 until = 2013-02-03T22:00:00Z; write a moment after start "
            "(2013-02-03T22:00:00Z), or delete until",
        ),
        (
            f'{GAME}{KIT}channels = {{ "Blue Sky" = "x" }}',
            '[[kit]] #1 channels = "Blue Sky"; name a channel in small letters, such as "bluesky"',
        ),
        (
            f'{GAME}{KIT}channels = {{ mastodon = " " }}',
            '[[kit]] #1 channels mastodon = " "; write 1 to 3,000 characters',
        ),
        (
            f"{GAME}{KIT}channels = {{ mastodon = 3 }}",
            "[[kit]] #1 channels = {…}; expected a table of at most 10 channels, each with its "
            'text in quotes; write e.g. channels = { mastodon = "Room for one more." }',
        ),
        (
            f'{GAME}{KIT}alt = "A jar"',
            '[[kit]] #1 alt = "A jar"; add image = "picture.png", or delete alt',
        ),
        (
            f'{GAME}[[kit]]\nname = "A"\nterms = ["b", "b"]\ntext = "c"',
            '[[kit]] #1 terms #2 = "b"; terms #1 says the same ("b"); delete one',
        ),
        (
            f'{GAME}[[kit]]\nname = "A"\nterms = ["b"]\ntext = " "',
            '[[kit]] #1 text = " "; write the words to post',
        ),
        (
            f'{GAME}[[kits]]\nname = "A"',
            "kits = […]; no such key here; did you mean kit? "
            "(keys here: title, start, end, terms, kit)",
        ),
        (
            f'{GAME}[kit]\nname = "A"',
            "kit = {…}; expected a list of at most 100 entries, each a table; "
            "write [[kit]] on a line of its own, and its keys below it",
        ),
        (
            f'{GAME}[[kit]]\nname = "A"\nterms = ["b"]\ntext = "{"c" * 301}"',
            f'[[kit]] #1 text = "{"c" * 60}…" (301 characters); expected text in quotes '
            'from 1 to 300 characters; write e.g. text = "Room for one more."',
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_a_remedy(text, message):
    assert refusal(text) == f"game.toml: {message}"


@pytest.mark.parametrize("terms", ['""', '"!!"', "3"])
def test_a_kit_s_terms_are_phrases(terms):
    message = refusal(f'{GAME}[[kit]]\nname = "A"\nterms = [{terms}]\ntext = "c"')

    assert f"[[kit]] #1 terms #1 = {terms}; expected a word or phrase in quotes" in message


def test_understood_says_all_parts_in_plain_words():
    lines = understood(event_of(GAME + KIT + 'image = "more.png"\nalt = "A jar"\n'))

    assert lines == [
        "Event Game.",
        "Watching 2013-02-03T22:00:00Z to 2013-02-04T05:00:00Z (7 h).",
        "Terms (1): super bowl.",
        "Kit Overtime, offered on overtime: 5 characters, with a picture.",
    ]


def test_understood_says_that_there_are_no_kits():
    assert understood(event_of(GAME))[-1] == "No kits: every text will be written on the night."


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(hours=13), "13 h"),
        (timedelta(days=14), "14 d"),
        (timedelta(days=1, hours=1, minutes=30), "1 d 1 h 30 min"),
        (timedelta(seconds=20), "under a minute"),
    ],
)
def test_a_span_is_told_in_days_hours_and_minutes(length, words):
    assert span(length) == words
