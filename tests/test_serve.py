"""What runs beside the desk must not end it."""

import asyncio
from collections.abc import Sequence
from typing import cast

from rtm.decisions import Leaked, Record
from rtm.desk.leaking import GivenAway, Leaking
from rtm.errors import StoreError
from rtm.serve import _guarded
from tests.rooms import clock, room, store

__all__ = ["clock", "room", "store"]  # the fixtures of a room


class Alarming:
    """A guard that finds the same post each time; the first time it fails by itself."""

    def __init__(self) -> None:
        self.looks = 0

    def alarms(self, now_s: float) -> list[GivenAway]:
        self.looks += 1
        if self.looks == 1:
            raise MemoryError
        return [GivenAway("p1", "merger", 1.0, "we merge on Monday")]


async def test_a_leak_that_cannot_be_found_or_kept_at_first_is_kept_later(room, monkeypatch):
    keep, failures, told = room.keep, [StoreError("the disk is full")], asyncio.Event()

    async def failing(records: Sequence[Record], first: int | None = None) -> list[Record]:
        if failures:
            raise failures.pop()
        kept: list[Record] = await keep(records, first)
        told.set()
        return kept

    monkeypatch.setattr(room, "keep", failing)
    guarding = asyncio.create_task(_guarded(cast(Leaking, Alarming()), room))
    async with asyncio.timeout(10):
        await asyncio.wait(
            {guarding, waited := asyncio.create_task(told.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )

    assert not guarding.done()
    assert waited.done()
    assert [type(one) for one in room.board.leaks] == [Leaked]
    guarding.cancel()
