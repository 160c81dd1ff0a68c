"""How long a stream spoke: the time over which rates are stated, and its blocks.

Active time runs from the first post to the last, less every silence of more than six hours (the
engine warms up again after one). Two evenings a month apart are two evenings, not a month.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

SILENCE_S = 6 * 3600
HOUR_S, DAY_S = 3600, 86_400
FEW_DAYS = 4  # up to which rates are resampled by hours, else by days


class Activity:
    """Active time of posts whose times (microseconds since 1970) are given in order."""

    def __init__(self, at_us: NDArray[np.int64]) -> None:
        self._at_us = at_us
        gaps_s = np.diff(at_us) / 1e6
        self._since_s = np.concatenate(
            [np.zeros(min(1, at_us.size)), np.cumsum(np.where(gaps_s > SILENCE_S, 0.0, gaps_s))]
        )
        self.seconds = float(self._since_s[-1]) if at_us.size else 0.0

    @property
    def block_s(self) -> int:
        """How long the blocks are by which rates are resampled: an hour, or a day."""
        return HOUR_S if self.seconds <= FEW_DAYS * DAY_S else DAY_S

    def blocks(self, moments: Sequence[datetime]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return how many moments fall into each block of active time, and its seconds."""
        count = max(1, int(np.ceil(self.seconds / self.block_s)))
        lengths = np.full(count, float(self.block_s))
        lengths[-1] = self.seconds - (count - 1) * self.block_s
        places = [self._since_first_s(moment) // self.block_s for moment in moments]
        inside = np.minimum(np.array(places, np.int64), count - 1)
        return np.bincount(inside, minlength=count), lengths

    def _since_first_s(self, moment: datetime) -> float:
        us = (moment - datetime.fromtimestamp(0, moment.tzinfo)) // timedelta(microseconds=1)
        place = int(np.searchsorted(self._at_us, us, side="right")) - 1
        if place < 0:
            return 0.0
        following = self._since_s[min(place + 1, self._since_s.size - 1)]
        return float(min(self._since_s[place] + (us - self._at_us[place]) / 1e6, following))
