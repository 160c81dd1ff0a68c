"""When the mood that was learned no longer fits: the error of each label, watched by ADWIN.

References
----------
Bifet and Gavalda (2007), Learning from time-changing data with adaptive windowing,
doi:10.1137/1.9781611972771.42. Deviation: only a window that became worse counts; an error that
falls is learning.
"""

from collections.abc import Sequence
from typing import Any  # river's own types are switched off for most of it

CONFIDENCE = 0.002  # ADWIN's delta
KEPT = 1000  # errors; at twice as many, ADWIN begins again with the latest, so that memory ends


class ErrorWatch:
    """ADWIN over errors from 0 to 1, and those errors, to be taken up from a snapshot."""

    def __init__(self, errors: Sequence[float] = ()) -> None:
        self._begin(errors)

    def step(self, error: float) -> int:
        """Take the next error; return how many of the latest belong to a new, worse time, or 0."""
        if len(self.errors) == 2 * KEPT:
            self._begin(self.errors[-KEPT:])
        self.errors.append(error)
        self._adwin.update(error)
        if not self._adwin.drift_detected:
            return 0
        newest = int(self._adwin.width)
        after = self.errors[-newest:]
        before = self.errors[:-newest]
        self._begin()  # as ADWIN itself will, at its next error
        if before and sum(after) / len(after) > sum(before) / len(before):
            return newest
        return 0

    def _begin(self, errors: Sequence[float] = ()) -> None:
        from river.drift import ADWIN

        adwin: Any = ADWIN
        self.errors: list[float] = []
        self._adwin = adwin(delta=CONFIDENCE)
        for error in errors:
            self.step(error)
