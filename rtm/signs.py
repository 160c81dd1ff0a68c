"""The brand's vital signs on the live board: which buckets of its volume were unusual."""

from collections import deque

import msgspec

from rtm.series.vitals import Amount, Vitals
from rtm.trends.volume import KEPT, Volume

SIGN = "volume"  # mood and complaints join it here once posts are judged for them


class Signs:
    """Read each bucket once it is over; told of the volume as often as one likes."""

    def __init__(self) -> None:
        self._vitals = Vitals((SIGN,))
        self._read = -1
        self._unusual: deque[int] = deque(maxlen=KEPT)

    def read(self, volume: Volume) -> None:
        """Read the buckets that are over and were not read yet."""
        for bucket in volume.closed_after(self._read):
            self._read = bucket.start
            amount = Amount(float(bucket.about), float(bucket.posts))
            readings = self._vitals.step(bucket.start, {SIGN: amount})
            self._unusual += [one.start for one in readings if one.is_alarm]

    def is_unusual(self, start: int) -> bool:
        """Tell whether the bucket that begins at this second was unusually loud."""
        return start in self._unusual

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.msgpack.encode((self._vitals.snapshot(), self._read, list(self._unusual)))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        vitals, self._read, unusual = msgspec.msgpack.decode(
            content, type=tuple[bytes, int, list[int]]
        )
        self._vitals.restore(vitals)
        self._unusual = deque(unusual, maxlen=KEPT)
