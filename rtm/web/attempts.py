"""Slow down those who guess passwords: five tries are free, then each costs a longer pause."""

from collections import OrderedDict
from dataclasses import dataclass, field

FREE = 5
LONGEST_PAUSE_S = 60.0  # a stranger who guesses a name keeps its owner out no longer than this
FORGOTTEN_S = 900.0  # after the last try
MOST = 4_096  # names, and addresses, that are remembered; the oldest go first


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last_s: float = 0.0


@dataclass(slots=True)
class Attempts:
    """Failed logins by name and by address, in memory; times in seconds of any steady clock.

    A try counts as failed until ``succeeded`` is told, so that many at once are no way around.
    """

    _tries: OrderedDict[tuple[str, str], _Tries] = field(default_factory=OrderedDict)

    def begin(self, name: str, address: str, now_s: float) -> float:
        """Return for how many seconds a try must wait; 0 when it may be made, and is counted."""
        keys = _keys(name, address)
        pause_s = max(self._pause_s(key, now_s) for key in keys)
        if pause_s > 0:
            return pause_s
        for key in keys:
            tries = self._tries.setdefault(key, _Tries())
            tries.count += 1
            tries.last_s = now_s
            self._tries.move_to_end(key)
        while len(self._tries) > 2 * MOST:
            self._tries.popitem(last=False)
        return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Take the try back: forget the name's failures, keep those of the address."""
        by_name, by_address = _keys(name, address)
        self._tries.pop(by_name, None)
        if (tries := self._tries.get(by_address)) is not None:
            tries.count -= 1

    def _pause_s(self, key: tuple[str, str], now_s: float) -> float:
        tries = self._tries.get(key)
        if tries is None:
            return 0.0
        if now_s - tries.last_s > FORGOTTEN_S:
            del self._tries[key]
            return 0.0
        if tries.count < FREE:
            return 0.0
        pause_s: float = min(LONGEST_PAUSE_S, 2.0 ** min(tries.count - FREE, 10))
        return max(0.0, tries.last_s + pause_s - now_s)


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("name", name.casefold()), ("address", address)
