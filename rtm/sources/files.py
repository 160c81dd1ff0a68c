"""Recorded posts from a file: Parquet, NDJSON or CSV, the latter two also packed."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, assert_never

import polars as pl

from rtm.errors import SourceError
from rtm.sources.beside import Aside, Broken, one_line
from rtm.sources.columns import Columns, found, memory_path, remember, remembered
from rtm.sources.delimited import delimited_batches
from rtm.sources.lines import Lines, packing_of
from rtm.sources.ndjson import ndjson_batches
from rtm.sources.parquet import MAGIC, parquet_batches
from rtm.sources.rows import REPEATED, Batch, checked, gathered

Format = Literal["parquet", "ndjson", "csv"]

ENDINGS: dict[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
    ".csv": "csv",
    ".tsv": "csv",
}
PACKINGS = {".gz": "gzip", ".zst": "zstd"}
KNOWN = (
    "Parquet, NDJSON (.ndjson, .jsonl, .json) and CSV (.csv, .tsv), the latter two also .gz, .zst"
)
_HEAD = 4 * 1024


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file of recorded posts held.

    Attributes
    ----------
    posts
        Columns of ``POST_SCHEMA``, sorted by (at, id).
    rows
        Rows seen in the file: without ``since`` and ``until``, posts and rows aside together.
    aside
        Cause to the number of rows that are no posts because of it.
    aside_path
        Where these rows stand to be looked at; None when there are none, or nowhere to write.
    notes
        One-line remarks for a person.
    """

    posts: pl.DataFrame
    rows: int
    aside: dict[str, int]
    aside_path: Path | None
    notes: tuple[str, ...]


def read_file(
    path: Path,
    *,
    columns: Columns | None = None,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Recording:
    """Read a recording; broken rows are counted by cause and kept aside, never raised.

    Beside the file, ``<file>.aside.ndjson`` holds the broken rows of the last reading (see
    ``Aside.write``) and ``<file>.columns.toml`` the columns that were given last.

    Parameters
    ----------
    columns
        Which column holds what; None uses what is remembered beside the file, else usual names.
    now
        Posts stamped more than a day later than this are broken rows.
    since, until
        Only posts with ``since <= at < until`` are returned; either may be None.

    Raises
    ------
    SourceError
        When the file cannot be read at all, or lacks a column asked for, a time or a text.
    ConfigError
        When the columns remembered beside the file cannot be understood.
    """
    form = format_of(path)
    given = columns or Columns()
    asked = given if given.given() else remembered(path) or Columns()
    notes: list[str] = []

    def choose(there: Sequence[str]) -> dict[str, str]:
        chosen = found(asked, there, path)
        if given.given():
            notes.append(remember(path, given))
        elif asked.given():
            notes.append(f"columns as remembered in {one_line(memory_path(path))}")
        return chosen

    rows, aside = 0, Aside()
    parts: list[pl.DataFrame] = []
    remarks: Counter[str] = Counter()
    for batch, (judged, said) in _judged(_batches(path, form, choose), now):
        remarks += said + batch.remarks
        rows += judged.height
        aside.add(_broken(judged, batch.raw))
        parts.append(judged.filter(pl.col("cause").is_null()).drop("cause"))
    posts, repeated = gathered(parts, _stem(path))
    aside.add(Broken(row["row"], REPEATED, _told(row)) for row in repeated.iter_rows(named=True))
    aside_path, trouble = aside.write(path)
    span = posts if since is None else posts.filter(pl.col("at") >= since)
    span = span if until is None else span.filter(pl.col("at") < until)
    remarks["posts outside the span asked for"] = posts.height - span.height
    notes += [f"{said}: {n:,}" for said, n in sorted(remarks.items()) if n]
    notes += [trouble] if trouble else []
    return Recording(span, rows, dict(sorted(aside.causes.items())), aside_path, tuple(notes))


def format_of(path: Path) -> Format:
    """Tell a file's format from its name, else from how it begins.

    Raises
    ------
    SourceError
        When it is not there, cannot be opened, or is none of the formats known.
    """
    shown = one_line(path)
    if path.is_dir():
        raise SourceError(f"{shown}: is a folder; name one file of recorded posts in it")
    if not path.exists():
        raise SourceError(f"{shown}: no such file; check the name and the folder")
    if not path.is_file():
        raise SourceError(f"{shown}: is not a plain file")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise SourceError(f"{shown}: cannot be opened: {error.strerror}") from error
    packed = path.suffix.lower() in PACKINGS
    form = ENDINGS.get((Path(path.stem) if packed else path).suffix.lower())
    if head.startswith(MAGIC):
        return "parquet"
    if packed and packing_of(head) is None:
        raise SourceError(f"{shown}: is not packed as its name says; if it is plain, rename it")
    if form == "parquet":
        raise SourceError(f"{shown}: does not begin like Parquet; fetch it again or rename it")
    if form == "csv" and not head:
        raise SourceError(f"{shown}: is empty, without even a header line")
    beginning = head if packing_of(head) is None else Lines(path).beginning()
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{shown}: is UTF-16; save it as UTF-8")
    beginning = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"[") and path.suffix.lower() == ".json":
        raise SourceError(f"{shown}: holds one JSON list; write one object a line (jq -c '.[]')")
    if form is None and not beginning.startswith(b"{"):
        raise SourceError(f"{shown}: unknown format; known are {KNOWN}")
    return form or "ndjson"


def _batches(
    path: Path, form: Format, choose: Callable[[Sequence[str]], dict[str, str]]
) -> Iterator[Batch]:
    match form:
        case "parquet":
            return parquet_batches(path, choose)
        case "ndjson":
            return ndjson_batches(path, choose)
        case "csv":
            return delimited_batches(path, choose)
    assert_never(form)


def _judged(
    batches: Iterator[Batch], now: datetime
) -> Iterator[tuple[Batch, tuple[pl.DataFrame, Counter[str]]]]:
    # decoding holds the GIL and checking does not: one thread lets them overlap, in order
    before: tuple[Batch, Future[tuple[pl.DataFrame, Counter[str]]]] | None = None
    with ThreadPoolExecutor(max_workers=1) as thread:
        for batch in batches:
            coming = thread.submit(checked, batch.rows, now)
            if before is not None:
                yield before[0], before[1].result()
            before = batch, coming
        if before is not None:
            yield before[0], before[1].result()


def _broken(judged: pl.DataFrame, raw: Callable[[int], bytes]) -> Iterator[Broken]:
    where = judged["cause"].is_not_null().arg_true()
    some = judged[where]
    for place, row, cause in zip(where, some["row"], some["cause"], strict=True):
        yield Broken(row, cause, raw(place))


def _told(row: dict[str, object]) -> bytes:
    told = {name: value for name, value in row.items() if name != "row" and value is not None}
    return json.dumps(told, ensure_ascii=False, default=str).encode()


def _stem(path: Path) -> str:
    name = path
    while name.suffix.lower() in (*PACKINGS, *ENDINGS):
        name = name.with_suffix("")
    return name.name
