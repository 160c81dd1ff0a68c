"""Columns of any Parquet type."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rtm.sources.files import read_file

NOW = datetime(2013, 2, 5, tzinfo=UTC)
AT = datetime(2013, 2, 4, 1, 42, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["a"]).dictionary_encode(), {}),
        (pa.array(["a"], pa.large_string()), {}),
        (pa.array([b"a"], pa.binary()), {}),
        (pa.array([b"\xff"], pa.binary()), {"not UTF-8": 1}),
        (pa.array([1]), {"wrong type": 1}),
        (pa.array([1.5]), {"wrong type": 1}),
        (pa.array([True]), {"wrong type": 1}),
        (pa.array([{"a": 1}]), {"wrong type": 1}),
        (pa.array([["a"]]), {"wrong type": 1}),
        (pa.array([AT]), {"wrong type": 1}),
        (pa.array([timedelta(1)]), {"wrong type": 1}),
        (pa.array([None]), {"no text": 1}),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_text_of_any_parquet_type_is_read_or_counted(tmp_path, array, expected):
    path = tmp_path / "night.parquet"
    pq.write_table(pa.table({"at": pa.array([AT]), "text": array}), path)

    recording = read_file(path, now=NOW)

    assert recording.aside == expected
    assert recording.posts["text"].to_list() == ([] if expected else ["a"])


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([AT], pa.timestamp("s", "UTC")), AT),
        (pa.array([AT], pa.timestamp("ms", "+02:00")), AT),
        (pa.array([AT], pa.timestamp("ns", "America/Chicago")), AT),
        (pa.array([AT.replace(tzinfo=None)], pa.timestamp("us")), AT),
        (pa.array([date(2013, 2, 4)]), AT.replace(hour=0, minute=0, second=0)),
        (pa.array([1359942175]), AT),
        (pa.array([1359942175], pa.uint64()), AT),
        (pa.array([1359942175.0]), AT),
        (pa.array(["2013-02-04T01:42:55Z"]), AT),
        (pa.array([2**50], pa.timestamp("s", "UTC")), "time out of range"),
        (pa.array([-(2**62)], pa.timestamp("us")), "time out of range"),
        (pa.array([2**64 - 1], pa.uint64()), "time not understood"),
        (pa.array([True]), "time not understood"),
        (pa.array([{"a": 1}]), "time not understood"),
        (pa.array([None]), "no time"),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_times_of_any_parquet_type_are_read_or_counted(tmp_path, array, expected):
    path = tmp_path / "night.parquet"
    pq.write_table(pa.table({"at": array, "text": ["a"]}), path)

    recording = read_file(path, now=NOW)

    assert [*recording.posts["at"], *recording.aside] == [expected]
