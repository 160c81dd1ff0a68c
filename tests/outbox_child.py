"""An outbox in a process of its own, made to be killed: FOLDER SERVICE HANDLE PASSWORD."""

import asyncio
import sys
from pathlib import Path

from rtm.clock import WallClock
from rtm.decisions import Outcome
from rtm.outbox import Outbox
from rtm.publish.bluesky import Bluesky
from rtm.store.store import Store


async def no_secret(_text: str) -> None:
    return None


async def main(folder: str, service: str, handle: str, password: str) -> None:
    store, clock = Store.open(Path(folder)), WallClock()

    async def settle(sending: int, outcome: Outcome) -> None:
        await asyncio.to_thread(store.settle, sending, outcome)

    channel = Bluesky(service, handle, password, clock=clock)
    await Outbox(store.sendings, settle, channel, clock, lambda _card: None, no_secret).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
