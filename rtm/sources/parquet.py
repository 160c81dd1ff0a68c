"""Rows of a Parquet file."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pyarrow as pa
import pyarrow.parquet as pq

from rtm.errors import SourceError
from rtm.frame import UTC_US
from rtm.sources.beside import one_line
from rtm.sources.rows import NOT_UTF8, Batch

MAGIC = b"PAR1"
_ROWS = 65_536
_MICROS_A_UNIT = {"s": 1_000_000, "ms": 1_000, "us": 1}
# beyond these times are out of range anyway, and within them nothing overflows
_FAR_DAYS = 10**6


def parquet_batches(
    path: Path, choose: Callable[[Sequence[str]], dict[str, str]]
) -> Iterator[Batch]:
    """Read the rows of a Parquet file, only the columns chosen.

    pyarrow reads it, not polars: it says why a damaged file cannot be read where polars panics
    and writes to the terminal.

    Raises
    ------
    SourceError
        When the file is damaged: Parquet cannot be read in part.
    """
    try:
        with pq.ParquetFile(path) as file:
            chosen = choose(file.schema_arrow.names)
            first = 1
            for part in file.iter_batches(_ROWS, columns=sorted(set(chosen.values()))):
                part.validate(full=True)
                yield _batch(part, chosen, first)
                first += part.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceError(
            f"{one_line(path)}: damaged or not Parquet ({one_line(error)[:200]}); fetch it again"
        ) from error


def _batch(part: pa.RecordBatch, chosen: dict[str, str], first: int) -> Batch:
    numbers = pl.int_range(first, first + part.num_rows, dtype=pl.Int64, eager=True)
    columns = [numbers.alias("row")]
    broken = pl.Series([False]).new_from_index(0, part.num_rows)
    remarks: Counter[str] = Counter()
    names = part.schema.names
    for ours, theirs in chosen.items():
        array = part.column(names.index(theirs))
        column = _series(array)
        if ours == "text" and column.dtype == pl.String:
            broken = column.is_null() & pl.Series(array.is_valid())
        if pa.types.is_timestamp(array.type) and array.type.tz is None and ours == "at":
            remarks["times without a zone, taken as UTC"] += len(column) - column.null_count()
        columns.append(column.alias(ours))
    cause = pl.select(pl.when(broken).then(pl.lit(NOT_UTF8)).alias("cause")).to_series()
    rows = pl.DataFrame([*columns, cause])
    return Batch(rows, lambda n: _raw(rows[n]), remarks)


def _series(array: pa.Array) -> pl.Series:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _series(array.dictionary_decode())
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _moments(array)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or kind == pa.binary_view():
        return pl.Series([_decoded(value) for value in array.to_pylist()], dtype=pl.String)
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return _plain(array.cast(pa.float64(), safe=False))
    if any(is_plain(kind) for is_plain in _PLAIN):
        return _plain(array)
    # nested, durations and the like: NaN is the wrong type in every column of ours
    return _plain(pa.array([math.nan if ok else None for ok in array.is_valid().to_pylist()]))


_PLAIN = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_boolean,
    pa.types.is_null,
)


def _plain(array: pa.Array) -> pl.Series:
    column = pl.from_arrow(array)
    assert isinstance(column, pl.Series)  # an array, so never a frame
    return column


def _moments(array: pa.Array) -> pl.Series:
    kind = array.type
    if pa.types.is_date32(kind):
        days = _plain(array.cast(pa.int32())).cast(pl.Int64).clip(-_FAR_DAYS, _FAR_DAYS)
        return (days * (86_400 * _MICROS_A_UNIT["s"])).cast(UTC_US)
    ticks = _plain(array.cast(pa.int64()))
    unit = "ms" if pa.types.is_date64(kind) else kind.unit
    if unit == "ns":
        return (ticks // 1_000).cast(UTC_US)
    scale = _MICROS_A_UNIT[unit]
    far = _FAR_DAYS * 86_400 * _MICROS_A_UNIT["s"] // scale
    return (ticks.clip(-far, far) * scale).cast(UTC_US)


def _decoded(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return None


def _raw(row: pl.DataFrame) -> bytes:
    # times as words first: Python has no year 0
    (told,) = row.drop("row", "cause").with_columns(cs.datetime().dt.to_string()).to_dicts()
    return json.dumps(told, ensure_ascii=False).encode()
