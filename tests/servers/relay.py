"""A Jetstream for tests: the real firehose of a PDS, put into Jetstream's own framing.

There is no Jetstream to install. The posts are real (a PDS took them and signed them into its
repositories); the JSON around them is made here, by the format that the public servers send. Before
them stands a past: posts of the shipped Reddit night, moved so that they end at the present.
"""

import asyncio
import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import cbor2
import polars as pl
from websockets.asyncio.client import connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

POST = "app.bsky.feed.post"
PLANTED = (  # one happening in six people's own words
    "the lights went out and all I have is an oreo",
    "lights went out, eating Oreo in the dark",
    "who turned the lights off?? lights went out here, oreo time",
    "stadium lights went out. my oreo is still here",
    "lights went out again, somebody pass an oreo",
    "they say the lights went out; oreo and candles it is",
)


class Feed:
    """A server that speaks as Jetstream does; whatever is added is sent to all who listen.

    ``start`` and ``stop`` on one event loop.
    """

    def __init__(self, past: Sequence[dict[str, Any]] = ()) -> None:
        self.messages = list(past)
        self._newest_us = past[-1]["time_us"] if past else 0
        self._came = asyncio.Condition()
        self._clients: set[asyncio.Task[None]] = set()
        self._server: Server | None = None
        self.url = ""

    async def start(self) -> None:
        self._server = await serve(self._client, "127.0.0.1", 0)
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}"

    async def stop(self) -> None:
        for client in list(self._clients):
            client.cancel()  # it may wait for news for ever
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def add(self, events: Sequence[dict[str, Any]]) -> None:
        """Stamp events with the present, as they come from the network, and send them."""
        now_us = round(datetime.now(UTC).timestamp() * 1e6)
        for event in events:
            self._newest_us = max(self._newest_us + 1, now_us)
            self.messages.append({**event, "time_us": self._newest_us})
        async with self._came:
            self._came.notify_all()

    async def _client(self, client: ServerConnection) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        with suppress(asyncio.CancelledError):
            await self._serve(client)
        self._clients.discard(task)

    async def _serve(self, client: ServerConnection) -> None:
        assert client.request is not None
        asked = parse_qs(urlsplit(client.request.path).query)
        wanted = asked.get("wantedCollections", [])
        place = self._place(int(asked.get("cursor", [str(self._newest_us)])[0]))
        with suppress(ConnectionClosed):
            while True:
                while place < len(self.messages):
                    message = self.messages[place]
                    place += 1
                    if not wanted or message["commit"]["collection"] in wanted:
                        await client.send(json.dumps(message))
                async with self._came:
                    while place >= len(self.messages):
                        await self._came.wait()

    def _place(self, cursor_us: int) -> int:
        return bisect_left(self.messages, cursor_us, key=lambda message: message["time_us"])


class Relay:
    """A feed of what a PDS says."""

    def __init__(self, pds_url: str, past: Sequence[dict[str, Any]] = ()) -> None:
        self._firehose = pds_url.replace("http", "ws", 1) + "/xrpc/com.atproto.sync.subscribeRepos"
        self._following: asyncio.Task[None] | None = None
        self.feed = Feed(past)

    async def start(self) -> None:
        await self.feed.start()
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._following is not None:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
        await self.feed.stop()

    async def _follow(self) -> None:
        async for socket in connect(self._firehose, max_size=2**22):
            with suppress(ConnectionClosed):
                async for message in socket:
                    assert isinstance(message, bytes)
                    await self.feed.add(list(jetstream_events(message)))


def jetstream_events(message: bytes) -> Iterator[dict[str, Any]]:
    """Yield the created records of one firehose message in Jetstream's form, without its time."""
    header, body = _cbor_sequence(message)
    if header.get("t") != "#commit":
        return
    blocks = dict(_blocks(body["blocks"]))
    for op in body["ops"]:
        if op["action"] != "create":
            continue
        collection, _, rkey = op["path"].partition("/")
        yield {
            "did": body["repo"],
            "kind": "commit",
            "commit": {
                "rev": body["rev"],
                "operation": "create",
                "collection": collection,
                "rkey": rkey,
                "record": cbor2.loads(blocks[_cid(op["cid"])], tag_hook=_link),
                "cid": _cid(op["cid"]).hex(),
            },
        }


def said(text: str, number: int, author: str = "") -> dict[str, Any]:
    """Return a post as a Jetstream message, without its time."""
    return {
        "did": author or f"did:plc:past{number % 997}",
        "kind": "commit",
        "commit": {
            "rev": str(number),
            "operation": "create",
            "collection": POST,
            "rkey": f"past{number}",
            "record": {"$type": POST, "text": text, "langs": ["en"]},
            "cid": f"past{number}",
        },
    }


def past_of(posts: pl.DataFrame, until: datetime) -> list[dict[str, Any]]:
    """Return recorded posts as Jetstream messages, moved in time so that they end at ``until``."""
    at = posts["at"].dt.epoch("us")
    shift = round(until.timestamp() * 1e6) - int(at[-1])
    texts = zip(at.to_list(), posts["text"], strict=True)
    return [
        {**said(text, number), "time_us": at_us + shift}
        for number, (at_us, text) in enumerate(texts)
    ]


def _cbor_sequence(message: bytes) -> list[Any]:
    stream = BytesIO(message)
    parts = []
    while stream.tell() < len(message):
        parts.append(cbor2.CBORDecoder(stream).decode())
    return parts


def _blocks(car: bytes) -> Iterator[tuple[bytes, bytes]]:
    # a CAR file: a header, then blocks, each with its length and its CIDv1 (sha-256) before it
    length, place = _varint(car, 0)
    place += length
    while place < len(car):
        length, start = _varint(car, place)
        place = start + length
        cid_size = 4 + 32
        yield car[start : start + cid_size], car[start + cid_size : place]


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def _cid(tag: cbor2.CBORTag) -> bytes:
    content: bytes = tag.value
    return content[1:]  # a leading zero marks it as binary


def _link(tag: cbor2.CBORTag, _is_key: bool) -> dict[str, str]:
    return {"$link": tag.value[1:].hex()}
