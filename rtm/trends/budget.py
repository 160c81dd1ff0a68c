"""How many stories people are told: no more than they can look at, and the strongest of them.

The floor of surprise says what is no chance; on a loud day that is still too much. So a story is
told when it ranks among the strongest of the last day, as many as the day's budget allows, or,
while a watched event is on, of the last hour. In the long run as many are told as were asked for.
"""

from collections import deque
from collections.abc import Sequence

import msgspec

from rtm.trends.settings import Settings

DAY_S, HOUR_S = 86_400, 3600


class Budget:
    """Rank stories as they open and grow; told of them in order of time.

    ``events`` are the watched events as spans of ticks, both ends in them.
    """

    def __init__(self, settings: Settings, events: Sequence[tuple[int, int]] = ()) -> None:
        self._settings = settings
        self._events = tuple(events)
        self._seen: deque[tuple[int, str]] = deque()  # tick at which a story was first seen
        self._levels: dict[str, float] = {}

    def allows(self, tick: int, story: str, surprise: float) -> bool:
        """Tell whether a story that is so surprising now is among those to be told."""
        while self._seen and self._seen[0][0] <= tick - DAY_S:
            del self._levels[self._seen.popleft()[1]]
        if story not in self._levels:
            self._seen.append((tick, story))
        self._levels[story] = max(surprise, self._levels.get(story, 0.0))
        is_on = any(start <= tick <= end for start, end in self._events)
        most = self._settings.stories_per_hour if is_on else self._settings.stories_per_day
        since = tick - (HOUR_S if is_on else DAY_S)
        stronger = 0
        for seen, other in reversed(self._seen):
            if seen <= since:
                break
            stronger += other != story and self._levels[other] >= surprise
        return stronger < most

    def snapshot(self) -> bytes:
        """Return all that is remembered."""
        return msgspec.json.encode((list(self._seen), self._levels))

    def restore(self, content: bytes) -> None:
        """Take up where a snapshot was made."""
        seen, self._levels = msgspec.json.decode(
            content, type=tuple[list[tuple[int, str]], dict[str, float]]
        )
        self._seen = deque(seen)
