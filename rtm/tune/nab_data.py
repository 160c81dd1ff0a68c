"""Read labelled series from a folder: NAB's realTweets as rtm keeps them.

``realTweets.parquet`` has columns ``series`` (String), ``timestamp`` (Datetime, even distance) and
``value`` (integer, mentions in five minutes); ``windows.json`` and ``labels.json`` are NAB's own,
cut to these series; ``anchors.csv`` holds what other detectors score.
"""

import csv
from bisect import bisect_left, bisect_right
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import polars as pl

import rtm
from rtm.errors import ConfigError
from rtm.remedies import one_line
from rtm.tune.nab import PROFILES, Labelled

T = TypeVar("T")

SERIES, WINDOWS, LABELS, ANCHORS = (
    "realTweets.parquet",
    "windows.json",
    "labels.json",
    "anchors.csv",
)
SHIPPED = Path(rtm.__file__).parents[1] / "tests" / "data" / "nab"  # in a clone; not in a wheel
REMEDY = "name tests/data/nab of a clone of rtm's repository by --data"


def folder_of(given: Path | None) -> Path:
    """Return the folder to read: the one given, or the clone's own; raise ConfigError if none."""
    folder = SHIPPED if given is None else given
    missing = [name for name in (SERIES, WINDOWS, LABELS, ANCHORS) if not (folder / name).is_file()]
    if missing and given is None:
        raise ConfigError(f"--data: not given, and an installed rtm has no series; {REMEDY}")
    if missing:
        raise ConfigError(one_line(f"--data {folder}: holds no {missing[0]}; {REMEDY}"))
    return folder


def read(folder: Path) -> list[Labelled]:
    """Return the series of a folder, by name."""
    try:
        table = pl.read_parquet(folder / SERIES, columns=["series", "timestamp", "value"])
        windows = _read(folder / WINDOWS, dict[str, list[tuple[str, str]]])
        labels = _read(folder / LABELS, dict[str, list[str]])
        return [
            _labelled(str(name), rows, _of(windows, str(name)), _of(labels, str(name)))
            for (name,), rows in sorted(table.group_by("series", maintain_order=True))
        ]
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise ConfigError(one_line(f"--data {folder}: damaged ({error}); {REMEDY}")) from error


def anchors(folder: Path) -> dict[str, dict[str, float]]:
    """Return what others score with the threshold fitted to these series, by detector, profile."""
    with (folder / ANCHORS).open(encoding="utf-8", newline="") as file:
        return {
            row["det"]: {
                name: float(row[f"realTweets_threshold_refit_{name}"]) for name in PROFILES
            }
            for row in csv.DictReader(file)
        }


def _read(file: Path, kind: type[T]) -> T:
    return msgspec.json.decode(file.read_bytes(), type=kind)


def _of(table: dict[str, T], name: str) -> T:
    return table[f"realTweets/Twitter_volume_{name}.csv"]


def _labelled(
    name: str, rows: pl.DataFrame, windows: list[tuple[str, str]], labels: list[str]
) -> Labelled:
    times = rows["timestamp"].to_list()
    return Labelled(
        name,
        rows["value"].to_numpy().astype(np.float64),
        tuple(
            (bisect_left(times, _time(first)), bisect_right(times, _time(last)) - 1)
            for first, last in sorted(windows)
        ),
        tuple(bisect_left(times, _time(label)) for label in sorted(labels)),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)  # without a zone, as NAB's are
