"""People away from the board, wired: their alerts, the state of the house, the morning's digest.

Be the process that serves a board: you make this of an ``alerts.toml``, tell it the board's address
once you have one, and of the whole record; you let it run beside the rest, and tell it whatever is
kept. Nothing it does can stop you.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from rtm.alerting import AlertsConfig, DigestTime, Smtp
from rtm.alerts.daily import MEMORY, Daily
from rtm.alerts.digest import digest_of
from rtm.alerts.digest_mail import digest_letter
from rtm.alerts.dispatcher import dispatcher_of
from rtm.alerts.house import Hole, HouseState
from rtm.alerts.mail import Letter, send
from rtm.alerts.targets import password_of, targets_of
from rtm.alerts.words import Voice
from rtm.brand import Brand
from rtm.clock import Beat
from rtm.decisions import Record
from rtm.desk.cost_clock import CostClock
from rtm.event import WatchedEvent
from rtm.store.reading import STORIES, records_in
from rtm.text.screening import screening_of
from rtm.types import StoryClosed, StoryGrew, StoryMerged, StoryOpened, StorySplit

_STORIES = (StoryOpened, StoryGrew, StoryClosed, StoryMerged, StorySplit)

LOOK_S = 1.0  # between two looks at how the house stands

log = logging.getLogger(__name__)


class Away:
    """All that speaks to people away from the board.

    Parameters
    ----------
    folder
        Where all that is kept is kept; the digest reads the record in it.

    Raises
    ------
    ConfigError
        When a target's address or password is missing or wrong: the variable is named.
    """

    def __init__(
        self,
        config: AlertsConfig,
        brand: Brand,
        events: Sequence[WatchedEvent],
        folder: Path,
        *,
        environ: Mapping[str, str],
        clock: Beat,
        rng: Random,
    ) -> None:
        self._brand, self._events, self._folder = brand, tuple(events), folder
        self._past: list[Record] | None = []
        self._holes: Callable[[], Collection[Hole] | None] = lambda: None
        self._clock = clock
        self._screening = screening_of(brand, events)
        self.alerts = dispatcher_of(
            config,
            targets_of(config, environ, clock),
            Voice(brand.name, ""),
            self._screening,
            clock,
            rng=rng,
            folder=folder,
        )
        self.daily = None
        if config.digest is not None and config.smtp is not None:
            password = password_of(config.smtp, environ)
            self.daily = self._daily(config.digest, config.smtp, password)

    def tell(self, record: Record) -> None:
        """Be told of all that was kept, in order, and then of whatever is kept meanwhile."""
        if self._past is None:
            self.alerts.kept([record])
        elif not isinstance(record, _STORIES):
            self._past.append(record)  # until it runs: it says at once what of it still stands

    def reach(self, public_url: str) -> None:
        """Be told where browsers reach the board, before anything is sent."""
        self.alerts.voice = Voice(self._brand.name, public_url)

    async def run(
        self,
        state_of: Callable[[], HouseState],
        holes: Callable[[], Collection[Hole] | None] = lambda: None,
    ) -> None:
        """Run until cancelled.

        Parameters
        ----------
        state_of
            Is asked every second how the house stands.
        holes
            Is asked every morning for the stretches ahead in which nobody of a role is planned;
            None where nobody looks.
        """
        self._holes = holes
        past, self._past = self._past or [], None
        self.alerts.begin(past)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.alerts.run())
            tasks.create_task(self._look(state_of))
            if self.daily is not None:
                tasks.create_task(self.daily.run())

    async def _look(self, state_of: Callable[[], HouseState]) -> None:
        while True:
            try:
                self.alerts.state(state_of())
            except Exception:
                log.exception("how the house stands is not known next_try_s=%.0f", LOOK_S)
            await self._clock.rest(LOOK_S)

    def _daily(self, when: DigestTime, smtp: Smtp, password: str | None) -> Daily:
        zone = ZoneInfo(when.zone)

        async def letter_of(start: datetime, end: datetime) -> Letter:
            return await asyncio.to_thread(self._letter, start, end, self._holes(), zone)

        async def by_mail(letter: Letter) -> None:
            await send(letter, smtp, password, when.to)

        return Daily(when, letter_of, by_mail, self._clock, self._folder / MEMORY)

    def _letter(
        self, start: datetime, end: datetime, holes: Collection[Hole] | None, zone: ZoneInfo
    ) -> Letter:
        records = records_in(self._folder, without=STORIES)
        told = digest_of(
            records,
            start,
            end,
            screening=self._screening,
            holes=holes,
            cost=CostClock(self._brand.seats, self._events),
        )
        return digest_letter(told, self.alerts.voice, zone)
