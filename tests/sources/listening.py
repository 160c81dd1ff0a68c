"""A live source that runs in a test, with a clock that the test may put ahead."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from rtm.sources.jetstream import Jetstream
from rtm.sources.stream import Inbox
from tests.servers.jetstream_server import JetstreamServer, Told, message_of

S = 1_000_000


class JumpingClock:
    """The machine's clock that a test may put ahead; rests take no time and are remembered."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self.rests: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s)

    def now_us(self) -> int:
        return round(self.now().timestamp() * 1e6)

    async def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        await asyncio.sleep(0.01)


class Listening:
    """A source that runs, and what came from it."""

    def __init__(self, source: Jetstream, clock: JumpingClock, inbox: Inbox) -> None:
        self.source = source
        self.clock = clock
        self.inbox = inbox
        self.ids: list[str] = []

    @property
    def rkeys(self) -> list[str]:
        self.ids += self.inbox.take()["id"].to_list()
        return [id.rsplit("/", 1)[1] for id in self.ids]

    async def until(self, is_so: Callable[[], bool]) -> None:
        for _ in range(800):
            if is_so():
                return
            await asyncio.sleep(0.01)
        pytest.fail(f"it never came to that; {self.source.health}")


@asynccontextmanager
async def listening(
    *hosts: JetstreamServer,
    since_us: int | None = None,
    already: tuple[str, ...] = (),
    full: int = 50_000,
) -> AsyncIterator[Listening]:
    clock, inbox = JumpingClock(), Inbox(full)
    source = Jetstream(
        [host.url for host in hosts], clock=clock, rewind_s=600, rng=random.Random(1)
    )
    source.already(already)
    running = asyncio.create_task(source.run(inbox, since_us))
    yield Listening(source, clock, inbox)
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def now_us() -> int:
    return round(datetime.now(UTC).timestamp() * 1e6)


def stream(n: int, first_us: int, step_us: int = S // 10) -> list[Told]:
    return [message_of(first_us + k * step_us, f"k{k}") for k in range(n)]


def names(n: int) -> list[str]:
    return [f"k{k}" for k in range(n)]
