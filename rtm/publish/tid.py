"""Keys of records on the AT Protocol: timestamps that sort, 13 letters each (TID)."""

import os
from datetime import UTC, datetime, timedelta

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
CLOCK_BITS = 10

THREAD = 1 << CLOCK_BITS - 1  # keys of a thread's further posts stand on a clock of their own

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
        self._clock = (os.getpid() if clock is None else clock) % THREAD
        self._last = 0

    def next(self, at: datetime) -> str:
        """Return a key for a moment, after every key before."""
        self._last = max(self._last + 1, (at - _EPOCH) // _MICROSECOND)
        return tid(self._last, self._clock)


def thread_keys(first: str, posts: int) -> list[str]:
    """Return the keys of a thread's posts, told by the key of the first, in order.

    No key of ``Tids`` is ever among the further ones.

    >>> thread_keys("3aovl6s6b622b", 3)
    ['3aovl6s6b622b', '3aovl6s6b63kb', '3aovl6s6b64kb']
    """
    number = 0
    for letter in first:
        number = number << 5 | LETTERS.index(letter)
    moment, clock = number >> CLOCK_BITS, number & (1 << CLOCK_BITS) - 1
    return [first, *(tid(moment + part, clock | THREAD) for part in range(1, posts))]
