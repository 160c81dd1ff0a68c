"""Time, handed in: the only module that may ask the machine what time it is."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

LONGEST_SLEEP_S = 60.0  # the machine's clock may be set while we sleep


class Clock(Protocol):
    """What a part needs when it must know the time: it takes one of these."""

    def now(self) -> datetime:
        """Return the present moment, with its zone."""
        ...

    def sleep_until(self, at: datetime) -> None:
        """Return once ``at`` has come; at once when it is past."""
        ...


class Beat(Protocol):
    """A clock for asyncio: the board's time may run at another speed, but rests are real."""

    def now(self) -> datetime:
        """Return the present moment, with its zone."""
        ...

    async def rest(self, seconds: float) -> None:
        """Return after so many real seconds."""
        ...


class WallClock:
    """The machine's own clock."""

    async def rest(self, seconds: float) -> None:
        """Let other tasks run for so many seconds."""
        await asyncio.sleep(seconds)

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)

    def sleep_until(self, at: datetime) -> None:
        """Sleep until the machine's clock shows ``at``."""
        while (left_s := (at - self.now()).total_seconds()) > 0:
            time.sleep(min(left_s, LONGEST_SLEEP_S))


class FixedClock:
    """A clock that stands still until it is set or slept on, for tests and for replays."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.at

    def sleep_until(self, at: datetime) -> None:
        """Be at that moment, without waiting; never go back."""
        self.at = max(self.at, at)


class Stopwatch:
    """Measure how long a piece of work took, in seconds; never used for results."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._cpu = time.process_time()

    def wall_s(self) -> float:
        """Return seconds since the start."""
        return time.perf_counter() - self._started

    def cpu_s(self) -> float:
        """Return processor seconds of this process since the start."""
        return time.process_time() - self._cpu
