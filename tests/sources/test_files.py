"""Formats, values and refusals of recorded files."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.frame import POST_SCHEMA
from rtm.sources.files import Recording, read_file

NOW = datetime(2013, 2, 5, tzinfo=UTC)
AT = datetime(2013, 2, 4, 1, 42, 55, tzinfo=UTC)
CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"


def _ndjson(folder: Path, *rows: object, name: str = "night.ndjson") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _read(path: Path, **options: object) -> Recording:
    return read_file(path, now=NOW, **options)  # type: ignore[arg-type]


def _one(folder: Path, **columns: object) -> dict[str, object]:
    row = {"at": AT.isoformat(), "text": "lights out", **columns}
    return _read(_ndjson(folder, row)).posts.row(0, named=True)


@pytest.fixture
def posts() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": ["b", "a", "c"],
            "at": [AT, AT, AT - timedelta(seconds=1)],
            "text": ["lights, out", 'who said "power"?\nme', "RT @oreo: dunk ü"],
            "lang": ["en", None, "et"],
            "author": [None, "u1", "u2"],
            "followers": [None, 3, 4],
            "reply_to": [None, "b", None],
            "is_repost": [False, False, True],
            "likes": [1, None, 2],
            "reposts": [None, None, 5],
            "source": ["reddit", "reddit", "reddit"],
            "joined": [AT - timedelta(days=900), None, AT],
            "labels": [None, "porn nudity", "sensitive"],
        },
        schema=POST_SCHEMA,
    )


def _write(posts: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        posts.write_parquet(path)
    elif path.suffix == ".ndjson":
        posts.write_ndjson(path)
    else:
        posts.write_csv(path, separator="\t" if path.suffix == ".tsv" else ",")


@pytest.mark.parametrize("ending", ["parquet", "ndjson", "csv", "tsv"])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_every_format_gives_the_same_posts(tmp_path, posts, ending, packing):
    plain = tmp_path / f"night.{ending}"
    _write(posts, plain)
    path = tmp_path / f"night.{ending}{packing}"
    if packing and ending != "parquet":
        kind = {".gz": "gzip", ".zst": "zstd"}[packing]
        with pa.CompressedOutputStream(str(path), kind) as out:
            out.write(plain.read_bytes())

    recording = _read(path if path.exists() else plain)

    assert recording.posts.equals(posts.sort("at", "id"))
    assert recording.posts.schema == pl.Schema(POST_SCHEMA)
    assert recording.rows == 3
    assert recording.aside == {}


def test_a_row_needs_only_time_and_text(tmp_path):
    row = _one(tmp_path)

    known = {"at": AT, "text": "lights out", "is_repost": False, "source": "night"}
    assert row == {**dict.fromkeys(POST_SCHEMA), **known, "id": row["id"]}
    assert row["id"] is not None


def test_ids_made_from_content_are_stable_and_differ(tmp_path):
    rows = [{"at": AT.isoformat(), "text": f"post {k}", "author": "u"} for k in range(50)]

    first = _read(_ndjson(tmp_path, *rows)).posts
    second = _read(_ndjson(tmp_path, *reversed(rows))).posts

    assert first.sort("text")["id"].equals(second.sort("text")["id"])
    assert first["id"].n_unique() == 50


def test_equal_rows_without_id_are_one_post_of_one_author_but_many_of_unknown_ones(tmp_path):
    said = {"at": AT.isoformat(), "text": "TOUCHDOWN"}

    known = _read(_ndjson(tmp_path, *[{**said, "author": "u"}] * 3))
    unknown = _read(_ndjson(tmp_path, *[said] * 3))

    assert (known.posts.height, known.aside) == (1, {"repeated id": 2})
    assert (unknown.posts.height, unknown.aside) == (3, {})


def test_of_a_repeated_id_the_earliest_post_stays(tmp_path):
    rows = [
        {"id": "x", "at": "2013-02-04T02:00:00Z", "text": "late"},
        {"id": "x", "at": "2013-02-04T01:00:00Z", "text": "early"},
        {"id": "x", "at": "2013-02-04T01:00:00Z", "text": "early, but second"},
    ]

    recording = _read(_ndjson(tmp_path, *rows))

    assert recording.posts["text"].to_list() == ["early"]
    assert recording.aside == {"repeated id": 2}


def test_numbers_serve_as_ids(tmp_path):
    row = _one(tmp_path, id=298236512, author=7, reply_to=298236511)

    assert (row["id"], row["author"], row["reply_to"]) == ("298236512", "7", "298236511")


@pytest.mark.parametrize("followers", ["many", -1, 1.5, [3], {"n": 3}, True, 10**40])
def test_a_wrong_type_in_a_column_that_may_be_null_is_noted_not_lost(tmp_path, followers):
    row = {"at": AT.isoformat(), "text": "x", "followers": followers}

    recording = _read(_ndjson(tmp_path, row))

    assert recording.posts["followers"].to_list() == [None]
    assert recording.notes == ("followers: values of the wrong type, left empty: 1",)


@pytest.mark.parametrize(
    ("columns", "labels"),
    [
        ({"possibly_sensitive": True}, "sensitive"),
        ({"possibly_sensitive": False}, None),
        ({"over_18": 1}, "sensitive"),
        ({"nsfw": "yes"}, "sensitive"),
        ({"sensitive": None}, None),
        ({"labels": "Porn, nudity"}, "porn nudity"),
        ({"labels": ["sexual", 7]}, "sexual"),
        ({"record": {"labels": {"values": [{"val": "graphic-media"}]}}}, "graphic-media"),
        ({"labels": "<script>"}, None),
    ],
)
def test_flags_and_labels_are_read_as_labels(tmp_path, columns, labels):
    assert _one(tmp_path, **columns)["labels"] == labels


def test_a_flag_that_is_down_is_no_loss_and_a_senseless_label_is_one(tmp_path):
    row = {"at": AT.isoformat(), "text": "lights out"}

    assert not _read(_ndjson(tmp_path, {**row, "nsfw": "no"})).notes
    assert "labels: values of the wrong type" in str(
        _read(_ndjson(tmp_path, {**row, "labels": "<script>"})).notes
    )


@pytest.mark.parametrize(
    ("columns", "joined"),
    [
        ({"user": {"created_at": "Mon Feb 04 01:48:18 +0000 2013"}}, 1359942498),
        ({"account": {"created_at": "2013-02-04T01:48:18Z"}}, 1359942498),
        ({"user_created_at": 1359942498}, 1359942498),
        ({"joined": "long ago"}, None),
        ({"joined": 0}, None),
        ({"joined": "2999-01-01T00:00:00Z"}, None),
    ],
)
def test_when_an_account_was_made_is_read_in_any_form_of_time(tmp_path, columns, joined):
    told = _one(tmp_path, **columns)["joined"]

    assert told == (joined and datetime.fromtimestamp(joined, UTC))


def test_control_characters_become_spaces_and_long_text_is_cut_with_a_note(tmp_path):
    text = "nul\x00 bell\x07 del\x7f tab\t line\n" + "z" * 30_000

    recording = _read(_ndjson(tmp_path, {"at": AT.isoformat(), "text": text}))

    kept = recording.posts["text"][0]
    assert kept.startswith("nul  bell  del  tab\t line\nzzz")
    assert len(kept) == 20_000
    assert recording.notes == ("texts longer than 20,000 characters, cut there: 1",)


def test_half_a_surrogate_pair_becomes_a_replacement_character(tmp_path):
    path = tmp_path / "night.ndjson"
    path.write_text('{"at": 1359942175, "text": "a\\ud83d", "author": "\\ude00\\ud83c\\udfc8"}\n')

    row = _read(path).posts.row(0, named=True)

    assert (row["text"], row["author"]) == ("a\ufffd", "\ufffd🏈")


def test_a_repost_is_known_by_its_text_where_nobody_says(tmp_path):
    assert _one(tmp_path, text="RT @oreo: dunk")["is_repost"] is True
    assert _one(tmp_path, text="RT @oreo: dunk", is_repost=False)["is_repost"] is False
    assert _one(tmp_path, is_repost="yes")["is_repost"] is True


def test_since_and_until_are_half_open_and_said(tmp_path):
    rows = [{"at": (AT + timedelta(seconds=k)).isoformat(), "text": str(k)} for k in range(10)]

    recording = _read(
        _ndjson(tmp_path, *rows), since=AT + timedelta(seconds=2), until=AT + timedelta(seconds=5)
    )

    assert recording.posts["text"].to_list() == ["2", "3", "4"]
    assert recording.rows == 10
    assert recording.notes == ("posts outside the span asked for: 7",)


def test_objects_inside_a_row_are_reached_with_a_dot(tmp_path):
    tweet = {
        "id_str": "1",
        "created_at": "Mon Feb 04 01:48:18 +0000 2013",
        "text": "dunk",
        "user": {"screen_name": "oreo", "followers_count": 5},
    }

    row = _read(_ndjson(tmp_path, tweet)).posts.row(0, named=True)

    assert (row["id"], row["author"], row["followers"]) == ("1", "oreo", 5)
    assert row["at"] == datetime(2013, 2, 4, 1, 48, 18, tzinfo=UTC)


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path):
    path = tmp_path / "night.csv"
    good = [f"{k},2013-02-04T01:00:00Z,lights {k}" for k in range(100)]
    good[50] = '50,2013-02-04T01:00:00Z,"never closed'
    path.write_text("\n".join(["id,at,text", *good]) + "\n")

    recording = _read(path)

    assert recording.posts.height == 99
    assert recording.aside == {"quotes do not match": 1}
    assert recording.aside_path is not None
    assert json.loads(recording.aside_path.read_text())["row"] == 52


def test_semicolons_and_a_byte_order_mark_are_understood(tmp_path):
    path = tmp_path / "night.csv"
    path.write_bytes(b"\xef\xbb\xbfAt;Text;Likes\r\n2013-02-04T01:00:00Z;a, b;3\r\n\r\n")

    row = _read(path).posts.row(0, named=True)

    assert (row["text"], row["likes"]) == ("a, b", 3)


def test_times_without_a_zone_are_taken_as_utc_and_said(tmp_path):
    recording = _read(_ndjson(tmp_path, {"at": "2013-02-04 01:42:55", "text": "x"}))

    assert recording.posts["at"].to_list() == [AT]
    assert recording.notes == ("times without a zone, taken as UTC: 1",)


def test_empty_ndjson_holds_no_posts(tmp_path):
    recording = _read(_ndjson(tmp_path))

    assert (recording.posts.height, recording.rows, recording.aside) == (0, 0, {})
    assert recording.posts.schema == pl.Schema(POST_SCHEMA)


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_streams_packed_one_after_another_are_read_to_the_end(tmp_path, packing):
    parts = []
    for text in ("first", "second"):
        out = pa.BufferOutputStream()
        with pa.CompressedOutputStream(out, packing) as stream:
            stream.write(json.dumps({"at": 1359942175, "text": text}).encode() + b"\n")
        parts.append(out.getvalue().to_pybytes())
    path = tmp_path / "night.ndjson"
    path.write_bytes(b"".join(parts))

    recording = _read(path)

    assert sorted(recording.posts["text"]) == ["first", "second"]


@pytest.mark.parametrize(("length", "aside"), [(2**20, {}), (2**20 + 1, {"row too long": 1})])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_row_may_be_a_mebibyte_long_and_no_longer(tmp_path, length, aside, end):
    row = json.dumps({"at": 1359942175, "text": "x", "pad": ""})
    path = tmp_path / "night.ndjson"
    path.write_bytes((row[:-2] + "y" * (length - len(row)) + '"}' + end).encode())

    recording = _read(path)

    assert recording.aside == aside


def test_a_file_without_a_known_ending_is_known_by_how_it_begins(tmp_path, posts):
    lines = _ndjson(tmp_path, {"at": 1359942175, "text": "x"}, name="dump")
    packed = tmp_path / "RS_2013-02.gz"
    packed.write_bytes(gzip.compress(lines.read_bytes()))
    columnar = tmp_path / "columnar"
    posts.write_parquet(columnar)

    assert _read(lines).posts["source"].to_list() == ["dump"]
    assert _read(packed).posts["source"].to_list() == ["RS_2013-02"]
    assert _read(columnar).posts.height == 3


@given(text=st.text(), author=st.none() | st.text(), followers=st.none() | st.integers(0, 2**62))
def test_ndjson_and_csv_agree_on_any_row(tmp_path_factory, text, author, followers):
    folder = tmp_path_factory.mktemp("any")
    row = {"at": AT.isoformat(), "text": text, "author": author, "followers": followers}
    lines = _ndjson(folder, row)
    table = folder / "night.csv"
    pl.DataFrame([row], schema={"at": str, "text": str, "author": str, "followers": int}).write_csv(
        table
    )

    from_lines, from_table = _read(lines), _read(table)

    breaks = r"\r\n?"
    assert from_lines.aside == from_table.aside
    assert [re.sub(breaks, "\n", one) for one in from_lines.posts["text"]] == [
        re.sub(breaks, "\n", one) for one in from_table.posts["text"]
    ]
    assert from_lines.posts["followers"].equals(from_table.posts["followers"])


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not beside this repository")
def test_every_corpus_with_text_reads_whole(tmp_path):
    for corpus in sorted(CORPORA.glob("*.parquet")):
        if "text" not in pl.read_parquet_schema(corpus):
            continue
        path = tmp_path / corpus.name
        path.symlink_to(corpus)

        recording = read_file(path, now=datetime(2026, 1, 1, tzinfo=UTC))

        assert recording.rows == recording.posts.height + sum(recording.aside.values())
        assert set(recording.aside) <= {"no time", "no text", "repeated id"}
