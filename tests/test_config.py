import re
from datetime import UTC, datetime
from pathlib import PosixPath
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta, Struct, inspect

from rtm.brand import Brand
from rtm.config import MAX_BYTES, load, struct_of, table_of
from rtm.desk.rota_file import Rota
from rtm.errors import ConfigError
from rtm.event import WatchedEvent
from rtm.remedies import _expected, _keys_of, _line, one_line, shown

REMEDY = (
    r"; .*(write|add|did you mean|delete|move it|save the file|shorten|is this the right file|"
    r"check the path|name the TOML file|give yourself|keep it|several events)"
)


class Cup(Struct, frozen=True, forbid_unknown_fields=True):
    size: Literal["small", "large"] = "small"
    litres: Annotated[float, Meta(ge=0, le=2, examples=[0.3])] = 0.3


class Party(Struct, frozen=True, forbid_unknown_fields=True):
    host: Annotated[str, Meta(min_length=1, max_length=200, examples=["Ann"])]
    guests: Annotated[tuple[str, ...], Meta(max_length=3, examples=[["Bob"]])] = ()
    chairs: Annotated[int, Meta(ge=1, le=20, examples=[4])] = 4
    outdoors: Annotated[bool, Meta(examples=[True])] = False
    at: Annotated[datetime, Meta(tz=True, examples=[datetime(2013, 2, 3, tzinfo=UTC)])] | None = (
        None
    )
    cup: Cup = Cup()
    cups: tuple[Cup, ...] = ()


def refusal(text: str | bytes, kind: type[Struct] = Party) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ConfigError) as caught:
        struct_of(table_of(raw, "party.toml"), kind, "party.toml")
    return str(caught.value)


def test_a_right_file_becomes_a_frozen_struct(tmp_path):
    path = tmp_path / "party.toml"
    path.write_bytes(b'\xef\xbb\xbfhost = "Ann"\r\nguests = ["Bob"]\r\n[cup]\r\nsize = "large"\r\n')

    party = load(path, Party)

    assert party == Party(host="Ann", guests=("Bob",), cup=Cup(size="large"))
    assert hash(party)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'host = "A"\nguest = ["Bob"]',
            'guest = ["Bob"]; no such key here; did you mean guests? '
            "(keys here: host, guests, chairs, outdoors, at, cup, cups)",
        ),
        (
            'host = "A"\n[cup]\nSize = "large"',
            '[cup] Size = "large"; no such key here; did you mean size? (keys here: size, litres)',
        ),
        (
            'host = "A"\n[[cups]]\n[[cups]]\nzzz = 1',
            "[[cups]] #2 zzz = 1; no such key here; delete it (keys here: size, litres)",
        ),
        (
            'host = "A"\n[cup]\nguests = []',
            "[cup] guests = []; no such key here; move it to the top, above the first line in "
            "[brackets] (keys here: size, litres)",
        ),
        (
            'host = "A"\nlitres = 1.0',
            "litres = 1.0; no such key here; move it under [[cups]] "
            "(keys here: host, guests, chairs, outdoors, at, cup, cups)",
        ),
        ("chairs = 2", 'host is missing; add e.g. host = "Ann"'),
        (
            "host = 3",
            'host = 3; expected text in quotes from 1 to 200 characters; write e.g. host = "Ann"',
        ),
        (
            'host = "A"\nguests = "Bob"',
            'guests = "Bob"; expected a list of at most 3 entries, each text in quotes; '
            'write e.g. guests = ["Bob"]',
        ),
        (
            'host = "A"\nchairs = 0',
            "chairs = 0; expected a whole number from 1 to 20; write e.g. chairs = 4",
        ),
        (
            'host = "A"\nchairs = true',
            "chairs = true; expected a whole number from 1 to 20; write e.g. chairs = 4",
        ),
        (
            'host = "A"\noutdoors = "yes"',
            'outdoors = "yes"; expected true or false; write e.g. outdoors = true',
        ),
        (
            'host = "A"\n[cup]\nlitres = nan',
            "[cup] litres = nan; expected a number from 0 to 2; write e.g. litres = 0.3",
        ),
        (
            'host = "A"\n[cup]\nsize = "larg"',
            '[cup] size = "larg"; expected one of large, small; did you mean "large"?',
        ),
        (
            'host = "A"\n[[cups]]\nsize = 7',
            '[[cups]] #1 size = 7; expected one of large, small; write e.g. size = "large"',
        ),
        (
            'host = "A"\nat = 2013-02-03T22:00:00',
            "at = 2013-02-03T22:00:00; expected a date, a time and its zone, without quotes "
            "(Z is UTC, +02:00 two hours ahead); write e.g. at = 2013-02-03T00:00:00Z",
        ),
        (
            'host = "A"\ncup = "large"',
            'cup = "large"; expected a table; write [cup] on a line of its own, '
            "and its keys below it",
        ),
        (
            'host = "A"\n[cups]\nsize = "small"',
            "cups = {…}; expected a list, each a table; write [[cups]] on a line of its own, "
            "and its keys below it",
        ),
        (
            'host = "A"\ncups = [4]',
            "[[cups]] #1 = 4; expected a table; write [[cups]] on a line of its own, "
            "and its keys below it",
        ),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_remedy(text, message):
    assert refusal(text) == f"party.toml: {message}"


def test_a_long_value_is_cut_in_the_message():
    message = refusal(f'host = "{"x" * 5000}"')

    assert '"' + "x" * 60 + '…" (5,000 characters)' in message
    assert len(message) < 300


def test_a_huge_number_is_not_written_out():
    message = refusal("host = 0x" + "f" * 100_000)

    assert "host = a number of 400,000 bits;" in message


def test_a_value_cannot_break_the_line_or_turn_it_around():
    message = refusal('host = 1\n"a\\nb\\u202Ec\\u2028" = 2')

    assert len(message.splitlines()) == 1
    assert "\u202e" not in message


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"host = Ann", "not TOML: Invalid value (at line 1, column 8); write"),
        (b'a = 1\nhost "Ann"', "line 2"),
        (b"a = 1\na = 2", "Cannot overwrite a value (at "),
        (b'host = "A"\n\xff\xfe', "line 2 is not UTF-8 text; save the file as UTF-8"),
        ('host = "A"'.encode("utf-16"), "line 1 is not UTF-8 text; save the file as UTF-8"),
        (b'host = "A"\n\n\0', "line 3 holds a NUL byte; save the file as text in UTF-8"),
        (b"a = " + b"[" * 5000, "too deep in each other; write"),
        (b"a = " + b"9" * 5000, "digits"),
        (b"a" + b".a" * 500_000 + b" = 1", "line 1 holds more than 400 dots; shorten it"),
        (b"#" * (MAX_BYTES + 1), "more than 1,048,576 bytes; is this the right file?"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_its_line(raw, words):
    message = refusal(raw)

    assert message.startswith("party.toml: ")
    assert words in message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.toml", "absent.toml: no such file; check the path"),
        ("folder", "folder: this is a directory; name the TOML file in it"),
        ("a\0b", "a\\x00b: not a file name; check the path"),
        ("x" * 5000, "; check the path"),
        ("plain.toml/x", "x: cannot be read (Not a directory); check the path"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused(tmp_path, name, words):
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.toml").touch()

    with pytest.raises(ConfigError) as caught:
        load(tmp_path / name, Party)

    assert words in str(caught.value)


class Locked(PosixPath):  # root may read everything, so a real file will not do
    def open(self, *args, **options):
        raise PermissionError(13, "Permission denied")


def test_a_file_without_the_right_to_read_it_is_refused():
    with pytest.raises(ConfigError) as caught:
        load(Locked("brand.toml"), Party)

    assert str(caught.value) == "brand.toml: may not be read; give yourself the right to read it"


def test_shown_writes_what_toml_would_hold():
    given = [True, 10**40, 2.5, datetime(2013, 2, 3, tzinfo=UTC), [1, [2], 3, 4], {"a": 1}, None]

    assert [shown(value) for value in given] == [
        "true",
        "a number of 133 bits",
        "2.5",
        "2013-02-03T00:00:00Z",
        "[1, …, 3, …]",
        "{…}",
        "None",
    ]


@pytest.mark.parametrize("kind", [Brand, WatchedEvent, Rota])
def test_every_key_has_words_and_an_example_for_its_messages(kind):
    tables = [inspect.type_info(kind)]
    tables += [key.type for key in _keys_of(tables[0]).values() if _keys_of(key.type)]

    for table in tables:
        for name, key in _keys_of(table).items():
            assert _expected(key.type)
            assert _line(name, key.type)


KEYS = sorted(
    {"zzz", "", "tone", "note", "count", "rate_eur_per_hour", "text", "image", "alt"}
    | _keys_of(inspect.type_info(Brand)).keys()
    | _keys_of(inspect.type_info(WatchedEvent)).keys()
)
moments = st.datetimes(
    timezones=st.sampled_from([None, UTC]) | st.timezones(), allow_imaginary=False
)
scalars = (
    st.text(max_size=20)
    | st.sampled_from(["en", "Oreo", "oreo", "@oreo", "playful", "\n", " "])
    | st.integers()
    | st.floats()
    | st.booleans()
    | moments
    | st.dates()
    | st.times()
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
tables = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), values, max_size=8)


def complaint(table: dict[str, Any], kind: type[Struct]) -> str:
    try:
        struct_of(table, kind, "any.toml")
    except ConfigError as error:
        return str(error)
    return "any.toml: right; write on"


@settings(deadline=None)
@given(table=tables, kind=st.sampled_from([Brand, WatchedEvent]))
def test_any_table_is_right_or_refused_in_one_line_with_a_remedy(table, kind):
    message = complaint(table, kind)

    assert message.isprintable()
    assert message.startswith("any.toml: ")
    assert len(message) < 1000
    assert re.search(REMEDY, message)


@settings(deadline=None)
@given(base=tables, kind=st.sampled_from([Brand, WatchedEvent]))
def test_a_nearly_right_table_is_right_or_refused_in_one_line(base, kind):
    start, end = datetime(2013, 2, 3, 22, tzinfo=UTC), datetime(2013, 2, 4, 5, tzinfo=UTC)
    right: dict[type[Struct], dict[str, Any]] = {
        Brand: {"name": "Oreo", "themes": ["milk"]},
        WatchedEvent: {"title": "Game", "start": start, "end": end, "terms": ["game"]},
    }
    known = _keys_of(inspect.type_info(kind))

    message = complaint({**right[kind], **{k: v for k, v in base.items() if k in known}}, kind)

    assert message.isprintable()
    assert message.startswith("any.toml: ")


def parsed(raw: bytes) -> str:
    try:
        return repr(table_of(raw, "any.toml"))
    except ConfigError as error:
        return str(error)


@settings(deadline=None)
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused_in_one_line(raw):
    assert len(parsed(raw).splitlines()) <= 1


@settings(deadline=None)
@given(raw=st.lists(st.sampled_from(list("a.=[]{}\"'\n#,1-:TZ\\x_+")), max_size=60).map("".join))
def test_any_text_near_toml_is_a_table_or_refused_in_one_line(raw):
    assert len(parsed(raw.encode()).splitlines()) <= 1


@settings(deadline=None)
@given(text=st.text())
def test_one_line_leaves_nothing_that_breaks_a_line(text):
    assert one_line(text).isprintable()
