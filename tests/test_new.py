"""Answers become files: whatever was understood is what the file says."""

import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.brand import Brand
from rtm.config import struct_of, table_of
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.new import brand_text, brand_with, event_text, event_with, phrases_of, slug_of, titled

T = TypeVar("T")
TODAY = date(2026, 11, 24)
TALLINN = ZoneInfo("Europe/Tallinn")
HERE = "your answer"
ARABIC = "\u0662\u0660:\u0660\u0660"  # 20:00

answers = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=120)
words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
phrases = st.lists(words, max_size=8, unique_by=str.casefold).map(", ".join)


def tallinn(wall: datetime) -> datetime:
    return wall.replace(tzinfo=TALLINN)


def brand_of(brand="Oreo", **rest) -> Brand:
    profile = brand_with(None, "brand", brand, HERE)
    for key, answer in rest.items():
        profile = brand_with(profile, key, answer, HERE)
    return profile


def event_of(title="Game", *, zoned=tallinn, **rest) -> WatchedEvent:
    event = titled(title, TODAY, zoned, HERE)
    assert event is not None
    for key, answer in rest.items():
        event = event_with(event, key.rstrip("_"), answer, TODAY, zoned, HERE)
    return event


def read_back(text: str, kind):
    return struct_of(table_of(text.encode(), "written.toml"), kind, "written.toml")


def understood(make: Callable[..., T], *given: str, **answers: str) -> T | None:
    """Return what answers make, or None where they were refused."""
    with suppress(ConfigError):
        return make(*given, **answers)
    return None


@given(answers, answers, answers, answers)
def test_a_profile_of_any_answers_is_what_its_file_says(brand, about, rivals, never):
    profile = understood(brand_of, brand, about=about, rivals=rivals, never=never)

    assert profile is None or read_back(brand_text(profile), Brand) == profile


@given(words, phrases, phrases)
def test_a_profile_of_plain_words_is_understood(brand, about, rivals):
    profile = brand_of(f"the {brand}", about=about)

    assert list(profile.themes) == phrases_of(about, HERE)
    assert read_back(brand_text(profile), Brand) == profile


@given(answers, answers)
def test_an_event_of_any_answers_is_what_its_file_says(title, words):
    event = understood(event_of, f"x{title}", words=words)

    assert event is None or read_back(event_text(event), WatchedEvent) == event


@given(
    st.integers(0, 110 * 365 * 24 * 60),
    st.integers(1, 14 * 24 * 60),
    st.integers(-14 * 60, 14 * 60),
)
def test_any_moments_are_what_the_file_says(since, minutes, offset_min):
    zone = timezone(timedelta(minutes=offset_min))
    start = datetime(1990, 1, 2, tzinfo=zone) + timedelta(minutes=since)
    end = start + timedelta(minutes=minutes)

    event = event_of(
        from_=f"{start:%Y-%m-%d %H:%M}{offset(start)}", to=f"{end.isoformat(' ')[:16]}"
    )

    assert (event.start, event.end) == (start, end)
    assert read_back(event_text(event), WatchedEvent) == event


def offset(at: datetime) -> str:
    return at.isoformat()[-6:]


@given(words)
def test_a_slug_names_a_file_in_its_folder(name):
    slug = slug_of(f"{name} / ../ {name}", "brand")

    assert slug
    assert not set(slug) & set("/.\\ \0")
    assert len(slug.encode()) <= 200


def test_a_brand_is_taken_with_its_other_names():
    profile = brand_of("Oreo, Oreos,  Oreo cookie ,")

    assert (profile.name, profile.aliases) == ("Oreo", ("Oreos", "Oreo cookie"))


def test_languages_are_understood_by_name_and_by_code():
    assert brand_of(languages="Estonian, EN, slovene").languages == ("et", "en", "sl")


def test_saying_nothing_is_english_and_empty_lists():
    profile = brand_of(languages="", about="", rivals="", never="")

    assert profile == Brand(name="Oreo")


def test_a_phrase_with_a_comma_stands_in_quotes():
    assert brand_of(about='"Ben, Jerry", ice').themes == ("Ben, Jerry", "ice")


def test_a_list_of_many_dots_is_still_read():
    themes = ", ".join(f"{n}{'.' * 90}" for n in range(100))

    profile = brand_of(about=themes)

    assert read_back(brand_text(profile), Brand) == profile


@pytest.mark.parametrize(
    ("key", "answer", "value", "remedy"),
    [
        ("brand", "", '""', "write e.g. name"),
        ("brand", "Oreo, oreo", '"oreo"', "keep it in one of the two"),
        ("brand", "Pu\udcffrl", "Pu\\udcffrl", "terminal that speaks UTF-8"),
        ("brand", "Oreo\x1b[2J", "name", "write e.g. name"),
        ("languages", "xx", '"xx"', "write a language's two letters"),
        ("about", "milk, Milk", '"Milk"', "delete one"),
        ("about", '"milk, dunk', "milk, dunk", "quotes stand around a whole phrase"),
        ("about", "x" * 101, "101 characters", "write e.g."),
        ("rivals", "Oreo", '"Oreo"', "keep it in one of the two"),
        ("never", "!!", '"!!"', "write e.g."),
    ],
)
def test_a_wrong_answer_is_named_with_its_remedy(key, answer, value, remedy):
    with pytest.raises(ConfigError) as refused:
        brand_with(None if key == "brand" else Brand(name="Oreo"), key, answer, HERE)

    assert str(refused.value).startswith("your answer: ")
    assert value in str(refused.value)
    assert remedy in str(refused.value)
    assert str(refused.value).isprintable()


def test_what_one_loves_cannot_be_what_one_never_touches():
    with pytest.raises(ConfigError, match=r"milk.*keep it in one of the two"):
        brand_of(about="milk", never="milk")


@pytest.mark.parametrize("title", ["Ga\udcffme", "-", "Game\x1b[2J", "x" * 101])
def test_a_wrong_title_is_named_in_one_line(title):
    with pytest.raises(ConfigError, match=r"^your answer: ") as refused:
        titled(title, TODAY, tallinn, HERE)

    assert str(refused.value).isprintable()


@pytest.mark.parametrize("title", ["", "   "])
def test_without_a_title_there_is_no_event(title):
    assert titled(title, TODAY, tallinn, HERE) is None


def test_an_event_is_this_evening_and_called_by_its_title():
    event = event_of("Eesti Laul")

    assert event.start == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert event.end == datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert event.terms == ("Eesti Laul",)


def test_the_offset_of_the_place_is_written():
    text = event_text(event_of("Eesti Laul"))

    assert "start = 2026-11-24T18:00:00+02:00" in text
    assert "end = 2026-11-25T00:00:00+02:00" in text


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("20:00", "23:30", 3.5),
        ("20.00", "2:00", 6),  # after midnight
        ("20:00", "", 4),
        ("", "", 6),
        ("2026-11-25 20:00", "24:00", 4),
        ("2026-11-24T20:00Z", "23:00", 3),  # in the zone in which it starts
        ("2026-11-24 20:00-06:00", "2026-11-25 03:00Z", 1),
        ("2026-10-24 22:00", "06:00", 9),  # clocks go back that night
    ],
)
def test_times_are_read_as_people_write_them(start, end, hours):
    event = event_of(from_=start, to=end)

    assert (event.end.astimezone(UTC) - event.start.astimezone(UTC)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "answer", ["9pm", "25:00", "24:01", "20:60", "2026-02-31 20:00", "0001-01-01 00:00", ARABIC]
)
@pytest.mark.parametrize("key", ["from", "to"])
def test_what_is_no_time_is_named_with_a_remedy(key, answer):
    with pytest.raises(ConfigError, match="write a time such as 20:00, or with its day") as refused:
        event_with(event_of(), key, answer, TODAY, tallinn, HERE)

    assert answer in str(refused.value)


@pytest.mark.parametrize(
    ("key", "answer", "remedy"),
    [
        ("from", "1969-01-01 20:00", "no time"),
        ("from", "1971-01-01 20:00", "write a year from 1990"),
        ("to", "2026-11-23 20:00", "write a moment after start"),
        ("to", "2026-12-23 20:00", "more than 14 days"),
        ("words", "game, Game", "delete one"),
    ],
)
def test_rules_of_the_file_hold_for_answers(key, answer, remedy):
    with pytest.raises(ConfigError, match=remedy):
        event_with(event_of(), key, answer, TODAY, tallinn, HERE)


def test_every_key_is_explained_by_the_line_above_it():
    for text in (brand_text(Brand(name="Oreo")), event_text(event_of())):
        lines = text.splitlines()
        keys = [n for n, line in enumerate(lines) if line and not line.startswith("#")]

        assert keys
        assert all(lines[n - 1].startswith("# ") for n in keys)


@pytest.mark.parametrize(
    ("text", "kind", "tables"),
    [
        (brand_text(Brand(name="Oreo")), Brand, ["voice", "seats"]),
        (event_text(event_of()), WatchedEvent, ["kit"]),
    ],
)
def test_what_stands_behind_number_signs_can_be_taken_up(text, kind, tables):
    taken_up = re.sub(r"(?m)^# (?=\[|\w+ = )", "", text)

    table = tomllib.loads(taken_up)

    assert [key for key in tables if key in table] == tables
    assert read_back(taken_up, kind) != read_back(text, kind)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Oreo", "oreo"),
        ("Eesti Laul: põhivõistlus!", "eesti-laul-pohivoistlus"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本酒", "日本酒"),
        ("\N{GREEK YPOGEGRAMMENI}", "brand"),
    ],
)
def test_a_slug_is_the_name_in_small_letters(name, slug):
    assert slug_of(name, "brand") == slug
