"""Rows of a file that holds one JSON object a line."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from rtm.sources.labels import labels_of
from rtm.sources.lines import Lines
from rtm.sources.rows import (
    ENDS_EARLY,
    MAX_ROW,
    NOT_JSON,
    NOT_OBJECT,
    NOT_UTF8,
    TOO_DEEP,
    TOO_LONG,
    WRONG_TYPE,
    Batch,
)

_Path = tuple[str, ...]

_SAMPLE = 1_000
_NESTING = 3
_INT64 = 2**63


# Any below: a value may be whatever JSON can hold until its column says what it should have been.


def ndjson_batches(
    path: Path, choose: Callable[[Sequence[str]], dict[str, str]]
) -> Iterator[Batch]:
    """Read the rows of the lines; blank lines are none.

    Parameters
    ----------
    choose
        Given the names seen in the first objects, returns our columns and their names there.
    """
    lines = Lines(path)
    reader: _Reader | None = None
    number = 1
    for block in lines.blocks():
        if reader is None and (names := _names(block)):
            chosen = choose(list(names))
            reader = _Reader({ours: names[theirs] for ours, theirs in chosen.items()})
        yield (reader or _Reader({})).batch(block, number)
        number += len(block)
    if lines.ends_early:
        rest = pl.DataFrame({"row": [number], "cause": [ENDS_EARLY]})
        yield Batch(rest, [lines.rest].__getitem__, Counter())


class _Reader:
    """Decode lines into the columns chosen, each a name or a path of names."""

    def __init__(self, paths: dict[str, _Path]) -> None:
        self._paths = paths
        tops = sorted({path[0] for path in paths.values()})
        self._fields = {top: f"field_{n}" for n, top in enumerate(tops)}
        row = msgspec.defstruct(
            "Row",
            [
                (field, Any, msgspec.field(default=None, name=top))
                for top, field in self._fields.items()
            ],
            gc=False,
        )
        self._decoder = msgspec.json.Decoder(row)
        self._nothing = row()

    def batch(self, block: list[bytes], first: int) -> Batch:
        decode = self._decoder.decode
        rows: list[Any] = []
        raw: list[bytes] = []
        numbers: list[int] = []
        causes: dict[int, str] = {}
        for number, line in enumerate(block, first):
            if len(line) > MAX_ROW:
                causes[len(rows)] = TOO_LONG
                row = self._nothing
            else:
                try:
                    row = decode(line)
                except (ValueError, RecursionError):
                    if not line.strip():
                        continue
                    row, cause = self._again(line)
                    if cause is not None:
                        causes[len(rows)] = cause
            rows.append(row)
            raw.append(line)
            numbers.append(number)
        columns = [pl.Series("row", numbers, dtype=pl.Int64)]
        for ours, path in self._paths.items():
            field = self._fields[path[0]]
            values = [getattr(row, field) for row in rows]
            for step in path[1:]:
                values = [v.get(step) if isinstance(v, dict) else None for v in values]
            if ours == "labels":
                values = [labels_of(v) if isinstance(v, dict | list) else v for v in values]
            if ours == "text":
                for n, value in enumerate(values):
                    if value is not None and type(value) is not str:
                        causes.setdefault(n, WRONG_TYPE)
                        values[n] = None
            columns.append(_series(ours, values))
        told = pl.Series("cause", [None] * len(rows), dtype=pl.String)
        if causes:
            told = told.scatter(list(causes), list(causes.values()))
        return Batch(pl.DataFrame([*columns, told]), raw.__getitem__, Counter())

    def _again(self, line: bytes) -> tuple[Any, str | None]:
        told = _patiently(line)
        if isinstance(told, str):
            return self._nothing, told
        fields = {field: told.get(top) for top, field in self._fields.items()}
        return type(self._nothing)(**fields), None


def _patiently(line: bytes) -> dict[str, Any] | str:
    # Python's decoder lets pass what msgspec is too strict for (half a surrogate pair, numbers
    # beyond a float), and tells what is wrong with the rest
    try:
        told = json.loads(line.decode())
    except UnicodeDecodeError:
        return NOT_UTF8
    except RecursionError:
        return TOO_DEEP
    except ValueError:
        return NOT_JSON
    return told if isinstance(told, dict) else NOT_OBJECT


def _names(block: list[bytes]) -> dict[str, _Path]:
    names: dict[str, _Path] = {}
    seen = 0
    for line in block:
        row = _patiently(line)
        if isinstance(row, dict):
            for path in _nested(row, ()):
                names.setdefault(".".join(path), path)
            seen += 1
        if seen == _SAMPLE:
            break
    return names


def _nested(row: dict[str, Any], before: _Path) -> Iterator[_Path]:
    for name, value in row.items():
        yield (*before, name)
        if isinstance(value, dict) and len(before) + 1 < _NESTING:
            yield from _nested(value, (*before, name))


def _series(name: str, values: list[Any]) -> pl.Series:
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds == {int} and all(value is None or abs(value) < _INT64 for value in values):
        return pl.Series(name, values, dtype=pl.Int64)
    words = values if kinds <= {str} else [_word(value) for value in values]
    try:
        return pl.Series(name, words, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series(name, [_mended(word) for word in words], dtype=pl.String)


def _word(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    # no reading of NUL as word, number, time or claim succeeds, so an object or list is told as it
    return json.dumps(value) if isinstance(value, int | float) else "\x00"


def _mended(word: str | None) -> str | None:
    if word is None:
        return None
    return word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
