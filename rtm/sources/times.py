"""Times as the world writes them, read as instants."""

import polars as pl

from rtm.frame import UTC_US

# As `_folded` leaves them: "T" between date and time, "+00:00" for "Z", "UTC" and "GMT".
_ZONED = (
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%a %b %d %H:%M:%S %z %Y",  # Twitter
    "%a, %d %b %Y %H:%M:%S %z",  # RFC 2822, feeds
    "%Y-%m-%dT%H:%M%#z",
)
_NAIVE = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y%m%dT%H%M%S")
_MICROSECONDS = 1_000_000
# Upper bounds of seconds, milliseconds and microseconds since 1970; larger ones are nanoseconds.
# The spans 1990 to 5138 in each unit do not overlap.
_SECONDS, _MILLIS, _MICROS = 10**11, 10**14, 10**17
_FAR = 9 * 10**18


def instants(times: pl.Series) -> tuple[pl.Series, int]:
    """Read times of any form; what cannot be read becomes null.

    Parameters
    ----------
    times
        Datetime(us, UTC), numbers (seconds, milli-, micro- or nanoseconds since 1970, by their
        size) or String (ISO 8601, RFC 2822, Twitter's form, or such a number).

    Returns
    -------
    tuple
        The instants, Datetime(us, UTC), and how many stood without a zone and were taken as UTC.

    Examples
    --------
    >>> instants(pl.Series(["2013-02-04T01:48:18Z", "1359942498"]))[0].n_unique()
    1
    """
    at = pl.col("at")
    frame = times.alias("at").to_frame()
    if times.dtype == UTC_US:
        return times, 0
    if times.dtype.is_numeric():
        dtype = pl.Int64 if times.dtype.is_integer() else pl.Float64
        return frame.select(_from_numbers(at.cast(dtype, strict=False))).to_series(), 0
    if times.dtype != pl.String:
        return pl.Series("at", [None], dtype=UTC_US).new_from_index(0, len(times)), 0
    # a step of its own: polars would fold again for each form
    found = frame.select(_folded(at)).select(
        zoned=pl.coalesce(_read(at, form) for form in _ZONED),
        naive=pl.coalesce(_read(at, form) for form in _NAIVE),
        whole=_from_numbers(at.cast(pl.Int64, strict=False)),
        broken=_from_numbers(at.cast(pl.Float64, strict=False)),
    )
    read = found.select(
        at=pl.coalesce("zoned", "naive", "whole", "broken"),
        is_naive=pl.col("zoned").is_null() & pl.col("naive").is_not_null(),
    )
    return read["at"], int(read["is_naive"].sum())


def _read(words: pl.Expr, form: str) -> pl.Expr:
    return words.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False)


def _folded(words: pl.Expr) -> pl.Expr:
    words = words.str.strip_chars()
    words = words.str.replace(r"^(\d{4}-\d{2}-\d{2})[ t]", "${1}T")
    words = words.str.replace(r"(?:Z|z|\s*UTC|\s*GMT)$", "+0000")
    return words.str.replace(r"\s*([+-]\d{2}:?\d{2}(?: \d{4})?)$", " ${1}")


def _from_numbers(n: pl.Expr) -> pl.Expr:
    # clipped to far out of range, so that nothing overflows
    n = n.clip(-_FAR, _FAR)
    size = n.abs()
    micros = (
        pl.when(size < _SECONDS)
        .then(n * _MICROSECONDS)
        .when(size < _MILLIS)
        .then(n * 1_000)
        .when(size < _MICROS)
        .then(n)
        .otherwise(n / 1_000)
    )
    return micros.round().cast(pl.Int64, strict=False).cast(UTC_US)
