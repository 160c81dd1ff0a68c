"""The dry channel: it keeps what it would have sent, and sends nothing. It is the default."""

import asyncio
import errno
import os
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from rtm.draft import MOST_PICTURES, MOST_POSTS, Poll, Visibility
from rtm.errors import PublishError
from rtm.publish.length import complaint
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.publish.tid import Tids

FILE = "dry.ndjson"
SCHEME = "dry:"


class Shown(msgspec.Struct, frozen=True):
    """A picture that would have gone out: which, of what kind and how heavy, with its words."""

    id: str
    kind: str
    size: int
    alt: str


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the file: a post that would have gone out."""

    key: str
    at: datetime
    text: str
    more: tuple[str, ...] = ()
    pictures: tuple[Shown, ...] = ()
    reply_to: str | None = None
    poll: Poll | None = None
    visibility: Visibility = "public"
    is_deleted: bool = False


class Dry:
    """Keep posts in ``dry.ndjson`` of a folder, one line each; without a folder, in memory.

    Lengths are Bluesky's, so that a rehearsal is as narrow as the night; polls and answers are
    taken, too. What is deleted stays in the file, with a line that says so.
    """

    account = "dry"
    limits = Limits(
        graphemes=300,
        utf8_bytes=3000,
        pictures=MOST_PICTURES,
        poll_options=4,
        thread=MOST_POSTS,
        takes_replies=True,
        visibilities=("public", "unlisted", "followers"),
    )
    is_dry = True
    repeats_safely = True
    can_look = True

    def __init__(self, folder: Path | None, name: str = "dry") -> None:
        self.name = name
        self._path = None if folder is None else folder / f"{name}.ndjson"
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

    async def prepare(self, post: Outgoing) -> None:
        """Check what any network would refuse."""
        if reason := complaint(post, self.limits):
            raise PublishError(f"{reason} Change the draft, then fire again.")

    async def publish(self, post: Outgoing) -> Receipt:
        """Keep a post; when this returns, it outlasts a power cut. The same key is kept once."""
        await self.prepare(post)
        async with self._turn:
            await self._opened()
            if post.key not in self._kept:
                await self._keep(_line(post))
        return _receipt(post)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Look whether a post was kept."""
        async with self._turn:
            await self._opened()
        kept = self._kept.get(post.key)
        return _receipt(post) if kept is not None and not kept.is_deleted else None

    async def delete(self, uri: str) -> None:
        """Write down that a post would have been deleted."""
        async with self._turn:
            await self._opened()
            kept = self._kept.get(uri.removeprefix(SCHEME))
            if kept is not None and not kept.is_deleted:
                await self._keep(msgspec.structs.replace(kept, is_deleted=True))

    async def counts(self, uri: str) -> Counts:
        """Return that nobody saw it."""
        return Counts()

    async def followers(self) -> int | None:
        """Return that nobody follows."""
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

    async def _keep(self, kept: Kept) -> None:
        try:
            await asyncio.to_thread(self._append, msgspec.json.encode(kept) + b"\n")
        except OSError as error:
            raise self._not_kept(error) from error
        self._kept[kept.key] = kept

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


def _line(post: Outgoing) -> Kept:
    return Kept(
        post.key,
        post.at,
        post.text,
        post.more,
        tuple(
            Shown(picture.id, picture.kind, len(picture.content), picture.alt)
            for picture in post.pictures
        ),
        post.reply_to,
        post.poll,
        post.visibility,
    )


def _receipt(post: Outgoing) -> Receipt:
    return Receipt(f"{SCHEME}{post.key}", None)
