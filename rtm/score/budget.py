"""How much people are shown: no more than they can look at, and the best of it.

The floor of surprise says what is no chance; on a loud day that is still too much to look at. So
an alarm is given only to what ranks among the best of the last day, as many as the day's budget
allows, or, while a watched event is on, among those of the last hour. In the long run as many are
given as were asked for. What is held back may rise later, and is shown then.
"""

from collections import deque

import msgspec

DAY_S, HOUR_S = 86_400, 3600


class Budget:
    """Rank candidates as they appear and grow; told of them in order of time (ticks)."""

    def __init__(self, per_day: int, per_hour: int) -> None:
        self._per_day, self._per_hour = per_day, per_hour
        self._seen: deque[tuple[int, str]] = deque()  # tick at which a candidate was first seen
        self._worth: dict[str, float] = {}  # the most that each has been worth

    def allows(self, tick: int, candidate: str, worth: float, *, is_event_on: bool = False) -> bool:
        """Tell whether a candidate of this worth is among those that people are shown now."""
        while self._seen and self._seen[0][0] <= tick - DAY_S:
            del self._worth[self._seen.popleft()[1]]
        if candidate not in self._worth:
            self._seen.append((tick, candidate))
        self._worth[candidate] = max(worth, self._worth.get(candidate, worth))
        since = tick - (HOUR_S if is_event_on else DAY_S)
        better = 0
        for seen, other in reversed(self._seen):
            if seen <= since:
                break
            better += other != candidate and self._worth[other] >= worth
        return better < (self._per_hour if is_event_on else self._per_day)

    def limit(self, *, is_event_on: bool) -> str:
        """Say how many alarms are given, such as "20 alarms a day"."""
        most, span = (self._per_hour, "an hour") if is_event_on else (self._per_day, "a day")
        return f"{most} alarm{'' if most == 1 else 's'} {span}"

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.json.encode((list(self._seen), self._worth))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        seen, self._worth = msgspec.json.decode(
            content, type=tuple[list[tuple[int, str]], dict[str, float]]
        )
        self._seen = deque(seen)
