"""A clock that tests turn by hand."""

import asyncio
from datetime import UTC, datetime


class HandClock:
    """Rests end when the test lets the time go on."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._resting: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_s, UTC)

    async def rest(self, seconds: float) -> None:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._resting.append((self.now_s + seconds, over))
        await over

    async def go(self, seconds: float) -> None:
        self.now_s += seconds
        for due_s, over in list(self._resting):
            if due_s <= self.now_s + 1e-9:
                self._resting.remove((due_s, over))
                if not over.done():
                    over.set_result(None)
        await settled()


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
