"""Once a day, at a time of day: the digest goes out, also across summer time and a restart.

Be a morning: you come when the clock on the wall of the zone shows your time; where it jumps over
it you come when it has jumped, where it shows it twice you come once. If rtm was down you are late,
but only you: mornings before you are not made up for. That you were is kept in a file.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rtm.alerting import DigestTime, time_of
from rtm.alerts.mail import Letter
from rtm.clock import Beat
from rtm.errors import PublishError
from rtm.sources.beside import put

MEMORY = "digest-sent"  # in the folder of the watch
LOOK_S = 30.0
RETRY_S = 120.0

log = logging.getLogger(__name__)

LetterOf = Callable[[datetime, datetime], Awaitable[Letter]]
Send = Callable[[Letter], Awaitable[None]]


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when a day's time of day is, in UTC: for each day one moment, later day by day.

    >>> moment_of(date(2026, 3, 29), time(8), ZoneInfo("Europe/Tallinn")).isoformat()
    '2026-03-29T05:00:00+00:00'
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def latest_day(now: datetime, at: time, zone: ZoneInfo) -> date:
    """Return the latest day whose moment has come."""
    today = now.astimezone(zone).date()
    return today if moment_of(today, at, zone) <= now else today - timedelta(days=1)


def day_before(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the day that ends with a day's moment: from the moment before up to it."""
    return moment_of(day - timedelta(days=1), at, zone), moment_of(day, at, zone)


class Daily:
    """Mail the digest every day until cancelled.

    Parameters
    ----------
    letter_of
        Makes the letter of a day from its start and end.
    memory
        The file in which the day that was mailed last is kept.
    """

    def __init__(
        self, when: DigestTime, letter_of: LetterOf, send: Send, clock: Beat, memory: Path
    ) -> None:
        self._at, self._zone = time_of(when.at), ZoneInfo(when.zone)
        self._letter_of, self._send = letter_of, send
        self._clock = clock
        self._memory = memory
        self.failed: str | None = None

    async def run(self) -> None:
        """Mail each morning once; a mail server that is away is asked again."""
        last = await asyncio.to_thread(self._remembered)
        if last is None:  # the first start is no morning
            last = self._latest()
            await asyncio.to_thread(self._remember, last)
        while True:
            day = self._latest()
            if day > last and await self._is_done(day):
                last = day
                await asyncio.to_thread(self._remember, last)
            await self._clock.rest(RETRY_S if day > last else LOOK_S)

    async def _is_done(self, day: date) -> bool:
        start, end = day_before(day, self._at, self._zone)
        try:
            await self._send(await self._letter_of(start, end))
        except PublishError as error:
            self.failed = str(error)
            log.warning("digest is not sent day=%s why=%s", day, error)
            return error.retry_after_s is None  # refused for good: tomorrow is another day
        except Exception:
            self.failed = "failed in a way that nobody foresaw; see the log"
            log.exception("digest is not sent day=%s", day)
            return True
        self.failed = None
        log.info("digest sent day=%s", day)
        return True

    def _latest(self) -> date:
        return latest_day(self._clock.now(), self._at, self._zone)

    def _remembered(self) -> date | None:
        try:
            return date.fromisoformat(self._memory.read_text(encoding="utf-8").strip())
        except (OSError, ValueError):
            return None

    def _remember(self, day: date) -> None:
        try:
            put(self._memory, f"{day.isoformat()}\n")
        except OSError as error:
            log.warning("digest cannot be remembered file=%s why=%s", self._memory.name, error)
