"""An outbox at work on a store, and networks for it that go wrong in stated ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rtm.clock import WallClock
from rtm.decisions import Fired, Outcome, Refused, Sent
from rtm.draft import Message, Picture
from rtm.errors import OutcomeUnknown, PublishError, StoreError
from rtm.outbox import Outbox
from rtm.publish.bluesky import Bluesky
from rtm.publish.publisher import Attached, Counts, Limits, Outgoing, Publisher, Receipt
from rtm.store.sendings import Sending
from rtm.store.store import Store
from tests.servers.xrpc_server import Fault, XrpcServer

CHILD = Path(__file__).parent / "outbox_child.py"


class Hasty:
    """A clock on which rests are over at once: time jumps ahead by as much."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def rest(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
        await asyncio.sleep(0.01)


class NewKeys:
    """A channel as it must not be: it makes up a key for each try."""

    name, limits, is_dry, repeats_safely = "bluesky", Bluesky.limits, False, True
    can_look = True

    def __init__(self, channel: Bluesky) -> None:
        self._channel = channel
        self.account = channel.account
        self.key, self.find = channel.key, channel.find
        self.open, self.close = channel.open, channel.close
        self.prepare, self.delete = channel.prepare, channel.delete
        self.counts, self.followers = channel.counts, channel.followers

    async def publish(self, post: Outgoing) -> Receipt:
        return await self._channel.publish(replace(post, key=self.key(post.at)))


class Once:
    """A network where the same key twice is two posts. ``meets`` is what the next calls meet."""

    name, account, limits, is_dry = "once", "brand", Limits(300, None), False
    repeats_safely = False
    can_look = True

    def __init__(self, *meets: Exception) -> None:
        self.meets = list(meets)
        self.arrived: list[str] = []
        self.calls = 0

    def key(self, at: datetime) -> str:
        return at.isoformat()

    async def open(self) -> None:
        return None

    async def prepare(self, post: Outgoing) -> None:
        return None

    async def delete(self, uri: str) -> None:
        return None

    async def counts(self, uri: str) -> Counts:
        return Counts()

    async def followers(self) -> int | None:
        return None

    async def publish(self, post: Outgoing) -> Receipt:
        self.calls += 1
        if self.meets:
            raise self.meets.pop(0)
        self.arrived.append(post.key)
        return Receipt(f"once:{post.key}", None)

    async def find(self, post: Outgoing) -> Receipt | None:
        return Receipt(f"once:{post.key}", None) if post.key in self.arrived else None

    async def close(self) -> None:
        return None


class Late(Once):
    """A network that a post reaches half a minute after its call was cut off."""

    def __init__(self, clock: Hasty, *meets: Exception) -> None:
        super().__init__(OutcomeUnknown("broke off"), *meets)
        self._clock = clock
        self._arrives: datetime | None = None

    async def publish(self, post: Outgoing) -> Receipt:
        self.sent_on()
        return await super().publish(post)

    async def find(self, post: Outgoing) -> Receipt | None:
        is_there = self._arrives is not None and self._clock.now() >= self._arrives
        return Receipt(f"once:{post.key}", None) if is_there else None

    def sent_on(self) -> None:
        self._arrives = self._arrives or self._clock.now() + timedelta(seconds=30)


class Crossed(Once):
    """A network on which ``twin`` leaves and arrives while another of its words is looked for."""

    twin: Sending

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def find(self, post: Outgoing) -> Receipt | None:
        if post.taken:
            return None
        uri = f"once:{self.twin.key}"
        if not post.twins:
            self._store.sendings.firing(self.twin.id)
            return Receipt(uri, None)
        sent = Sent(
            at=self.twin.at,
            opportunity=self.twin.opportunity,
            channel=self.name,
            account=self.account,
            key=self.twin.key,
            uri=uri,
            url=None,
        )
        self._store.settle(self.twin.id, sent)
        raise OutcomeUnknown("1 of 2 posts of the same words are there")


class Desk:
    """A store with what was fired and what became of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder)
        self.outcomes: list[Outcome] = []
        self.told = asyncio.Event()
        self.locks: dict[str, str] = {}  # by opportunity
        self.secrets: dict[str, str] = {}  # labels by text
        self.failures = 0  # of settling, from now on

    def fire(self, channel: Publisher, number: int = 1, at: datetime | None = None) -> None:
        at = at or datetime.now(UTC)
        fired = Fired(
            at=at,
            opportunity=f"o{number}",
            who="ada",
            channel=channel.name,
            account=channel.account,
            key=channel.key(at),
            text="You can still dunk in the dark",
        )
        self.store.decide(fired, key=f"fire {number}")

    async def settle(self, sending: int, outcome: Outcome) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk is full")
        await asyncio.to_thread(self.store.settle, sending, outcome)
        self.outcomes.append(outcome)
        self.told.set()

    async def forbids(self, _card: str, _channel: str, message: Message) -> str | None:
        secret = self.secrets.get(message.text)
        return None if secret is None else f"It gives away '{secret}'"

    async def attach(self, picture: Picture, _limits: Limits) -> Attached:
        raise PublishError(f"no picture {picture.id}")

    async def until(self, *kinds: type) -> None:
        async with asyncio.timeout(10):
            while [type(outcome) for outcome in self.outcomes] != list(kinds):
                self.told.clear()
                await self.told.wait()

    @asynccontextmanager
    async def working(
        self, *channels: Publisher, clock: Hasty | None = None
    ) -> AsyncIterator[Outbox]:
        outbox = Outbox(
            self.store.sendings,
            self.settle,
            channels,
            clock or Hasty(),
            held=self.locks.get,
            forbids=self.forbids,
            attach=self.attach,
        )
        task = asyncio.create_task(outbox.run())
        try:
            yield outbox
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "store")
    yield made
    made.store.close()


@pytest.fixture
async def network():
    server = XrpcServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bluesky(network: XrpcServer):
    channel = Bluesky(
        network.url, network.handle, network.password, clock=WallClock(), patience_s=0.3
    )
    yield channel
    await channel.close()


async def settled(desk: Desk, network: XrpcServer, channel: Publisher, *faults: Fault) -> None:
    """Fire one post at a network with faults, and wait until it is told as sent."""
    network.faults["putRecord"].extend(faults)
    desk.fire(channel)

    async with desk.working(channel), asyncio.timeout(10):
        while not any(isinstance(outcome, Sent | Refused) for outcome in desk.outcomes):
            desk.told.clear()
            await desk.told.wait()
