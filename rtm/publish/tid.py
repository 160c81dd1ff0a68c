"""Keys of records on the AT Protocol: timestamps that sort, 13 letters each (TID)."""

import os
from datetime import UTC, datetime, timedelta

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
CLOCK_BITS = 10

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = (1 << 53) - 1


def tid(microseconds: int, clock: int) -> str:
    """Return the key of a moment (microseconds of Unix time) on one of 1,024 clocks.

    >>> tid(1_359_942_498_000_000, 7)
    '3aovl6s6b622b'
    """
    number = min(max(0, microseconds), _LAST) << CLOCK_BITS | clock % (1 << CLOCK_BITS)
    return "".join(LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


class Tids:
    """Keys in order, never one twice, even if the clock stands still or is set back."""

    def __init__(self, clock: int | None = None) -> None:
        self._clock = os.getpid() if clock is None else clock
        self._last = 0

    def next(self, at: datetime) -> str:
        """Return a key for a moment, after every key before."""
        self._last = max(self._last + 1, (at - _EPOCH) // _MICROSECOND)
        return tid(self._last, self._clock)
