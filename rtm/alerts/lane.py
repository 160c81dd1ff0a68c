"""The lane of one target: messages wait in it, are sent one by one, and tried again.

Be a message: you wait behind those before you, never behind another target's. Where you are not
taken you wait longer each time, or as long as the other side asks; refused for good, or too old to
help anybody, you are given up, which the board shows.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from rtm.alerts.targets import Target
from rtm.alerts.words import Message
from rtm.clock import Beat
from rtm.errors import PublishError
from rtm.sources.backoff import Backoff

MOST_WAITING = 100
MOST_SHOWN = 20
PATIENCE = timedelta(minutes=15)  # an older alert calls nobody in time
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0

log = logging.getLogger(__name__)

State = Literal["waiting", "sent", "given up"]


@dataclass(slots=True)
class Outbound:
    """A message on its way, and what became of it."""

    message: Message
    tries: int = 0
    state: State = "waiting"
    at: datetime | None = None  # when it was sent or given up
    why: str = ""


@dataclass(slots=True)
class Lane:
    """What goes to one target. ``failed`` says why the latest try failed, None when it did not."""

    name: str
    target: Target
    clock: Beat
    rng: Random
    on_settled: Callable[[], None] = lambda: None
    sent: int = 0
    failures: int = 0
    given_up: int = 0
    failed: str | None = None
    latest: deque[Outbound] = field(default_factory=lambda: deque(maxlen=MOST_SHOWN))
    _waiting: deque[Outbound] = field(default_factory=deque)
    _has_come: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def waiting(self) -> list[str]:
        """The ids of the messages that wait, first that which is being sent."""
        return [outbound.message.id for outbound in self._waiting]

    def put(self, message: Message) -> None:
        """Let a message wait; where too many do, the oldest that is not under way makes room."""
        if len(self._waiting) >= MOST_WAITING:
            dropped = self._waiting[1]
            del self._waiting[1]
            self._give_up(dropped, f"more than {MOST_WAITING} waited")
        outbound = Outbound(message)
        self._waiting.append(outbound)
        self.latest.append(outbound)
        self._has_come.set()

    async def run(self) -> None:
        """Send what comes, until cancelled; nothing that a target does ends this."""
        while True:
            while self._waiting:
                await self._tended(self._waiting[0])
                self._waiting.popleft()
                self.on_settled()
            self._has_come.clear()
            await self._has_come.wait()

    async def _tended(self, outbound: Outbound) -> None:
        backoff = Backoff(self.rng, FIRST_WAIT_S, LONGEST_WAIT_S)
        while True:
            why, wait_s = await self._tried(outbound)
            if why is None:
                return
            now = self.clock.now()
            wait_s = None if wait_s is None else max(wait_s, backoff.next_s())
            if wait_s is None or now + timedelta(seconds=wait_s) - outbound.message.at > PATIENCE:
                self._give_up(outbound, why)
                return
            log.warning("alert waits target=%s wait_s=%.0f why=%s", self.name, wait_s, why)
            await self.clock.rest(wait_s)

    async def _tried(self, outbound: Outbound) -> tuple[str | None, float | None]:
        outbound.tries += 1
        try:
            await self.target.send(outbound.message)
        except PublishError as error:
            why, wait_s = str(error), error.retry_after_s
        except Exception:  # of a library's, or of our own: the next message may fare better
            log.exception("alert cannot be sent target=%s", self.name)
            why, wait_s = "failed in a way that nobody foresaw; see the log", 0.0
        else:
            self.sent += 1
            self.failed = None
            outbound.state, outbound.at, outbound.why = "sent", self.clock.now(), ""
            return None, None
        self.failures += 1
        self.failed = outbound.why = why
        return why, wait_s

    def _give_up(self, outbound: Outbound, why: str) -> None:
        log.error("alert is given up target=%s why=%s", self.name, why)
        self.given_up += 1
        self.failed = why
        outbound.state, outbound.at, outbound.why = "given up", self.clock.now(), why
