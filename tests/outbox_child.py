"""An outbox in a process of its own, made to be killed: FOLDER SERVICE HANDLE PASSWORD."""

import asyncio
import sys
from pathlib import Path

from rtm.clock import WallClock
from rtm.decisions import Outcome
from rtm.draft import Message, Picture
from rtm.errors import PublishError
from rtm.outbox import Outbox
from rtm.publish.bluesky import Bluesky
from rtm.publish.publisher import Attached, Limits
from rtm.store.store import Store


async def fine(_card: str, _channel: str, _message: Message) -> None:
    return None


async def no_picture(picture: Picture, _limits: Limits) -> Attached:
    raise PublishError(f"no picture {picture.id}")


async def main(folder: str, service: str, handle: str, password: str) -> None:
    store, clock = Store.open(Path(folder)), WallClock()

    async def settle(sending: int, outcome: Outcome) -> None:
        await asyncio.to_thread(store.settle, sending, outcome)

    channel = Bluesky(service, handle, password, clock=clock)
    outbox = Outbox(
        store.sendings,
        settle,
        [channel],
        clock,
        held=lambda _card: None,
        forbids=fine,
        attach=no_picture,
    )
    await outbox.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
