"""A finished hour of the archive as Parquet: the rows told, and in its notes what was told without.

Columns are those of a Frame, ``step`` (number of the entry that brought the row, Int64) and
``closed`` (last tick closed with it, Int64), rows in the order
told: any reader of Parquet reads it as posts.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from rtm.errors import StoreError
from rtm.frame import FRAME_SCHEMA, UTC_US, completed, empty_frame
from rtm.store.files import finish, part_of
from rtm.store.journal import Entry, Told

SCHEMA = {**FRAME_SCHEMA, "closed": pl.Int64(), "step": pl.Int64()}
GROUP_ROWS = 100_000
NOTES = b"rtm"  # under this name in the file's own metadata

Step = tuple[int, Told, int]  # number of the entry, rows or a lesson, last tick closed


class Notes(msgspec.Struct, frozen=True):
    """First and last entry, the last tick closed, and entries without rows.

    ``quiet`` has runs of them: the first one's step and closed, and how many follow each other,
    one tick each. ``lessons`` have step, closed and the lesson's JSON.
    """

    first: int
    last: int
    closed: int
    quiet: list[tuple[int, int, int]]
    lessons: list[tuple[int, int, str]] = []


@dataclass(slots=True)
class _Gathered:
    steps: list[int]
    closed: list[int]
    frames: list[pl.DataFrame]

    def table(self) -> pa.Table:
        heights = [frame.height for frame in self.frames]
        return (
            pl.concat(self.frames)
            .with_columns(
                pl.Series("closed", np.repeat(np.array(self.closed, np.int64), heights)),
                pl.Series("step", np.repeat(np.array(self.steps, np.int64), heights)),
            )
            .to_arrow()
        )


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write entries, of which there is at least one, to a file that is whole or not there."""
    first = last = closed = -1
    quiet: list[tuple[int, int, int]] = []
    lessons: list[tuple[int, int, str]] = []
    waiting, rows = _Gathered([], [], []), 0
    schema = pl.DataFrame(schema=SCHEMA).to_arrow().schema
    part = part_of(path)
    with pq.ParquetWriter(part, schema, compression="zstd", write_page_checksum=True) as writer:
        for entry in entries:
            first = entry.step if first < 0 else first
            last, closed = entry.step, entry.closed
            if entry.is_lesson:
                lessons.append((entry.step, entry.closed, entry.body.decode()))
                continue
            if not entry.body:
                _add_quiet(quiet, entry)
                continue
            frame = entry.frame()
            waiting.steps.append(entry.step)
            waiting.closed.append(entry.closed)
            waiting.frames.append(frame)
            rows += frame.height
            if rows >= GROUP_ROWS:  # a group never cuts an entry
                writer.write_table(waiting.table(), row_group_size=rows)
                waiting, rows = _Gathered([], [], []), 0
        if rows:
            writer.write_table(waiting.table(), row_group_size=rows)
        notes = msgspec.json.encode(Notes(first, last, closed, quiet, lessons))
        writer.add_key_value_metadata({NOTES: notes})
    finish(part, path)


def notes_of(path: Path) -> Notes:
    """Return a segment's notes.

    Raises
    ------
    StoreError
        When the file is damaged or no segment.
    """
    with _complaining(path), pq.ParquetFile(path) as file:
        return _notes(file)


def steps(path: Path, after: int, met: Callable[[str], object]) -> Iterator[Step]:
    """Yield the entries behind ``after`` in order; ``met`` is told of groups that are damaged."""
    with _complaining(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        notes = _notes(file)
        if notes.last <= after:
            return
        rows = _told(file, path, after, met)
        lessons = ((step, said.encode(), at) for step, at, said in notes.lessons if step > after)
        yield from merge(rows, _quiet(notes, after), lessons, key=lambda step: step[0])


def rows_since(path: Path, cut_us: int | None, seconds: float) -> pl.DataFrame:
    """Return the rows of groups that have a post later than a moment (Unix time, microseconds).

    Without one, that moment is so many seconds before the newest post.
    """
    with _complaining(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        newest = [_newest_us(file, group) for group in range(file.num_row_groups)]
        if cut_us is None:
            cut_us = max(newest, default=0) - round(seconds * 1e6)
        groups = [group for group, at in enumerate(newest) if at > cut_us]
        if not groups:
            return empty_frame()
        return _frame(file.read_row_groups(groups)).select(FRAME_SCHEMA.keys())


def _add_quiet(quiet: list[tuple[int, int, int]], entry: Entry) -> None:
    if quiet:
        step, closed, run = quiet[-1]
        if (step + run, closed + run) == (entry.step, entry.closed):
            quiet[-1] = (step, closed, run + 1)
            return
    quiet.append((entry.step, entry.closed, 1))


def _quiet(notes: Notes, after: int) -> Iterator[Step]:
    for step, closed, run in notes.quiet:
        for further in range(max(0, after + 1 - step), run):
            yield step + further, empty_frame(), closed + further


def _told(
    file: pq.ParquetFile, path: Path, after: int, met: Callable[[str], object]
) -> Iterator[Step]:
    for group in range(file.num_row_groups):
        try:
            frame = _frame(file.read_row_group(group))
        except (pa.ArrowException, OSError, ValueError) as error:
            met(f"{path}: row group {group} is damaged ({_line(error)}); put a copy back")
            continue
        numbers, closed = frame["step"].to_numpy(), frame["closed"].to_numpy()
        frame = frame.select(FRAME_SCHEMA.keys())
        bounds = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), frame.height]
        for low, high in pairwise(bounds):
            if numbers[low] > after:
                yield int(numbers[low]), frame[low:high], int(closed[low])


def _notes(file: pq.ParquetFile) -> Notes:
    return msgspec.json.decode((file.metadata.metadata or {})[NOTES], type=Notes)


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = completed(pl.DataFrame(table), SCHEMA)
    if frame.schema != SCHEMA:
        raise ValueError("other columns than a segment has")
    return frame


def _newest_us(file: pq.ParquetFile, group: int) -> int:
    at = file.metadata.row_group(group).column(list(SCHEMA).index("at")).statistics.max
    return int(pl.Series([at], dtype=UTC_US).to_physical()[0])


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


@contextmanager
def _complaining(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, msgspec.DecodeError) as error:
        remedy = "put a copy of it back, or move it aside"
        raise StoreError(f"{path}: damaged ({_line(error)}); {remedy}") from error
