"""What a live source is: it puts rows into an inbox and says how it is.

Be a post: your source has decoded you and stamped ``at``; you wait in the inbox with others, a
fraction of a second, until the watch takes all of you as one frame.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import polars as pl

from rtm.frame import POST_SCHEMA

FULL = 50_000  # rows that wait at most; a source that has more waits itself


class Row(NamedTuple):
    """One post, by the columns of ``POST_SCHEMA``; moments in microseconds of Unix time."""

    id: str
    at: int
    text: str
    lang: str | None
    author: str | None
    followers: int | None
    reply_to: str | None
    is_repost: bool
    likes: int | None
    reposts: int | None
    source: str
    joined: int | None = None
    labels: str | None = None


@dataclass(slots=True)
class Health:
    """How a source is, kept by itself, read by the board.

    ``heard_us`` is when anything last came; ``behind_s`` how old the posts are that come now;
    ``aside`` counts frames that made no sense, by cause; ``gaps`` counts stretches that are lost.
    """

    state: Literal["connecting", "catching up", "live", "lost"] = "connecting"
    note: str = ""
    heard_us: int | None = None
    behind_s: float = 0.0
    posts: int = 0
    gaps: int = 0
    aside: dict[str, int] = field(default_factory=dict)


class Inbox:
    """Rows that wait to be told, in order of arrival; bounded."""

    def __init__(self, full: int = FULL) -> None:
        self._full = full
        self._rows: list[Row] = []
        self._room = asyncio.Event()
        self._room.set()

    async def put(self, rows: list[Row]) -> None:
        """Add rows; while too many wait, wait too, so that the network slows down."""
        while len(self._rows) >= self._full:
            self._room.clear()
            await self._room.wait()
        self._rows.extend(rows)

    def take(self) -> pl.DataFrame:
        """Return all waiting rows (``POST_SCHEMA``) and forget them."""
        rows, self._rows = self._rows, []
        self._room.set()
        return pl.DataFrame(rows, schema=_RAW, orient="row").with_columns(
            pl.col("at", "joined").cast(POST_SCHEMA["at"])
        )


class Source(Protocol):
    """A live stream of posts; one lane."""

    name: str
    health: Health

    def already(self, ids: Iterable[str]) -> None:
        """Be told, before ``run``, ids of posts from before this start: they are not put again."""
        ...

    async def run(self, inbox: Inbox, since_us: int | None) -> None:
        """Read until cancelled, from ``since_us`` on (None: as far back as warm-up needs).

        Survives whatever the network does. Posts that were already put are not put again.
        """
        ...

    def told_until_us(self, now_us: int) -> int | None:
        """Return up to when everything has surely come, or None when that cannot be said.

        This is how ticks close in silence: a source that is cut off or behind says None.
        """
        ...


_RAW = {**POST_SCHEMA, "at": pl.Int64(), "joined": pl.Int64()}
