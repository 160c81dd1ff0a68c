"""The vital signs of a brand, side by side: volume, mood, complaints, each a share of a whole.

Fed with closed buckets of five minutes, an ``Amount`` for each sign: posts about the brand out of
all posts, posts in a bad mood out of those about the brand, complaints out of mentions. As all are
shares, a stream that grows or breaks down as a whole changes none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from rtm.errors import StoreError
from rtm.series.detector import KEPT, OURS

SIGNS = ("volume", "mood", "complaints")
ALARM = 2.7  # surprise: on NAB's series an alarm in four days, and 30 of 35 labels within two hours


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of something (``x``), out of so much in all (``of``), in one bucket."""

    x: float
    of: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sign said in a bucket; ``start`` is the bucket's first second."""

    sign: str
    start: int
    amount: Amount
    score: float
    is_alarm: bool


class Vitals:
    """Read signs bucket by bucket, each by a detector of its own."""

    def __init__(
        self, signs: Sequence[str] = SIGNS, alarm: float = ALARM, detector: str = OURS
    ) -> None:
        self._detectors = {sign: KEPT[detector]() for sign in signs}
        self._alarm = alarm
        self._start = -1

    def step(self, start: int, amounts: Mapping[str, Amount]) -> list[Reading]:
        """Read a closed bucket and learn it; signs left out are in a gap, and so not read.

        Raises ``ValueError`` for a bucket that is not after the last one, and for an amount that is
        no number of posts: these are mistakes of the caller.
        """
        if start <= self._start:
            raise ValueError(f"bucket {start} does not come after bucket {self._start}")
        for sign, amount in amounts.items():
            if not (0 <= amount.x < float("inf") and 0 <= amount.of < float("inf")):
                raise ValueError(f"{sign} of bucket {start} is {amount}: not finite or below 0")
        self._start = start
        readings = []
        for sign, detector in self._detectors.items():
            if sign not in amounts:
                continue
            amount = amounts[sign]
            score = detector.score_one(amount.x, amount.of)
            detector.learn_one(amount.x, amount.of)
            readings.append(Reading(sign, start, amount, score, score >= self._alarm))
        return readings

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        kept = {sign: detector.snapshot() for sign, detector in self._detectors.items()}
        return msgspec.msgpack.encode((self._start, kept))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot of the same signs was made, or raise StoreError."""
        try:
            start, kept = msgspec.msgpack.decode(content, type=tuple[int, dict[str, bytes]])
        except msgspec.DecodeError as error:
            raise StoreError("snapshot: damaged; start without it") from error
        if kept.keys() != self._detectors.keys():
            raise StoreError("snapshot: of other signs; start without it")
        for sign, detector in self._detectors.items():
            detector.restore(kept[sign])
        self._start = start
