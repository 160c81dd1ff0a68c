"""A few stories of which nobody can say whether they fit, shown to learn from: never as alarms.

What is offered teaches only of what was thought to fit. So of the stories between ``UNSURE`` and
the relevance that is offered, a stated share is shown at the desk, at most so many a day. Which
ones is decided by the story's id, so that a replay shows the same.
"""

from collections import deque
from hashlib import blake2b

import msgspec

from rtm.score.budget import DAY_S

UNSURE = 0.1  # relevance from which a story may be tried
SHARE = 0.25  # of such stories that are tried
PER_DAY = 3  # at most: a minute's reading


class Trials:
    """Choose what is tried; told of stories in order of time (ticks)."""

    def __init__(self, share: float = SHARE, per_day: int = PER_DAY) -> None:
        self._share, self._per_day = share, per_day
        self._given: deque[int] = deque()

    def allows(self, tick: int, story: str, relevance: float) -> bool:
        """Tell whether a story that is not offered may be shown all the same, as of a tick."""
        while self._given and self._given[0] <= tick - DAY_S:
            self._given.popleft()
        is_chosen = relevance >= UNSURE and is_drawn(story, self._share)
        return is_chosen and len(self._given) < self._per_day

    def give(self, tick: int) -> None:
        """Count a story that is shown."""
        self._given.append(tick)

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.json.encode(list(self._given))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        self._given = deque(msgspec.json.decode(content, type=list[int]))


def is_drawn(story: str, share: float) -> bool:
    """Tell whether a story is among the share that may be tried; the same on every run.

    >>> is_drawn("s1", 1.0), is_drawn("s1", 0.0)
    (True, False)
    """
    drawn = int.from_bytes(blake2b(story.encode(), digest_size=8).digest(), "big")
    return drawn < share * 2**64
