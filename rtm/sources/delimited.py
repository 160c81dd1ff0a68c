"""Rows of a CSV file, or of one with tabs or semicolons."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from rtm.sources.lines import Lines
from rtm.sources.rows import (
    ENDS_EARLY,
    MAX_ROW,
    NOT_UTF8,
    TOO_LONG,
    WRONG_FIELDS,
    WRONG_QUOTES,
    Batch,
)

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t|"
# csv's own limit for a field: a row still open after so much will not close
_MAX_OPEN = 128 * 1024


@dataclass(slots=True)
class _Rows:
    """Rows of a block, in parallel lists: quicker by far than an object for each."""

    first: list[int] = field(default_factory=list)  # its lines in the block: [first, after)
    after: list[int] = field(default_factory=list)
    cause: list[str | None] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)


def delimited_batches(
    path: Path, choose: Callable[[Sequence[str]], dict[str, str]]
) -> Iterator[Batch]:
    """Read the rows under the header line; blank lines are none.

    The delimiter is the one that the header uses most. Where a quote is never closed, only the
    line it stands in is given up, not all that follows. ``row`` is the line where a row begins.

    Parameters
    ----------
    choose
        Given the header, returns our columns and their names there.
    """
    lines = Lines(path)
    blocks = lines.blocks()
    block, number = next(blocks, []), 1
    while block and not block[0].strip():
        block, number = block[1:], number + 1
    table = _Table(block[0] if block else b"")
    chosen = choose(table.names)
    places = {ours: table.names.index(theirs) for ours, theirs in chosen.items()}
    block, number = block[1:], number + 1
    following: list[bytes] | None = block
    while following is not None:
        following = next(blocks, None)
        is_last = following is None and not lines.ends_early
        rows, done = table.rows(block, is_last=is_last)
        yield _batch(block, number, rows, places)
        block, number = block[done:] + (following or []), number + done
    if lines.ends_early:
        rest = pl.DataFrame({"row": [number], "cause": [ENDS_EARLY]})
        yield Batch(rest, [b"\n".join([*block, lines.rest])].__getitem__, Counter())


class _Table:
    """What the header says of the rows: their delimiter and how many fields they have."""

    def __init__(self, header: bytes) -> None:
        line = header.decode("utf-8", "replace")
        self._delimiter = max(_DELIMITERS, key=line.count)
        try:
            names = next(csv.reader([line], delimiter=self._delimiter), [])
        except csv.Error:
            names = line.split(self._delimiter)
        self.names = [name.strip() for name in names]
        self._nothing = [""] * len(names)

    def rows(self, block: list[bytes], *, is_last: bool) -> tuple[_Rows, int]:
        """Return the rows of a block, and how many of its lines they took.

        Only where the block is not the last may lines be left: the beginning of an open row.
        """
        texts, odd = _decoded(block)
        rows, width = _Rows(), len(self.names)
        reader, base, first = self._reader(texts, 0), 0, 0
        while True:
            fields, cause = self._nothing, None
            try:
                fields = next(reader)
            except StopIteration:
                return rows, first
            except csv.Error as error:
                if not is_last and _is_open(error, block[first:]):
                    return rows, first
                cause = TOO_LONG if "field limit" in str(error) else WRONG_QUOTES
            after = base + reader.line_num
            if len(fields) != width and fields:
                cause = WRONG_FIELDS
            if cause is not None and after > first + 1:
                # a quote that never closes swallows good rows: read them again without its line
                cause, base, after = WRONG_QUOTES, first + 1, first + 1
                reader = self._reader(texts, base)
            if odd:
                cause = next((odd[n] for n in range(first, after) if n in odd), cause)
            if fields or cause:
                rows.first.append(first)
                rows.after.append(after)
                rows.cause.append(cause)
                rows.fields.append(self._nothing if cause else fields)
            first = after

    def _reader(self, texts: list[str], start: int) -> "Reader":
        lines = map(texts.__getitem__, range(start, len(texts)))
        return csv.reader(lines, delimiter=self._delimiter, strict=True)


def _decoded(block: list[bytes]) -> tuple[list[str], dict[int, str]]:
    # the lines as csv wants them, and what is wrong with those that it must not judge
    odd = {n: TOO_LONG for n, line in enumerate(block) if len(line) > MAX_ROW}
    try:
        if not odd:
            return [line.decode() + "\n" for line in block], odd
    except UnicodeDecodeError:
        pass
    texts = []
    for n, line in enumerate(block):
        try:
            texts.append("\n" if n in odd else line.decode() + "\n")
        except UnicodeDecodeError:
            odd[n] = NOT_UTF8
            texts.append(line.decode("utf-8", "replace") + "\n")
    return texts, odd


def _is_open(error: csv.Error, taken: list[bytes]) -> bool:
    return "unexpected end" in str(error) and sum(map(len, taken)) < _MAX_OPEN


def _batch(block: list[bytes], number: int, rows: _Rows, places: dict[str, int]) -> Batch:
    columns = [
        pl.Series("row", rows.first, dtype=pl.Int64) + number,
        pl.Series("cause", rows.cause, dtype=pl.String),
    ]
    for ours, place in places.items():
        values = list(map(itemgetter(place), rows.fields))
        columns.append(pl.Series(ours, values, dtype=pl.String))
    return Batch(
        pl.DataFrame(columns),
        lambda n: b"\n".join(block[rows.first[n] : rows.after[n]]),
        Counter(),
    )
