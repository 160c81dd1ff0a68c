"""A Jetstream host on loopback: it serves given messages from a cursor, and misbehaves when told.

The messages are whatever a test hands over; the framing (cursor, filter by kind) is ours, after
what the real hosts document. ``told`` is the stream in order; each connection gets what is stamped
at its cursor or later, then what is told while it lasts.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response


@dataclass(frozen=True)
class Told:
    """A message as it goes out, and where it stands in the stream's time."""

    stamp_us: int
    raw: bytes


def message_of(
    stamp_us: int,
    rkey: str,
    text: str = "lights",
    *,
    did: str = "did:plc:tester",
    cid: str = "bafyone",
    **record: Any,
) -> Told:
    """Return a new post as Jetstream would tell it."""
    frame = {
        "did": did,
        "time_us": stamp_us,
        "kind": "commit",
        "commit": {
            "rev": "3l",
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": rkey,
            "record": {"$type": "app.bsky.feed.post", "text": text, **record},
            "cid": cid,
        },
    }
    return Told(stamp_us, json.dumps(frame).encode())


class JetstreamServer:
    """One host. ``asked`` are the cursors of its connections, ``queries`` all they asked for.

    Misbehaviour, at any time: ``cut_after`` ends each connection after so many messages;
    ``refuses`` answers every request with that status; ``keeps_from_us`` has forgotten what is
    older; ``begins_early_us`` begins that much before the cursor; ``times`` tells each message so
    often; ``restamp`` tells it by another clock.
    """

    def __init__(self, told: Sequence[Told] = ()) -> None:
        self.told = list(told)
        self.asked: list[int] = []
        self.queries: list[dict[str, list[str]]] = []
        self.cut_after: int | None = None
        self.refuses: int | None = None
        self.keeps_from_us = 0
        self.begins_early_us = 0
        self.times = 1
        self.restamp: Callable[[Told], Told] = lambda told: told
        self.port = 0
        self._server: Server | None = None
        self._news = asyncio.Condition()
        self._connections: set[ServerConnection] = set()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def connected(self) -> int:
        return len(self._connections)

    async def __aenter__(self) -> "JetstreamServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; on the same port again after ``stop``."""
        self._server = await serve(
            self._serve, "127.0.0.1", self.port, process_request=self._look, close_timeout=0.2
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Be gone, with all connections."""
        self.cut()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def tell(self, *told: Told | bytes) -> None:
        """Add messages to the stream; bare bytes stand where the stream is."""
        for one in told:
            at = self.told[-1].stamp_us if self.told else 0
            self.told.append(Told(at, one) if isinstance(one, bytes) else one)
        async with self._news:
            self._news.notify_all()

    def cut(self) -> None:
        """Break off all connections in the middle of whatever they do."""
        for connection in self._connections:
            connection.transport.abort()

    async def close(self) -> None:
        """End all connections politely."""
        await asyncio.gather(*(connection.close() for connection in set(self._connections)))

    def freeze(self) -> None:
        """Answer nothing any more, not even pings, without ending a connection."""
        for connection in self._connections:
            connection.transport.pause_reading()

    def _look(self, connection: ServerConnection, request: Request) -> Response | None:
        if self.refuses is None:
            return None
        return connection.respond(HTTPStatus(self.refuses), "not now\n")

    async def _serve(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        query = parse_qs(urlsplit(connection.request.path).query)
        self.queries.append(query)
        cursor_us = int(query["cursor"][0])
        self.asked.append(cursor_us)
        self._connections.add(connection)
        sending = asyncio.create_task(self._send(connection, cursor_us - self.begins_early_us))
        await connection.wait_closed()
        self._connections.discard(connection)
        sending.cancel()
        with contextlib.suppress(ConnectionClosed, asyncio.CancelledError):
            await sending

    async def _send(self, connection: ServerConnection, from_us: int) -> None:
        sent, position = 0, 0
        while True:
            while position < len(self.told):
                told = self.restamp(self.told[position])
                position += 1
                if told.stamp_us < max(from_us, self.keeps_from_us):
                    continue
                for _ in range(self.times):
                    await connection.send(told.raw, text=True)
                sent += 1
                if sent == self.cut_after:
                    connection.transport.abort()
                    return
            async with self._news:
                if position == len(self.told):
                    await self._news.wait()
