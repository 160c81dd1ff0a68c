"""What stands beside a recording: the rows that could not be used, each with its cause."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

MAX_KEPT = 10_000
MAX_RAW = 4 * 1024


class Broken(NamedTuple):
    """A row that is no post: its place in the file, why, and its raw bytes."""

    row: int
    cause: str
    raw: bytes


class Aside:
    """Gather broken rows: all counted, the first ``MAX_KEPT`` kept to be looked at."""

    def __init__(self) -> None:
        self.causes: Counter[str] = Counter()
        self._kept: list[Broken] = []

    def add(self, rows: Iterable[Broken]) -> None:
        """Count the rows and keep the earliest ones of the file."""
        for row in rows:
            self.causes[row.cause] += 1
            self._kept.append(row._replace(raw=row.raw[:MAX_RAW]))
            if len(self._kept) > 2 * MAX_KEPT:
                self._shorten()
        self._shorten()

    def write(self, path: Path) -> tuple[Path | None, str | None]:
        """Write what is kept, or remove an older reading's file when nothing is.

        Each line is an object with ``row`` (line of the file, or row where it has no lines),
        ``cause`` and ``raw`` (its first ``MAX_RAW`` bytes, those that are no UTF-8 escaped). A
        last line ``{"rest": n}`` tells how many more there were.

        Returns
        -------
        tuple
            Where the rows stand (None when nowhere) and a remark for a person (None when fine).
        """
        place = path.with_name(path.name + ".aside.ndjson")
        try:
            if not self._kept:
                place.unlink(missing_ok=True)
                return None, None
            put(place, "".join(f"{line}\n" for line in self._lines()))
        except OSError as error:
            return None, f"rows kept aside could not be written: {one_line(error)}"
        return place, None

    def _lines(self) -> Iterable[str]:
        for row, cause, raw in self._kept:
            shown = raw.decode("utf-8", "backslashreplace")
            yield json.dumps({"row": row, "cause": cause, "raw": shown}, ensure_ascii=False)
        rest = self.causes.total() - len(self._kept)
        if rest:
            yield json.dumps({"rest": rest})

    def _shorten(self) -> None:
        self._kept.sort()
        del self._kept[MAX_KEPT:]


def put(path: Path, text: str) -> None:
    """Write a whole file, so that a reader sees the old one or the new one and never a half.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    half = path.with_name(path.name + ".half")
    try:
        half.write_text(text, encoding="utf-8", newline="\n")
        os.replace(half, path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def one_line(text: object) -> str:
    """Return the text without line breaks, for a message that must be one line."""
    return " ".join(str(text).split())
