"""A sweep: many settings, each run once, with results kept so that it can go on where it stopped.

The file is TOML: ``[base]`` holds settings for all, ``[grid]`` a list for each setting (every
combination is run), ``[[setting]]`` single ones by hand::

    [base]
    min_sources = 2.5
    [grid]
    story_floor = [4.5, 5.0, 5.5]
    hot_floor = [3.0, 3.5]
    [[setting]]
    story_floor = 8.0
"""

import os
from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rtm.config import read
from rtm.errors import ConfigError, StoreError
from rtm.remedies import one_line, shown
from rtm.trends.settings import Settings
from rtm.tune.result import Result
from rtm.tune.setting import with_table

MOST = 20_000  # settings; at a second each, a night
TABLES = ("base", "grid", "setting")


class Row(Struct, frozen=True, kw_only=True):
    """One line of results; ``key`` is the hash of all that the result depends on."""

    key: str
    result: Result


def load_sweep(path: Path, usual: Settings) -> tuple[Settings, ...]:
    """Read the settings of a sweep file, each once; ``usual`` is what they change.

    Raises
    ------
    ConfigError
        One line with file, table, key, value given and remedy.
    """
    return settings_of(read(path), usual, str(path))


def settings_of(table: dict[str, Any], usual: Settings, file: str) -> tuple[Settings, ...]:
    """Return the settings of a parsed sweep file; ``file`` is its name, for messages.

    >>> grid = {"story_floor": [4.0, 5.0], "judge_s": [1, 2, 3]}
    >>> len(settings_of({"grid": grid}, Settings(), "sweep.toml"))
    6
    """
    for key, value in table.items():
        if key not in TABLES:
            remedy = "write [base], [grid] or [[setting]] above it"
            raise ConfigError(one_line(f"{file}: {key} = {shown(value)}; no such key; {remedy}"))
    base = with_table(usual, _table(table, "base", file), f"{file}: [base]")
    grid = _table(table, "grid", file)
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            remedy = f"write a list, such as {name} = [{shown(values)}]"
            raise ConfigError(one_line(f"{file}: [grid] {name} = {shown(values)}; {remedy}"))
    if prod(len(values) for values in grid.values()) > MOST:
        raise ConfigError(one_line(f"{file}: [grid] has more than {MOST:,} settings; shorten it"))
    settings = [
        with_table(base, dict(zip(grid, values, strict=True)), f"{file}: [grid]")
        for values in product(*grid.values())
        if grid
    ]
    singles = table.get("setting", [])
    if not isinstance(singles, list) or not all(isinstance(one, dict) for one in singles):
        raise ConfigError(one_line(f"{file}: setting; write [[setting]] on a line of its own"))
    for number, single in enumerate(singles, 1):
        settings.append(with_table(base, single, f"{file}: [[setting]] #{number}"))
    if not settings:
        raise ConfigError(one_line(f"{file}: nothing to run; write [grid] or [[setting]]"))
    return tuple(dict.fromkeys(settings))


def _table(table: dict[str, Any], key: str, file: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise ConfigError(one_line(f"{file}: {key}; write [{key}] on a line of its own"))
    return value


class Results:
    """Results as JSON lines in a file: appended one by one, each on disk before the next.

    A last line that was torn by a crash is cut off.

    Raises
    ------
    ConfigError
        When the file cannot be read or written, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: dict[str, Result] = {}
        try:
            content = path.read_bytes() if path.exists() else b""
        except OSError as error:
            raise self._refused("read", error) from error
        whole, newline, torn = content.rpartition(b"\n")
        for number, line in enumerate(whole.split(b"\n") if whole else (), 1):
            try:
                row = msgspec.json.decode(line, type=Row)
            except msgspec.DecodeError as error:
                remedy = "name another file by --results, or delete this one"
                problem = f"line {number} is no result of this version of rtm; {remedy}"
                raise ConfigError(one_line(f"{path}: {problem}")) from error
            self.rows[row.key] = row.result
        if torn:
            try:
                os.truncate(path, len(whole) + len(newline))
            except OSError as error:
                raise self._refused("written", error) from error

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Return the keys that have no result yet, in order."""
        return [key for key in keys if key not in self.rows]

    def keep(self, key: str, result: Result) -> None:
        """Append a result.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        line = msgspec.json.encode(Row(key=key, result=result)) + b"\n"
        try:
            with self.path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            problem = f"result cannot be kept ({error.strerror}); free space, then start again"
            raise StoreError(one_line(f"{self.path}: {problem}")) from error
        self.rows[key] = result

    def of(self, keys: Sequence[str]) -> list[Result]:
        """Return the results of keys that have one, in order."""
        return [self.rows[key] for key in keys if key in self.rows]

    def _refused(self, doing: str, error: OSError) -> ConfigError:
        problem = f"cannot be {doing} ({error.strerror}); name another file by --results"
        return ConfigError(one_line(f"{self.path}: {problem}"))
