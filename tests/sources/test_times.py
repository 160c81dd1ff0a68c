"""Times as the world writes them."""

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtm.frame import UTC_US
from rtm.sources.times import instants

AT = datetime(2013, 2, 4, 1, 48, 18, 250_000, tzinfo=UTC)
WHOLE = AT.replace(microsecond=0)


@pytest.mark.parametrize(
    ("written", "instant", "naive"),
    [
        ("2013-02-04T01:48:18.250Z", AT, 0),
        ("2013-02-04t01:48:18.250000z", AT, 0),
        ("2013-02-04T03:48:18.250000999+02:00", AT, 0),
        ("2013-02-03T19:48:18.25-0600", AT, 0),
        ("2013-02-04 01:48:18.25 +0000", AT, 0),
        ("2013-02-04 01:48:18 UTC", WHOLE, 0),
        ("2013-02-04 01:48:18", WHOLE, 1),
        (" 2013-02-04T01:48:18.25 ", AT, 1),
        ("2013-02-04T01:48", WHOLE.replace(second=0), 1),
        ("Mon Feb 04 01:48:18 +0000 2013", WHOLE, 0),
        ("Mon, 04 Feb 2013 01:48:18 GMT", WHOLE, 0),
        ("1359942498", WHOLE, 0),
        ("1359942498.25", AT, 0),
        ("1359942498250", AT, 0),
        ("1359942498250000", AT, 0),
        ("1359942498250000000", AT, 0),
        ("1.35994249825e9", AT, 0),
        ("0", datetime(1970, 1, 1, tzinfo=UTC), 0),
        ("", None, 0),
        ("yesterday", None, 0),
        ("2013-13-04T01:48:18Z", None, 0),
        ("2013-02-04T25:48:18Z", None, 0),
        ("nan", None, 0),
        (None, None, 0),
    ],
)
def test_a_written_time_is_read(written, instant, naive):
    read, without_zone = instants(pl.Series([written], dtype=pl.String))

    assert read.to_list() == [instant]
    assert read.dtype == UTC_US
    assert without_zone == naive


def test_forms_may_be_mixed_in_one_column():
    written = ["1359942498", "2013-02-04T01:48:18Z", "x", "Mon Feb 04 01:48:18 +0000 2013", None]

    read, _ = instants(pl.Series(written))

    assert read.to_list() == [WHOLE, WHOLE, None, WHOLE, None]


@given(
    at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    hours=st.integers(-12, 14),
)
def test_any_instant_is_read_from_its_iso_form(at, hours):
    zoned = at.replace(tzinfo=timezone(timedelta(hours=hours)))

    read, naive = instants(pl.Series([zoned.isoformat()]))

    assert read.to_list() == [zoned]
    assert naive == 0


@given(micros=st.integers(631_152_000_000_000, 4_102_444_800_000_000))
def test_any_instant_is_read_from_a_number_of_any_unit(micros):
    exact = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    millis = exact.replace(microsecond=exact.microsecond // 1_000 * 1_000)

    in_micros, _ = instants(pl.Series([micros, micros * 1_000]))
    in_millis, _ = instants(pl.Series([micros // 1_000]))
    in_seconds, _ = instants(pl.Series([micros // 1_000_000]))

    assert in_micros[0] == exact
    assert abs(in_micros[1] - exact) <= timedelta(microseconds=1)
    assert in_millis[0] == millis
    assert in_seconds[0] == exact.replace(microsecond=0)


@given(numbers=st.lists(st.integers(-(2**63), 2**63 - 1) | st.floats(width=32)))
def test_no_number_is_too_strange_to_ask_about(numbers):
    floats = pl.Series([float(number) for number in numbers], dtype=pl.Float64)
    words = pl.Series([str(number) for number in numbers], dtype=pl.String)

    assert len(instants(floats)[0]) == len(instants(words)[0]) == len(numbers)
