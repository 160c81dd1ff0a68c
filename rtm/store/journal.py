"""The journal of one hour: entries one after the other, each of which can prove that it is whole.

An entry is a mark, the length of its body, a checksum, its number, the tick closed, and the body:
the rows as an Arrow stream, nothing when there are none, or a lesson as a JSON object. The mark
lets a reader find the next whole entry behind a damaged place; what is not followed by any was cut
off by a crash.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from zlib import crc32

import polars as pl

from rtm.errors import StoreError
from rtm.frame import FRAME_SCHEMA, completed, empty_frame

_MARK = b"rtm\xb7"
_HEAD = Struct("<4sII")  # mark, length of the body, checksum of all that follows it
_TOLD = Struct("<qq")  # number of the entry, last tick closed
_START = _HEAD.size + _TOLD.size
_BUFFER = 1 << 20
_LESSON = b"{"  # how a lesson begins; an Arrow stream begins with 0xff

Told = pl.DataFrame | bytes
"""What the engine was told at once: rows, or a lesson as JSON."""


class Entry(NamedTuple):
    """What the engine was told at once."""

    step: int
    closed: int
    body: bytes

    @property
    def is_lesson(self) -> bool:
        """Tell whether it is a lesson and no rows."""
        return self.body.startswith(_LESSON)

    def told(self) -> Told:
        """Return the rows told, or the lesson."""
        return self.body if self.is_lesson else self.frame()

    def frame(self) -> pl.DataFrame:
        """Return the rows told; none where it is a lesson."""
        if not self.body or self.is_lesson:
            return empty_frame()
        return completed(pl.read_ipc_stream(self.body), FRAME_SCHEMA)


class Damage(NamedTuple):
    """Bytes that are no entry; ``is_tail`` when no entry follows them."""

    place: int
    size: int
    is_tail: bool


class Journal:
    """A journal that is written to; what stands in it stays as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._size = os.fstat(self._file).st_size

    def append(self, step: int, closed: int, what: Told) -> None:
        """Write an entry; once this returns it survives the end of the process."""
        body = what if isinstance(what, bytes) else _body(what)
        told = _TOLD.pack(step, closed)
        head = _HEAD.pack(_MARK, len(body), crc32(body, crc32(told)))
        left = memoryview(head + told + body)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            os.ftruncate(self._file, self._size)  # a half entry would stand before the next
            raise StoreError(f"{self.path}: cannot be written ({error}); free its disk") from error
        self._size += _START + len(body)

    def sync(self) -> None:
        """Make sure that all entries survive a power cut."""
        os.fsync(self._file)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def scan(path: Path) -> Iterator[Entry | Damage]:
    """Yield the entries of a journal in order, and the places where there are none."""
    with path.open("rb", buffering=_BUFFER) as file:
        size, place, newest = os.fstat(file.fileno()).st_size, 0, 0
        while place < size:
            head = file.read(_START)
            entry = None
            if len(head) == _START:
                mark, length, _ = _HEAD.unpack_from(head)
                if mark == _MARK and length <= size - place - _START:
                    entry = _entry(head + file.read(length))
            if entry is None:
                file.seek(place)
                found = _next(file.read(size - place))
                yield Damage(place, size - place if found is None else found, found is None)
                if found is None:
                    return
                place += found
                file.seek(place)
            else:
                length = _START + len(entry.body)
                # a second copy of an entry is damage too: nothing is ever told twice
                yield entry if entry.step > newest else Damage(place, length, False)
                newest = max(newest, entry.step)
                place += length


def mend(path: Path) -> int:
    """Cut off what a crash left unfinished at the end; return how many bytes that was."""
    tail = next((part for part in scan(path) if isinstance(part, Damage) and part.is_tail), None)
    if tail is None:
        return 0
    os.truncate(path, tail.place)
    return tail.size


def _entry(whole: bytes) -> Entry | None:
    _, length, checksum = _HEAD.unpack_from(whole)
    told, body = whole[_HEAD.size : _START], whole[_START : _START + length]
    if len(body) < length or crc32(body, crc32(told)) != checksum:
        return None
    step, closed = _TOLD.unpack(told)
    return Entry(step, closed, body)


def _next(rest: bytes) -> int | None:
    place = rest.find(_MARK, 1)
    while place >= 0:
        head = rest[place : place + _START]
        if len(head) == _START:
            length = _HEAD.unpack(head[: _HEAD.size])[1]
            if length <= len(rest) - place - _START and _entry(
                rest[place : place + _START + length]
            ):
                return place
        place = rest.find(_MARK, place + 1)
    return None


def _body(frame: pl.DataFrame) -> bytes:
    if not frame.height:
        return b""
    stream = BytesIO()
    frame.select(FRAME_SCHEMA.keys()).write_ipc_stream(stream, compression="zstd")
    return stream.getvalue()
