"""The brand's vital signs on the live board: which buckets of which sign were unusual."""

from collections import deque
from collections.abc import Callable, Mapping

import msgspec

from rtm.series.vitals import SIGNS, Amount, Vitals
from rtm.trends.volume import KEPT, Volume

Amounts = Callable[[int], Mapping[str, Amount]]
"""Returns the amounts of the bucket that begins at a second, by sign, besides the volume's."""


class Signs:
    """Read each bucket once it is over; told of the volume as often as one likes."""

    def __init__(self) -> None:
        self._vitals = Vitals()
        self._read = -1
        self._unusual: dict[str, deque[int]] = {sign: deque(maxlen=KEPT) for sign in SIGNS}

    def read(self, volume: Volume, amounts: Amounts = lambda start: {}) -> None:
        """Read the buckets that are over and were not read yet."""
        for bucket in volume.closed_after(self._read):
            self._read = bucket.start
            about = {"volume": Amount(float(bucket.about), float(bucket.posts))}
            for one in self._vitals.step(bucket.start, {**about, **amounts(bucket.start)}):
                if one.is_alarm:
                    self._unusual[one.sign].append(one.start)

    def is_unusual(self, start: int, sign: str = "volume") -> bool:
        """Tell whether a sign was unusually high in the bucket that begins at this second."""
        return start in self._unusual[sign]

    def latest(self, sign: str) -> int:
        """Return the first second of the latest unusual bucket of a sign; -1 before any."""
        return self._unusual[sign][-1] if self._unusual[sign] else -1

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        unusual = {sign: list(starts) for sign, starts in self._unusual.items()}
        return msgspec.msgpack.encode((self._vitals.snapshot(), self._read, unusual))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        vitals, self._read, unusual = msgspec.msgpack.decode(
            content, type=tuple[bytes, int, dict[str, list[int]]]
        )
        self._vitals.restore(vitals)
        for sign, starts in unusual.items():
            self._unusual[sign] = deque(starts, maxlen=KEPT)
