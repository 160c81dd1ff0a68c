import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

import rtm.demo
from rtm.alerting import AlertsConfig
from rtm.brand import Brand
from rtm.check import check, kind_of
from rtm.config import load, struct_of, table_of
from rtm.desk.rota_file import Rota
from rtm.errors import ConfigError
from rtm.event import WatchedEvent

DEMO = Path(rtm.demo.__file__).parent
ALERTS = Path(__file__).parent / "alerts" / "alerts.toml"

# What nobody could have written on the afternoon before: the word, its kin and its hints.
FORBIDDEN = re.compile(
    r"\w*light\w*|lit|dark\w*|dim\w*|power\w*|outages?|electr\w*|black\W?outs?|blacked|brown\W?outs?|"
    r"stadium\w*|super\W?dome\w*|domes?|generators?|candles?|lamps?|bulbs?|torch\w*|switch\w*|fuses?|"
    r"energy|entergy|volt\w*|watts?|grid|current|plug\w*|delay\w*|glow\w*|shadow\w*|sockets?",
    re.IGNORECASE,
)


def forbidden_in(text: str) -> list[str]:
    return re.findall(rf"\b(?:{FORBIDDEN.pattern})\b", text, re.IGNORECASE)


@pytest.mark.parametrize("name", ["oreo.toml", "superbowl-xlvii.toml"])
def test_the_demo_files_hold_no_word_that_only_the_night_could_teach(name):
    text = (DEMO / name).read_text(encoding="utf-8")

    assert forbidden_in(text) == []


@pytest.mark.parametrize(
    "planted",
    [
        "lights",
        "Power",
        "outage",
        "dark",
        "electricity",
        "blackout",
        "black-out",
        "stadium",
        "Superdome",
        "generator",
        "candle",
        "#LightsOut",
        "spotlight",
        "dim",
        "lamp",
    ],
)
def test_a_planted_word_is_found(planted):
    text = (DEMO / "superbowl-xlvii.toml").read_text(encoding="utf-8")

    assert forbidden_in(text.replace('"cbs"', f'"cbs", "{planted}"')) != []


def test_the_demo_brand_is_understood():
    lines = check(DEMO / "oreo.toml")

    assert lines[0].startswith("Brand Oreo, also known as Oreos")
    assert lines[-1] == "15 seats at EUR 150 an hour: EUR 2,250 an hour."


def test_the_demo_event_is_understood():
    lines = check(DEMO / "superbowl-xlvii.toml")

    assert lines[1] == "Watching 2013-02-03T22:00:00Z to 2013-02-04T05:00:00Z (7 h)."
    assert len(load(DEMO / "superbowl-xlvii.toml", WatchedEvent).kits) == 4


def test_the_rota_to_copy_is_understood_and_has_no_hole():
    assert check(DEMO / "rota.toml") == [
        "Rota by the clock of Europe/Tallinn: 2 single shifts, 3 weekly ones, of lars, mia, noor.",
        "As moderator somebody around the clock, every usual week.",
    ]


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ({"name": "Oreo"}, "brand"),
        ({"nmae": "Oreo", "themes": ["milk"]}, "brand"),
        ({"name": "Oreo", "title": "x", "no_go": []}, "brand"),
        ({"title": "Game"}, "event"),
        ({"name": "Game", "start": 1}, "event"),
        ({"end": 1}, "event"),
        ({"target": [], "route": []}, "alerts"),
        ({"nmae": "Oreo", "digest": {}}, "alerts"),
        ({"zone": "UTC"}, "rota"),
        ({"name": "x", "weekly": [], "shift": []}, "rota"),
    ],
)
def test_the_kind_of_a_file_shows_in_its_keys(table, kind):
    assert kind_of(table, "any.toml") == kind


@pytest.mark.parametrize("text", ["", "colour = 3", '["a\\nb"]'])
def test_a_file_of_no_kind_is_told_what_each_needs(tmp_path, text):
    path = tmp_path / "any.toml"
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        check(path)

    assert str(caught.value) == (
        f"{path}: neither a brand, a watched event, a rota nor alerts; "
        "a brand needs name; a watched event needs title, start, end and terms; "
        "a rota needs zone, and [[shift]] or [[weekly]]; alerts need [[target]] and [[route]]"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "Oreo"\nno-go = ["gun"]', "did you mean no_go?"),
        ('name = "Game"\nstart = 2013-02-03T22:00:00Z', "move it under [[kit]]"),
        ('zone = "UTC"\n[[shfit]]', "did you mean shift?"),
    ],
)
def test_a_wrong_file_is_refused_by_the_rules_of_its_kind(tmp_path, text, words):
    path = tmp_path / "any.toml"
    path.write_text(text)

    with pytest.raises(ConfigError, match=re.escape(words)):
        check(path)


KINDS: dict[str, type[Struct]] = {
    "brand": Brand,
    "event": WatchedEvent,
    "rota": Rota,
    "alerts": AlertsConfig,
}


def verdict(raw: bytes) -> str:
    try:
        table = table_of(raw, "any.toml")
        struct_of(table, KINDS[kind_of(table, "any.toml")], "any.toml")
    except ConfigError as error:
        return str(error)
    return "any.toml: right"


@settings(deadline=None)
@given(
    path=st.sampled_from(
        [DEMO / "oreo.toml", DEMO / "superbowl-xlvii.toml", DEMO / "rota.toml", ALERTS]
    ),
    cut=st.integers(0, 4000),
    length=st.integers(0, 40),
    put=st.binary(max_size=8) | st.sampled_from([b'"', b"]", b"[[", b"1", b"\n", b" = ", b"\0"]),
)
def test_a_damaged_file_is_right_or_refused_in_one_line(path, cut, length, put):
    raw = path.read_bytes()

    message = verdict(raw[:cut] + put + raw[cut + length :])

    assert message.startswith("any.toml: ")
    assert message.isprintable()
