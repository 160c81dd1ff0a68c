"""Where a source stands in a stream that is read from a cursor: what was told, and what is lost.

The cursor is the server's time. Servers differ: another host may have stamped the same post some
seconds earlier or later; some, asked for a moment, begin an hour before it; and while a host
changes from its memory to the present, present messages may come before the rest of its memory.
So every return is rewound, what was told is known again, and one early stamp moves nothing.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable

SAME_HOST_US = 5_000_000
OTHER_HOST_US = 60_000_000
MEMORY_US = 120_000_000  # how far back, in the stream's time, posts are known again
MEMORY = 200_000  # posts known again at most
HOLE_US = 60_000_000
ENOUGH = 16  # messages whose distances tell how dense the stream is
TAIL = 16  # the latest messages among which some may come too early
RARE = 20  # a hole this many usual distances long is not just silence


class Place:
    """One source's place; times in microseconds of the stream's own time.

    ``reached_us`` is up to when the stream was told, None before the first message. ``repeated``
    counts posts that came again and were not told again.
    """

    def __init__(self) -> None:
        self.reached_us: int | None = None
        self.repeated = 0
        self._first_us = 0
        self._floor_us = 0
        self._skip_us = 0
        self._told: OrderedDict[str, int] = OrderedDict()
        self._already: set[str] = set()
        self._last_us: int | None = None  # in this connection
        self._newest_us: int | None = None  # in all
        self._distances: deque[int] = deque(maxlen=64)
        self._hole: int | None = None

    def already(self, ids: Iterable[str]) -> None:
        """Be told of posts from before this start that must not be told again."""
        self._already.update(ids)

    def begin(self, since_us: int | None, first_us: int) -> None:
        """Start at ``since_us``, up to which all was told; else go on; else at ``first_us``."""
        self._first_us = first_us
        if since_us is not None:
            self.reached_us = max(since_us, self.reached_us or 0)
            self._newest_us = max(since_us, self._newest_us or 0)

    def ask(self, *, is_other_host: bool) -> int:
        """Return the cursor to connect with; a connection begins."""
        self._last_us = self._hole = None
        if self.reached_us is None:
            self._floor_us = self._first_us
            return self._first_us + self._skip_us
        self._floor_us = self.reached_us - MEMORY_US
        if self._skip_us:
            return self.reached_us + self._skip_us
        return self.reached_us - (OTHER_HOST_US if is_other_host else SAME_HOST_US)

    def skip(self) -> None:
        """Leave out the next second, more each time: something there always ends the connection."""
        self._skip_us = max(1_000_000, 2 * self._skip_us)

    def is_known(self, key: str, id: str, at_us: int) -> bool:
        """Tell whether a post was told, now or before this start; it is counted."""
        is_known = at_us < self._floor_us or key in self._told
        if not is_known and id in self._already:
            self._already.discard(id)
            self._told[key] = max(at_us, self.reached_us or 0)
            is_known = True
        self.repeated += is_known
        return is_known

    def passed(self, at_us: int) -> int | None:
        """Pass a message, in order of arrival; return the length of the hole before it, if any.

        Only a hole in what was being heard counts: how much a first start may rewind is the
        server's choice. Where nobody speaks for long, silence is no hole.
        """
        if self._last_us is not None:
            self._distances.append(max(0, at_us - self._last_us))
        elif self._newest_us is not None and at_us - self._newest_us > HOLE_US:
            self._hole = at_us - self._newest_us
        self._last_us = at_us
        self._newest_us = max(at_us, self._newest_us or 0)
        if self._hole is None or len(self._distances) < ENOUGH:
            return None
        hole, self._hole = self._hole, None
        usual = sum(self._distances) / len(self._distances)
        return hole if hole > RARE * usual else None

    def reach(self, passed_us: list[int], told: dict[str, int]) -> bool:
        """Be told that the messages passed of late and their new posts (key, time) were told.

        Returns whether that is further than before.
        """
        # by what was reached, too: a post much older than its neighbours may come again as well
        reached_us = self.reached_us or 0
        self._told.update({key: max(at_us, reached_us) for key, at_us in told.items()})
        # the least of some: a present message among older ones must not carry the cursor past them
        at_us = min(passed_us[-TAIL:])
        is_further = self.reached_us is None or at_us > self.reached_us
        if is_further:
            self.reached_us = at_us
            self._skip_us = 0
        oldest_us = max(reached_us, at_us) - MEMORY_US
        told_us = self._told.values()
        while self._told and (len(self._told) > MEMORY or next(iter(told_us)) < oldest_us):
            self._told.popitem(last=False)
        return is_further
