"""The input log as it is read: all that the engine was told, across finished hours and the present.

An hour is a journal while it lasts and a Parquet segment afterwards. Where both are there, a crash
came between the segment's name and the journal's removal: the segment is whole, so it is read.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from rtm.errors import StoreError
from rtm.frame import empty_frame
from rtm.store import segment
from rtm.store.journal import Damage, Entry, scan
from rtm.store.segment import Step

JOURNAL = ".journal"
SEGMENT = ".parquet"

_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d")


class InputLog:
    """Read the log in a folder, also while an rtm writes to it; touches nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def position(self) -> int:
        """How many entries were ever told."""
        return self.end()[0]

    @property
    def closed(self) -> int:
        """The last tick closed; -1 when there was none."""
        return self.end()[1]

    def end(self) -> tuple[int, int]:
        """Return position and closed of the last entry; (0, -1) when there is none."""
        for hour in reversed(self.hours()):
            last = self._last(hour)
            if last is not None:
                return last
        return 0, -1

    def hours(self) -> list[str]:
        """Return the names of all hours that are there, oldest first."""
        paths = [*self.folder.glob(f"*{JOURNAL}"), *self.folder.glob(f"*{SEGMENT}")]
        return sorted({path.stem for path in paths if _NAME.fullmatch(path.stem)})

    def steps(
        self, after: int = 0, damaged: Callable[[str], object] | None = None
    ) -> Iterator[Step]:
        """Yield (number, rows or lesson, last tick closed) of the entries behind ``after``.

        Parameters
        ----------
        damaged
            Told in a sentence of each place that cannot be read; reading goes on behind it.

        Raises
        ------
        StoreError
            At a place that cannot be read, after all before it, unless ``damaged`` is given.
        """
        met = damaged or _raise
        due = after + 1 if after else None  # what is forgotten is not missed by who wants all
        for hour in self.hours():
            try:
                for step in self._steps(hour, after, met):
                    if due is not None and step[0] > due:
                        met(f"{self.folder}: entries {due} to {step[0] - 1} of the log are missing")
                    due = step[0] + 1
                    yield step
            except StoreError as error:
                if damaged is None:
                    raise
                damaged(str(error))

    def newest(self, seconds: float) -> pl.DataFrame:
        """Return the posts stamped in the last seconds before the newest one, in the order told.

        What is damaged is passed over.
        """
        parts: list[pl.DataFrame] = []
        newest_us: int | None = None
        for hour in reversed(self.hours()):
            cut_us = None if newest_us is None else newest_us - round(seconds * 1e6)
            try:
                rows = self._rows_since(hour, cut_us, seconds)
            except StoreError:
                continue
            us = rows["at"].to_physical()
            if rows.height:
                # of microseconds the largest is a number, whatever a series may hold
                newest_us = max(int(us.max()), newest_us or 0)  # type: ignore[arg-type]
            if cut_us is not None and not (us > cut_us).any():
                break
            parts.append(rows)
        if newest_us is None:
            return empty_frame()
        all_rows = pl.concat(reversed(parts))
        return all_rows.filter(all_rows["at"].to_physical() > newest_us - round(seconds * 1e6))

    def _steps(self, hour: str, after: int, met: Callable[[str], object]) -> Iterator[Step]:
        path = self.folder / f"{hour}{SEGMENT}"
        if not path.exists():
            try:
                damage: list[str] = []
                for entry in _entries(path.with_suffix(JOURNAL), damage.append):
                    if entry.step > after + 1:  # else only what is not asked for is damaged
                        for sentence in damage:
                            met(sentence)
                    damage.clear()
                    if entry.step > after:
                        yield entry.step, entry.told(), entry.closed
                return
            except FileNotFoundError:
                pass  # it became a segment just now
        yield from segment.steps(path, after, met)

    def _last(self, hour: str) -> tuple[int, int] | None:
        path = self.folder / f"{hour}{SEGMENT}"
        if not path.exists():
            try:
                last = None
                for entry in _entries(path.with_suffix(JOURNAL), _pass_over):
                    last = entry.step, entry.closed
                return last
            except FileNotFoundError:
                pass
        notes = segment.notes_of(path)
        return notes.last, notes.closed

    def _rows_since(self, hour: str, cut_us: int | None, seconds: float) -> pl.DataFrame:
        path = self.folder / f"{hour}{SEGMENT}"
        if not path.exists():
            try:
                entries = _entries(path.with_suffix(JOURNAL), _pass_over)
                frames = [entry.frame() for entry in entries if entry.body]
                return pl.concat([empty_frame(), *frames])
            except FileNotFoundError:
                pass
        return segment.rows_since(path, cut_us, seconds)


def _entries(path: Path, met: Callable[[str], object]) -> Iterator[Entry]:
    for part in scan(path):
        if isinstance(part, Entry):
            yield part
        elif not part.is_tail:  # a tail is what a crash, or a writer at work, left unfinished
            met(_sentence(path, part))


def _sentence(path: Path, damage: Damage) -> str:
    where = f"{damage.size} bytes from byte {damage.place} on are damaged"
    return f"{path}: {where}; put a copy of it back, or read on behind it"


def _pass_over(sentence: str) -> None:
    """Go on behind a damaged place: whoever reads all of the log is told of it."""


def _raise(sentence: str) -> None:
    raise StoreError(sentence)
