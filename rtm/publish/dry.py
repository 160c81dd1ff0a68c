"""The dry channel: it keeps what it would have sent, and sends nothing. It is the default."""

import asyncio
import errno
import os
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from rtm.errors import PublishError
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.publish.tid import Tids

FILE = "dry.ndjson"


class Kept(msgspec.Struct, frozen=True):
    """One line of the file: a post that would have gone out."""

    key: str
    at: datetime
    text: str


class Dry:
    """Keep posts in ``dry.ndjson`` of a folder, one line each; without a folder, in memory.

    Limits are Bluesky's, so that a rehearsal is as narrow as the night.
    """

    name = "dry"
    account = "dry"
    limits = Limits(graphemes=300, utf8_bytes=3000)
    is_dry = True
    repeats_safely = True
    can_look = True

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE
        self._file: IO[bytes] | None = None
        self._kept: dict[str, Kept] = {}
        self._tids = Tids()
        self._turn = asyncio.Lock()

    @property
    def sent(self) -> list[Kept]:
        """What would have gone out, in order, as far as it was read or kept by this channel."""
        return list(self._kept.values())

    def key(self, at: datetime) -> str:
        """Return a key that sorts by time."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Read what was kept before; PublishError when the file cannot be kept."""
        async with self._turn:
            await self._opened()

    async def publish(self, post: Outgoing) -> Receipt:
        """Keep a post; when this returns, it outlasts a power cut. The same key is kept once."""
        async with self._turn:
            await self._opened()
            if post.key not in self._kept:
                line = Kept(post.key, post.at, post.text)
                try:
                    await asyncio.to_thread(self._append, msgspec.json.encode(line) + b"\n")
                except OSError as error:
                    raise self._not_kept(error) from error
                self._kept[post.key] = line
        return _receipt(post)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Look whether a post was kept."""
        async with self._turn:
            await self._opened()
        return _receipt(post) if post.key in self._kept else None

    async def prepare(self, post: Outgoing) -> None:
        """Do nothing: there is nothing to prepare."""

    async def delete(self, uri: str) -> None:
        """Take a post back."""
        raise PublishError(f"{self.name} cannot take back {uri}")

    async def counts(self, uri: str) -> Counts:
        """Return what became of a post."""
        return Counts()

    async def followers(self) -> int | None:
        """Return how many follow the account."""
        return None

    async def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    async def _opened(self) -> None:
        if self._path is None or self._file is not None:
            return
        try:
            await asyncio.to_thread(self._read, self._path)
        except OSError as error:
            raise self._not_kept(error) from error

    def _read(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        file = path.open("r+b", buffering=0)
        whole = 0
        for line in file.read().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break  # cut off by a crash: it was never told as kept
            whole += len(line)
            try:
                kept = msgspec.json.decode(line, type=Kept)
            except msgspec.DecodeError:
                continue  # somebody wrote into it; theirs to keep
            self._kept[kept.key] = kept
        file.truncate(whole)
        file.seek(whole)
        self._file = file

    def _append(self, line: bytes) -> None:
        if self._file is None:
            return
        start = self._file.tell()
        try:
            if self._file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(start)
            self._file.seek(start)
            raise

    def _not_kept(self, error: OSError) -> PublishError:
        return PublishError(f"{self._path}: cannot be kept ({error.strerror}); make room or rights")


def _receipt(post: Outgoing) -> Receipt:
    return Receipt(f"dry:{post.key}", None)
