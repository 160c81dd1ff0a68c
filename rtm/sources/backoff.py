"""How long to wait before the next try: longer each time, and never in step with others."""

import random


class Backoff:
    """Full jitter: each wait is drawn from the whole span, whose end doubles up to ``high_s``.

    References
    ----------
    Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. Deviation: the
    span begins at ``low_s`` instead of 0, so that no try follows at once.

    Examples
    --------
    >>> backoff = Backoff(random.Random(1))
    >>> [round(backoff.next_s(), 1) for _ in range(4)]
    [0.6, 1.8, 3.2, 2.4]
    """

    def __init__(self, rng: random.Random, low_s: float = 0.5, high_s: float = 30.0) -> None:
        self._rng = rng
        self._low_s = low_s
        self._high_s = high_s
        self._end_s = low_s

    def next_s(self) -> float:
        """Return seconds to wait now, between ``low_s`` and ``high_s``."""
        self._end_s = min(self._high_s, 2 * self._end_s)
        return self._rng.uniform(self._low_s, self._end_s)

    def reset(self) -> None:
        """Be told that it works again: the next wait is a short one."""
        self._end_s = self._low_s
