"""Heads of the record, noted beside it: from them the loss of the newest rows can be seen.

One line a head: the moment it was noted (RFC 3339 UTC), the row's number, its link. Lines are only
ever added, at most one an hour and one when rtm stops, so that a record that was cut off and then
went on growing is found too. Copy the file elsewhere and it also proves a record that was rebuilt.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from rtm.errors import StoreError
from rtm.store.chain import NOTHING, Head

HEADS = "audit.head"
EVERY = timedelta(hours=1)

_LINE = re.compile(r"(\S+) (\d{1,18}) ([0-9a-f]{64})")


class NotedHead(NamedTuple):
    """A head, and where and when it was noted."""

    link: bytes
    said: str  # what was noted, in words


class Heads:
    """The file of heads in a store's folder."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._path, self._now = folder / HEADS, now
        self._at: datetime | None = None
        self._link = NOTHING

    def is_due(self) -> bool:
        """Tell whether the last was noted long enough ago."""
        return self._at is None or self._now() - self._at >= EVERY

    def note(self, head: Head) -> None:
        """Add a head, unless it is the one noted last.

        Raises
        ------
        StoreError
            When the file cannot be written.
        """
        if head.link == self._link:
            return
        now = self._now()
        try:
            with self._path.open("a", encoding="ascii") as file:
                file.write(f"{now:%Y-%m-%dT%H:%M:%SZ} {head.seq} {head.link.hex()}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            remedy = "look at the disk"
            raise StoreError(f"{self._path}: cannot be written ({error}); {remedy}") from error
        self._at, self._link = now, head.link


def heads_in(folder: Path) -> Iterator[NotedHead]:
    """Yield the heads noted in a folder, oldest first; a line cut short by a crash is none."""
    try:
        lines = (folder / HEADS).read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return
    for found in filter(None, map(_LINE.fullmatch, lines)):
        at, seq, link = found.groups()
        yield NotedHead(bytes.fromhex(link), f"row {int(seq):,}, noted in {HEADS} at {at}")
