"""The archive: the engine's input log, which is written before the engine is told.

Be an entry: rows, none, or a lesson that the team taught, and the last tick closed. You are added
to the journal of your hour and are safe from the end of the process as soon as that returns. When
your hour is over a thread writes it as a Parquet segment under another name, makes it safe, gives
it its own name, and only then removes the journal: whenever a crash comes, one whole copy of you is
found.

A power cut may take the last entries with it (they are made safe with each snapshot): the stream's
own resume brings their posts again.
"""

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow as pa

from rtm.errors import StoreError
from rtm.store import segment
from rtm.store.files import drop_parts, sync_folder
from rtm.store.journal import Damage, Entry, Journal, mend, scan
from rtm.store.log import JOURNAL, SEGMENT, InputLog

log = logging.getLogger(__name__)

_HOUR = "%Y-%m-%dT%H"
_HOUR_S = 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Archive(InputLog):
    """The input log of the one rtm that has the folder; ``cut`` counts bytes lost to a crash."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.cut = 0
        self._write = threading.RLock()
        self._journal: Journal | None = None
        self._sealing: threading.Thread | None = None
        self._mend()
        self._end = super().end()
        self._hour = -1  # of the journal that is written to, or the least it may be
        if hours := self.hours():
            self._hour = (_moment(hours[-1]) - _EPOCH) // timedelta(hours=1)
            if (self.folder / f"{hours[-1]}{JOURNAL}").exists():
                self._journal = Journal(self.folder / f"{hours[-1]}{JOURNAL}")
            else:
                self._hour += 1
        self._seal_finished()

    @staticmethod
    def read(folder: Path) -> InputLog:
        """Read an archive for a replay, also one that an rtm is writing to."""
        return InputLog(folder)

    def end(self) -> tuple[int, int]:
        """Return position and closed of the last entry; (0, -1) when there is none."""
        return self._end

    def append(self, frame: pl.DataFrame, closed: int) -> None:
        """Write what the engine is about to be told; nothing if it is nothing new.

        Raises
        ------
        StoreError
            When it cannot be written, or ``closed`` lies before what was closed already.
        """
        with self._write:
            position, before = self._end
            if closed < before:
                raise StoreError(f"archive: tick {closed} closed after {before}; time went back")
            if not frame.height and closed == before:
                return
            journal = self._journal_at(_hour_of(frame, closed))
            journal.append(position + 1, closed, frame)
            self._end = position + 1, closed

    def append_lesson(self, lesson: bytes) -> None:
        """Write a lesson (a JSON object) that the engine is about to be taught, between two ticks.

        Raises
        ------
        StoreError
            When it cannot be written.
        """
        assert lesson.startswith(b"{"), "a lesson is a JSON object"
        with self._write:
            position, closed = self._end
            self._journal_at(max(closed, 0) // _HOUR_S).append(position + 1, closed, lesson)
            self._end = position + 1, closed

    def go_on_after(self, position: int) -> None:
        """Give further entries numbers behind ``position``: a snapshot knows that many."""
        with self._write:
            self._end = max(position, self._end[0]), self._end[1]

    def sync(self) -> None:
        """Make sure that all entries survive a power cut, not only the end of the process."""
        with self._write:
            if self._journal is not None:
                self._journal.sync()
                sync_folder(self.folder)

    def forget(self, before: datetime) -> None:
        """Delete the finished hours that were over by then."""
        for hour in self.hours()[:-1]:  # the newest one tells where the numbers stand
            is_over = _moment(hour) + timedelta(hours=1) <= before
            if is_over and (self.folder / f"{hour}{SEGMENT}").exists():
                for path in self.folder.glob(f"{hour}.*"):
                    path.unlink()

    def close(self) -> None:
        """Let go of the files; what is being sealed is finished first."""
        with self._write:
            if self._sealing is not None:
                self._sealing.join()
            if self._journal is not None:
                self._journal.close()
                self._journal = None

    def _journal_at(self, hour: int) -> Journal:
        if self._journal is not None and hour <= self._hour:
            return self._journal
        # an hour that is sealed takes no more; hours never go back, so their names are in order
        least = self._hour if self._journal is None else self._hour + 1
        self._hour = max(hour, least)
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        self._journal = Journal(self.folder / f"{_name(self._hour)}{JOURNAL}")
        self._seal_finished()
        return self._journal

    def _mend(self) -> None:
        drop_parts(self.folder)
        for path in sorted(self.folder.glob(f"*{JOURNAL}")):
            if _is_whole(path.with_suffix(SEGMENT)):
                path.unlink()  # a crash came just before this
                continue
            cut = mend(path)
            if cut:
                log.warning("archive journal cut file=%s bytes=%d", path.name, cut)
                self.cut += cut
            if not path.stat().st_size:
                path.unlink()

    def _seal_finished(self) -> None:
        journals = {path.stem for path in self.folder.glob(f"*{JOURNAL}")}
        finished = sorted(journals - {_name(self._hour)})
        if not finished:
            return
        if self._sealing is not None:
            self._sealing.join()  # when told of the past faster than it can be written
        self._sealing = threading.Thread(target=self._seal, args=(finished,), name="seal archive")
        self._sealing.start()

    def _seal(self, hours: list[str]) -> None:
        for hour in hours:
            journal = self.folder / f"{hour}{JOURNAL}"
            try:
                seal(journal)
            except (StoreError, OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
                # nothing is lost: it is read as a journal, and sealed at the next start
                log.error("archive hour not sealed file=%s why=%s", journal.name, error)


def seal(journal: Path) -> None:
    """Turn a finished journal into a segment; one with damaged places is moved aside, not lost."""
    damaged: list[Damage] = []
    entries = _whole(journal, damaged)
    first = next(entries, None)
    if first is not None:
        segment.write(journal.with_suffix(SEGMENT), chain([first], entries))
    if damaged:
        log.error("archive journal damaged, moved aside file=%s", journal.name)
        journal.rename(journal.with_suffix(f"{JOURNAL}.damaged"))
    else:
        journal.unlink()
    sync_folder(journal.parent)


def _is_whole(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        segment.notes_of(path)
    except StoreError:
        path.rename(path.with_suffix(f"{SEGMENT}.damaged"))
        return False
    return True


def _whole(journal: Path, damaged: list[Damage]) -> Iterator[Entry]:
    for part in scan(journal):
        if isinstance(part, Entry):
            yield part
        else:
            damaged.append(part)


def _hour_of(frame: pl.DataFrame, closed: int) -> int:
    if closed < 0 and frame.height:
        return int(frame["tick"][0]) // _HOUR_S  # nothing is over yet
    return closed // _HOUR_S


def _name(hour: int) -> str:
    return f"{_EPOCH + timedelta(hours=hour):{_HOUR}}"


def _moment(name: str) -> datetime:
    return datetime.strptime(name, _HOUR).replace(tzinfo=UTC)
