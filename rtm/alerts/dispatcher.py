"""The thin shell around the pipeline: it is told, looks when something is due, and hands it out.

Nothing here waits for a target: whoever tells is answered at once, each target has a lane of its
own. What was told, silenced and answered is kept beside the record, so that a restart tells it
nobody twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from rtm.alerting import AlertsConfig, Kind
from rtm.alerts.alert import Acknowledgement, Said, Silence, short_of
from rtm.alerts.alerts import Alerts
from rtm.alerts.house import HouseState, Troubles
from rtm.alerts.lane import Lane
from rtm.alerts.targets import Target
from rtm.alerts.view import AlertsView, view_of
from rtm.alerts.watch import Lookout
from rtm.alerts.words import Voice, message_of
from rtm.clock import Beat
from rtm.decisions import Record
from rtm.errors import IllegalMove
from rtm.sources.beside import put
from rtm.text.screening import Screening

MEMORY = "alerts.json"  # in the folder of the watch
LONGEST_LOOK_S = 30.0
SHORTEST_LOOK_S = 0.05

log = logging.getLogger(__name__)


class Dispatcher:
    """All that speaks to people away from the board; lives on one event loop.

    ``voice`` may be set once the board's own address is known.

    Parameters
    ----------
    memory
        The file in which it is kept what was told; None keeps nothing.
    """

    def __init__(
        self,
        alerts: Alerts,
        lookout: Lookout,
        targets: Mapping[str, Target],
        voice: Voice,
        clock: Beat,
        *,
        rng: Random,
        memory: Path | None = None,
    ) -> None:
        self._alerts = alerts
        self._lookout = lookout
        self._troubles = Troubles()
        self.voice = voice
        self._clock = clock
        self._memory = memory
        self._kept = b""
        self._nudged = asyncio.Event()
        self._lanes = {
            name: Lane(name, target, clock, rng, self._nudged.set)
            for name, target in targets.items()
        }

    @property
    def failed(self) -> dict[str, str]:
        """Why the latest try failed, for each target where it did."""
        return {name: lane.failed for name, lane in self._lanes.items() if lane.failed}

    def begin(self, records: Iterable[Record]) -> None:
        """Take up what stood when rtm stopped. Blocks: it reads a file and the whole record."""
        if self._memory is not None and self._memory.exists():
            try:
                self._alerts.restore(self._memory.read_bytes())
            except (OSError, msgspec.DecodeError) as error:
                log.warning("alerts begin anew file=%s why=%s", self._memory.name, error)
        standing = [one.alert for one in self._alerts.standing()]
        self._troubles.begin(standing)
        try:
            self._tell(self._lookout.begin(records, standing, self._clock.now()))
        except Exception:
            log.exception("alerts cannot follow what was kept")

    def kept(self, records: Sequence[Record]) -> None:
        """Be told of what was kept just now; nothing that goes wrong here is the room's trouble."""
        for record in records:
            try:
                self._tell(self._lookout.record(record, self._clock.now()))
            except Exception:
                log.exception("alerts cannot follow record=%s", type(record).__name__)

    def state(self, state: HouseState) -> None:
        """Be told how the house stands, every second or so."""
        try:
            self._tell(self._troubles.state(state, self._clock.now()))
        except Exception:
            log.exception("alerts cannot follow the house")

    def view(self) -> AlertsView:
        """Return all that a screen may show of it."""
        return view_of(self._alerts, self._lanes.values(), self._clock.now())

    def acknowledge(self, id: str, who: str) -> None:
        """Let a person take an alert on; KeyError where none with that id stands."""
        for standing in self._alerts.standing():
            if standing.alert.id == id:
                said = Acknowledgement(fingerprint=standing.alert.fingerprint, who=who)
                log.info("alert acknowledged kind=%s who=%s", standing.alert.kind, who)
                self._tell([said])
                return
        raise KeyError(id)

    def silence(
        self, who: str, why: str, lasts: timedelta, *, kind: Kind | None, card: str | None, key: str
    ) -> Silence:
        """Let nothing be told of a kind, a card or both for a while; once for a ``key``.

        Raises
        ------
        IllegalMove
            When it names neither, nobody says why, or there are too many.
        """
        at = self._clock.now()
        why = " ".join(why.split())
        if not why:
            raise IllegalMove("silence: say why, in a few words")
        id = short_of(who, key)
        known = next((one for one in self._alerts.silences(at) if one.id == id), None)
        if known is not None:
            return known
        made = Silence(id=id, at=at, until=at + lasts, who=who, why=why, kind=kind, card=card)
        self._tell([made])
        log.info("silence kind=%s card=%s until=%s who=%s", kind, card, made.until, who)
        return made

    def end_silence(self, id: str, who: str) -> None:
        """End a silence before its time; KeyError where there is none with that id."""
        for one in self._alerts.silences(self._clock.now()):
            if one.id == id:
                self._tell([msgspec.structs.replace(one, until=self._clock.now())])
                log.info("silence ended kind=%s card=%s who=%s", one.kind, one.card, who)
                return
        raise KeyError(id)

    async def run(self) -> None:
        """Hand out what is due until cancelled; what goes wrong with a target ends nothing."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self._lanes.values():
                tasks.create_task(lane.run())
            while True:
                self._nudged.clear()
                try:
                    self._hand_out()
                    await self._keep()
                    seconds = self._seconds_to(self._alerts.next_at())
                except Exception:  # of our own; the board goes on, and so do alerts
                    log.exception("alerts stumbled next_try_s=%.0f", LONGEST_LOOK_S)
                    seconds = LONGEST_LOOK_S
                await self._rest(seconds)

    def _hand_out(self) -> None:
        for delivery in self._alerts.due(self._clock.now()):
            self._lanes[delivery.target].put(message_of(delivery, self.voice))

    def _tell(self, said: Sequence[Said]) -> None:
        now = self._clock.now()
        for one in said:
            self._alerts.tell(one, now)
        if said:
            self._nudged.set()

    async def _keep(self) -> None:
        if self._memory is None:
            return
        unsent = {id for lane in self._lanes.values() for id in lane.waiting}
        kept = self._alerts.snapshot(unsent)
        if kept == self._kept:
            return
        try:
            await asyncio.to_thread(put, self._memory, kept.decode())
            self._kept = kept
        except OSError as error:
            log.warning("alerts cannot be kept file=%s why=%s", self._memory.name, error)

    async def _rest(self, seconds: float) -> None:
        waits = [
            asyncio.create_task(_done(self._nudged.wait())),
            asyncio.create_task(_done(self._clock.rest(seconds))),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _seconds_to(self, at: datetime | None) -> float:
        if at is None:
            return LONGEST_LOOK_S
        left_s = (at - self._clock.now()).total_seconds()
        return min(max(left_s, SHORTEST_LOOK_S), LONGEST_LOOK_S)


def dispatcher_of(
    config: AlertsConfig,
    targets: Mapping[str, Target],
    voice: Voice,
    screening: Screening,
    clock: Beat,
    *,
    rng: Random,
    folder: Path | None = None,
) -> Dispatcher:
    """Return the whole of it, made from what was configured; ``folder`` is the watch's own."""
    return Dispatcher(
        Alerts(config),
        Lookout(screening),
        targets,
        voice,
        clock,
        rng=rng,
        memory=None if folder is None else folder / MEMORY,
    )


async def _done(waited: Awaitable[object]) -> None:
    await waited
