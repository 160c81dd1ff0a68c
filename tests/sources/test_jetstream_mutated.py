"""Ten thousand broken frames: none stops the source, each is counted. RTM_SEED chooses them."""

import asyncio
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from rtm.sources.jetstream import Jetstream
from rtm.sources.jetstream_posts import SenselessError, decode
from rtm.sources.stream import Inbox
from tests.servers.jetstream_server import JetstreamServer, message_of
from tests.sources.listening import JumpingClock

REAL = (Path(__file__).parents[1] / "data" / "jetstream.ndjson").read_bytes().splitlines()
SEED = int(os.environ.get("RTM_SEED", "1"))
VALUES = [
    b"null", b"true", b"17", b"-1", b"1e999", b"9" * 400, b'"x"', b"[]", b"{}", b"[" * 3_000,
    b"[" * 40 + b"]" * 40, b'"\\ud83d"', b'"\\u0000"', b'"\xff"', b'"\xf0\x9f\x8f\x88"', b"NaN",
]  # fmt: skip


def flip(frame: bytes, rng: random.Random) -> bytes:
    broken = bytearray(frame)
    for _ in range(rng.randrange(1, 6)):
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    return bytes(broken)


def cut(frame: bytes, rng: random.Random) -> bytes:
    start, end = sorted(rng.choices(range(len(frame) + 1), k=2))
    return rng.choice([frame[:end], frame[start:], frame[:start] + frame[end:]])


def insert(frame: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(frame) + 1)
    return frame[:at] + rng.choice([rng.randbytes(rng.randrange(1, 9)), *VALUES]) + frame[at:]


def swap(frame: bytes, rng: random.Random) -> bytes:
    colon = rng.choice([at for at, byte in enumerate(frame) if byte == ord(":")])
    end = min(at for mark in b",}" if (at := frame.find(mark, colon)) > 0)
    return frame[: colon + 1] + rng.choice(VALUES) + frame[end:]


def splice(frame: bytes, rng: random.Random) -> bytes:
    other = rng.choice(REAL)
    return frame[: rng.randrange(len(frame))] + other[rng.randrange(len(other)) :]


MUTATIONS: list[Callable[[bytes, random.Random], bytes]] = [flip, cut, insert, swap, splice]


def mutated(n: int) -> list[bytes]:
    rng = random.Random(SEED)
    return [rng.choice(MUTATIONS)(rng.choice(REAL), rng) for _ in range(n)]


def outcome(frame: bytes, now_us: int) -> str:
    try:
        return "no row" if decode(frame, now_us) is None else "row"
    except SenselessError as error:
        return error.cause


def test_mutations_reach_every_outcome():
    outcomes = {outcome(frame, 1_795_000_000_000_000) for frame in mutated(10_000)}

    assert outcomes == {
        "row",
        "no row",
        "not JSON",
        "not UTF-8",
        "unknown shape",
        "nested too deep",
        "no text",
        "lone surrogate",
        "time out of range",
    }


async def test_no_frame_stops_the_source_and_each_is_counted(tmp_path: Path):
    clock, inbox = JumpingClock(), Inbox()
    start_us = clock.now_us() - 5_000_000
    last = message_of(clock.now_us(), "last")

    async with JetstreamServer([message_of(start_us, "first")]) as host:
        source = Jetstream([host.url], clock=clock, rewind_s=2e8, aside=tmp_path / "aside.ndjson")
        running = asyncio.create_task(source.run(inbox, None))
        await host.tell(*mutated(10_000), last)
        ids: list[str] = []
        for _ in range(1_000):
            ids += inbox.take()["id"].to_list()
            if any(id.endswith("/last") for id in ids):
                break
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    assert len(host.asked) == 1
    assert len(ids) == source.health.posts > 2
    assert source.repeated > 0
    aside = sum(source.health.aside.values())
    assert source.health.posts + source.repeated + source.ignored + aside == 10_002
    assert len((tmp_path / "aside.ndjson").read_bytes().splitlines()) == aside
    assert len(source.aside.kept) == 100
