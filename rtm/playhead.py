"""The playhead: a clock over a recording that people can stop, hurry, and send to the next moment.

Its time begins at ``start`` and never passes ``end``. Rests are real; only ``now`` runs at another
speed. While it seeks, time goes on by a few seconds at each beat, as fast as the watch can follow,
until somebody calls ``arrived``.
"""

from datetime import datetime, timedelta

from rtm.clock import Beat

BEAT_S = 0.25  # real seconds between two looks at the inbox
SEEK_STEP = timedelta(seconds=5)  # how far a moment may be overshot
SPEEDS = (0.1, 600.0)


class Playhead:
    """Time of a recording, following a real clock."""

    def __init__(self, real: Beat, start: datetime, end: datetime) -> None:
        self._real = real
        self._at, self._end = start, end
        self._since = real.now()
        self._speed = 1.0
        self._is_paused = False
        self._is_seeking = True

    @property
    def speed(self) -> float:
        """Seconds of the recording in a real one: 0 at rest, the highest while it seeks."""
        if self._is_seeking:
            return SPEEDS[1]
        return 0.0 if self._is_paused or self.now() >= self._end else self._speed

    def now(self) -> datetime:
        """Return the moment of the recording that is shown."""
        if self._is_paused or self._is_seeking:
            return self._at
        return min(self._end, self._at + (self._real.now() - self._since) * self._speed)

    async def rest(self, seconds: float) -> None:
        """Rest for so many real seconds."""
        await self._real.rest(seconds)

    async def beat(self) -> None:
        """Rest between two looks; while seeking, go on at once."""
        if not self._is_seeking:
            await self.rest(BEAT_S)
            return
        await self.rest(0)
        self._at = min(self._end, self._at + SEEK_STEP)
        if self._at == self._end:
            self.arrived()

    def arrived(self) -> None:
        """Go on at real speed, if this is what was sought."""
        if self._is_seeking:
            self._is_seeking = False
            self._speed = 1.0
            self._since = self._real.now()

    def pause(self) -> None:
        """Stand still."""
        self._hold()
        self._is_paused, self._is_seeking = True, False

    def resume(self) -> None:
        """Go on after a pause."""
        self._hold()
        self._is_paused = False

    def set_speed(self, speed: float) -> None:
        """Run at so many times real speed from now on."""
        self._hold()
        self._speed = min(max(speed, SPEEDS[0]), SPEEDS[1])
        self._is_paused = self._is_seeking = False

    def next_moment(self) -> None:
        """Hurry until ``arrived``."""
        self._hold()
        self._is_paused, self._is_seeking = False, True

    def _hold(self) -> None:
        self._at, self._since = self.now(), self._real.now()
