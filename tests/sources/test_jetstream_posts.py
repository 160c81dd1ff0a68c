"""Messages of Jetstream: real ones, broken ones, and rows that survive the archive's cleaning."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.frame import POST_SCHEMA
from rtm.sources.jetstream_posts import LONGEST_FRAME, SenselessError, decode, read
from rtm.sources.rows import checked
from rtm.sources.stream import Row

REAL = (Path(__file__).parents[1] / "data" / "jetstream.ndjson").read_bytes().splitlines()
NOW_US = 1_764_000_000_000_000
DAY_US = 86_400_000_000


def frame(**commit: Any) -> dict[str, Any]:
    record = {"text": "lights out", "langs": ["en", "et"]} | commit.pop("record", {})
    return {
        "did": "did:plc:tester",
        "time_us": NOW_US - 1_000_000,
        "kind": "commit",
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": "3k",
            "cid": "bafy",
            "record": record,
            **commit,
        },
    }


def row_of(told: Any) -> Row | None:
    return decode(json.dumps(told).encode(), NOW_US)


def cause_of(raw: bytes | str) -> str:
    with pytest.raises(SenselessError) as raised:
        decode(raw, NOW_US)
    return raised.value.cause


def test_real_messages_give_their_four_posts():
    rows = [row for raw in REAL if (row := decode(raw, NOW_US)) is not None]

    assert [(row.lang, row.text[:12]) for row in rows] == [
        ("en", "aaaaah.  LIg"),
        ("en", "okay i take "),
        ("en", "guy who foll"),
        ("ja", "乗った\uff01"),
    ]


def test_a_real_reply_tells_whose_words_it_answers():
    row = decode(REAL[0], NOW_US)

    assert row == Row(
        id="at://did:plc:yj3sjq3blzpynh27cumnp5ks/app.bsky.feed.post/3lbhtyteurk2y",
        at=1732206349000167,
        text="aaaaah.  LIght shines in a corner of WTF....",
        lang="en",
        author="did:plc:yj3sjq3blzpynh27cumnp5ks",
        followers=None,
        reply_to="at://did:plc:6tr6tuzlx2db3rduzr2d6r24/app.bsky.feed.post/3lbhqo2rtys2z",
        is_repost=False,
        likes=None,
        reposts=None,
        source="bluesky",
        joined=None,
        labels=None,
    )


def test_text_and_bytes_are_read_alike():
    assert decode(REAL[0].decode(), NOW_US) == decode(REAL[0], NOW_US)


@pytest.mark.parametrize(
    "told",
    [
        {**frame(), "kind": "account", "commit": None},
        {**frame(), "kind": "tomorrow's kind", "commit": None},
        frame(operation="delete"),
        frame(operation="update"),
        frame(collection="app.bsky.feed.like", record={"subject": {"uri": 3}}),
        frame(record={"text": ""}),
        frame(record={"text": " \u0000\n"}),
    ],
)
def test_what_is_known_but_no_new_words_is_no_row(told):
    assert row_of(told) is None


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("unknown shape", []),
        ("unknown shape", {}),
        ("unknown shape", {**frame(), "time_us": "now"}),
        ("unknown shape", {**frame(), "time_us": True}),
        ("unknown shape", {**frame(), "commit": None}),
        ("unknown shape", {**frame(), "did": "did:plc:a b"}),
        ("unknown shape", {**frame(), "did": "did:plc:" + "a" * 300}),
        ("unknown shape", frame(rkey="../x")),
        ("unknown shape", frame(cid="b" * 200)),
        ("unknown shape", frame(record={"text": 17})),
        ("unknown shape", frame(record={"langs": "en"})),
        ("unknown shape", frame(record={"reply": {"parent": "x"}})),
        ("no text", frame(record={"text": None})),
        ("too long", frame(record={"text": "z" * 10_001})),
        ("too long", frame(record={"more": "z" * LONGEST_FRAME})),
        ("time out of range", {**frame(), "time_us": 0}),
        ("time out of range", {**frame(), "time_us": -(2**80)}),
        ("time out of range", {**frame(), "time_us": 2**70}),
        ("time out of range", {**frame(), "time_us": NOW_US + DAY_US + 1}),
        ("time out of range", {**frame(), "time_us": 1_640_995_199_999_999}),
        ("lone surrogate", frame(record={"text": "\ud83d"})),
        ("lone surrogate", frame(record={"text": "\udc00 power"})),
    ],
)
def test_a_message_without_sense_says_why(cause, told):
    assert cause_of(json.dumps(told)) == cause


@pytest.mark.parametrize(
    ("cause", "raw"),
    [
        ("not JSON", b""),
        ("not JSON", b"\xff\xfe"),
        ("not JSON", b'{"did": "did:plc:a", "time_us": 1'),
        ("not UTF-8", b'{"did": "did:plc:a\xff"}'),
        ("lone surrogate", '{"did": "\ud83d"}'),
        ("nested too deep", b'{"x":' + b"[" * 100_000),
    ],
)
def test_bytes_without_sense_say_why(cause, raw):
    assert cause_of(raw) == cause


@pytest.mark.parametrize(
    "told",
    [
        {**frame(), "time_us": 1_640_995_200_000_000},
        frame(record={"text": "z" * 10_000}),
        frame(record={"text": "\U0001f3c8", "more": "z" * 10_000}),
        frame(record={"reply": {"parent": {"uri": "https://example.org"}}, "langs": []}),
        frame(record={"langs": ["x" * 400]}),
        frame(rkey="3k:~_.-"),
    ],
)
def test_what_is_just_within_bounds_is_a_row(told):
    assert row_of(told) is not None


def test_a_server_whose_clock_is_ahead_does_not_make_posts_of_the_future():
    told = read(json.dumps({**frame(), "time_us": NOW_US + 40_000_000}), NOW_US)

    assert (told.at_us, told.stamp_us) == (NOW_US, NOW_US + 40_000_000)
    assert told.row is not None
    assert told.row.at == NOW_US


def test_a_second_ahead_is_taken_as_it_stands():
    row = row_of({**frame(), "time_us": NOW_US + 1_000_000})

    assert row is not None
    assert row.at == NOW_US + 1_000_000


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"$type": "x#selfLabels", "values": [{"val": "porn"}, {"val": "nudity"}]}, "porn nudity"),
        ({"values": [{"val": "Porn"}, {"val": "porn"}, {"val": 3}, {}, 7, None]}, "porn"),
        ({"values": [{"val": "x" * 65}, {"val": "two words"}, {"val": "<b>"}]}, None),
        ({"values": [{"val": f"label-{n}"} for n in range(500)]}, "label-0"),
        ({"values": {"val": "porn"}}, None),
        ([[["porn"]]], None),
        ("porn", None),
        (17, None),
    ],
)
def test_labels_of_its_author_are_told_and_odd_ones_cost_nothing(labels, told):
    row = row_of(frame(record={"text": "look", "labels": labels}))

    assert row is not None
    assert (row.labels or "").split()[:2] == (told or "").split() or told == "label-0"
    assert len((row.labels or "").split()) <= 10


def test_the_same_record_has_one_key_and_a_changed_one_another():
    one, again, changed = (
        read(json.dumps(told), NOW_US)
        for told in (frame(), {**frame(), "time_us": NOW_US - 9}, frame(cid="bafyother"))
    )

    assert one.key == again.key != changed.key


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400),
    lang=st.none() | st.sampled_from(["en", "pt-BR", "zh-Hant-TW", "", " en", "e\x00n", "x" * 99]),
    reply=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    at=st.integers(1_640_995_200_000_000, NOW_US),
)
def test_the_archive_reads_back_the_row_that_was_told(text, lang, reply, at):
    record: dict[str, Any] = {"text": text, "langs": None if lang is None else [lang]}
    record |= {} if reply is None else {"reply": {"parent": {"uri": reply}}}
    told = {**frame(record=record), "time_us": at}

    row = decode(msgspec.json.encode(told), NOW_US)
    rows = [] if row is None else [row]
    posts = pl.DataFrame(rows, schema={**POST_SCHEMA, "at": pl.Int64()}, orient="row")
    posts = posts.cast({"at": POST_SCHEMA["at"], "joined": POST_SCHEMA["joined"]})
    columns = {"row": pl.lit(1, pl.Int64), "cause": pl.lit(None, pl.String)}
    kept, remarks = checked(
        posts.with_columns(**columns), datetime.fromtimestamp(NOW_US / 1e6, UTC)
    )

    assert bool(rows) == bool(text.translate(BLANK).strip())
    assert kept.select(POST_SCHEMA.keys()).equals(posts)
    assert kept["cause"].null_count() == len(rows)
    assert not +remarks


BLANK = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)], " ")
