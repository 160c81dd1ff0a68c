"""Bluesky's posts as they come, through Jetstream: no key needed.

Be a post: a relay stamped you and one of its hosts sends you; you are read, known again if you
came before, and put into the inbox with those of the same tenth of a second. When the host falls
silent, frozen or away, another is asked, from where the last one left off.
"""

import asyncio
import logging
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.frames import CloseCode

from rtm import __version__
from rtm.clock import Beat
from rtm.errors import ConfigError
from rtm.sources.backoff import Backoff
from rtm.sources.beside import one_line
from rtm.sources.frames_aside import FramesAside
from rtm.sources.jetstream_posts import (
    LONGEST_FRAME,
    POST,
    SOURCE,
    TOO_LONG,
    Message,
    SenselessError,
    read,
)
from rtm.sources.liveness import Liveness
from rtm.sources.place import Place
from rtm.sources.stream import Health, Inbox, Row

log = logging.getLogger(__name__)

HOSTS = (
    "wss://jetstream1.us-east.bsky.network",
    "wss://jetstream2.us-east.bsky.network",
    "wss://jetstream1.us-west.bsky.network",
    "wss://jetstream2.us-west.bsky.network",
    # newer; asked for a moment within the last hour, they may begin an hour too early
    "wss://jetstream.us-east.bsky.network",
    "wss://jetstream.us-west.bsky.network",
)
REWIND_S = 6 * 3600
BATCH = 500  # messages that are read at once at most
BATCH_S = 0.1
OPEN_S = 10.0
CLOSE_S = 1.0
PATIENCE_S = 20.0  # without any sign of life
STEADY_S = 10.0  # a connection that lasts so long is no failure


class CutError(Exception):
    """Say why a connection ended, in words for the board; never passed on."""


class Jetstream:
    """A live source; ``run`` it once at a time.

    Parameters
    ----------
    hosts
        ``ws://`` or ``wss://`` addresses without a path, asked in turn.
    clock
        The machine's time; waits between tries are rests of this clock.
    collections
        What the hosts are asked for; only posts become rows, the rest tells the stream's time.
    rewind_s
        How far back the first start begins, in seconds, as far as the host allows.
    rng
        Draws the waits between tries.
    aside
        File for frames that made no sense (NDJSON, at most 10 MB); None keeps the last 100 only,
        in ``aside.kept``.

    Notes
    -----
    ``already(ids)`` before ``run`` names posts told before this start (``at://`` uris): give those
    of at least the last two minutes before ``since_us``. ``health.posts`` counts rows put,
    ``ignored`` messages that are no new posts, ``repeated`` posts that came again; with
    ``health.aside`` they are all messages.
    """

    name = SOURCE

    def __init__(
        self,
        hosts: Sequence[str] = HOSTS,
        *,
        clock: Beat,
        collections: Sequence[str] = (POST,),
        rewind_s: float = REWIND_S,
        rng: random.Random | None = None,
        aside: Path | None = None,
    ) -> None:
        self.health = Health()
        self.aside = FramesAside(self.health.aside, aside)
        self.ignored = 0
        self._hosts = [_checked(host) for host in hosts]
        if not self._hosts:
            raise ConfigError("jetstream: hosts is empty; name at least one, as wss://HOST")
        self._clock = clock
        self._collections = tuple(collections)
        self._rewind_us = round(rewind_s * 1e6)
        self._place = Place()
        self._liveness = Liveness()
        self._backoff = Backoff(rng or random.Random())
        self._told_by: str | None = None

    @property
    def repeated(self) -> int:
        """How many posts came again and were not put again."""
        return self._place.repeated

    def already(self, ids: Iterable[str]) -> None:
        """Be told which posts were told before this start."""
        self._place.already(ids)

    def told_until_us(self, now_us: int) -> int | None:
        """Return up to when, by the hosts' time, all has come; None unless live.

        A host that does not answer does not move it on. Posts may still be on their way for as
        long as the network takes: whoever closes ticks waits as for any watermark.
        """
        return self._liveness.told_until_us(now_us) if self.health.state == "live" else None

    async def run(self, inbox: Inbox, since_us: int | None) -> None:
        """Read until cancelled; see ``Source``."""
        self._place.begin(since_us, self._now_us() - self._rewind_us)
        turn = 0
        try:
            while True:
                host = self._hosts[turn % len(self._hosts)]
                turn += 1
                try:
                    await self._follow(host, inbox)
                except CutError as cut:
                    wait_s = self._backoff.next_s()
                    log.warning(
                        "source cut off source=%s cause=%s wait_s=%.1f", self.name, cut, wait_s
                    )
                    await self._wait(str(cut), wait_s)
        finally:
            self.health.state, self.health.note = "lost", "stopped"

    async def _wait(self, cause: str, wait_s: float) -> None:
        if self.health.state != "connecting":
            self.health.state = "lost"
        while wait_s > 0:
            self.health.note = f"{cause}, next try in {max(1, round(wait_s))} s"
            await self._clock.rest(min(1.0, wait_s))
            wait_s -= 1

    async def _follow(self, host: str, inbox: Inbox) -> None:
        asked_us = self._place.ask(is_other_host=host != self._told_by)
        try:
            socket = await connect(
                self._url(host, asked_us),
                max_size=LONGEST_FRAME,
                open_timeout=OPEN_S,
                close_timeout=CLOSE_S,
                ping_interval=None,  # our own pings tell more: see Liveness
                user_agent_header=f"rtm/{__version__}",
            )
        except Exception as error:  # whatever a host, a proxy or a redirect can do wrong
            raise CutError(_refusal(host, error)) from error
        async with socket:
            self._liveness.connected(self._now_us(), self._place.reached_us)
            try:
                await self._listen(host, socket, inbox)
            except ConnectionClosedError as error:
                if error.sent is not None and error.sent.code == CloseCode.MESSAGE_TOO_BIG:
                    self.aside.add(self._now_us(), TOO_LONG, b"")
                    self._place.skip()
                    self._lost_stretch("a second is left out: its message is too long")
                raise CutError(f"{_name(host)} broke off") from error
            except ConnectionClosed as error:
                raise CutError(f"{_name(host)} closed the connection") from error

    async def _listen(self, host: str, socket: ClientConnection, inbox: Inbox) -> None:
        began_us = self._now_us()
        while True:
            raw = await _gathered(socket)
            if raw:
                await self._tell(host, raw, inbox)
            now_us = self._now_us()
            await self._liveness.ping(socket, now_us)
            if now_us - began_us > STEADY_S * 1e6:
                self._backoff.reset()
            silent_s = self._liveness.silent_s(now_us)
            if silent_s > PATIENCE_S:
                raise CutError(f"no answer from {_name(host)} for {silent_s:.0f} s")
            self._liveness.show(self.health, _name(host), now_us)

    async def _tell(self, host: str, raw: list[bytes], inbox: Inbox) -> None:
        now_us = self._now_us()
        messages = [one for frame in raw if (one := self._read(frame, now_us)) is not None]
        self.health.heard_us = now_us
        rows: list[Row] = []
        told: dict[str, int] = {}
        for message in messages:
            hole_us = self._place.passed(message.at_us)
            if hole_us is not None:
                self._lost_stretch(f"{hole_us / 1e6:.0f} s are lost")
            row = message.row
            if row is None:
                self.ignored += 1
            elif message.key in told:
                self._place.repeated += 1
            elif not self._place.is_known(message.key, row.id, row.at):
                told[message.key] = row.at
                rows.append(row)
        if rows:
            await inbox.put(rows)
            self.health.posts += len(rows)
        stamps_us = [message.stamp_us for message in messages]
        self._liveness.heard(now_us, stamps_us, self._now_us())
        if messages:
            if self._place.reach([message.at_us for message in messages], told):
                self._backoff.reset()
            self._told_by = host

    def _read(self, frame: bytes, now_us: int) -> Message | None:
        try:
            return read(frame, now_us)
        except SenselessError as error:
            self.aside.add(now_us, error.cause, frame)
            return None

    def _lost_stretch(self, words: str) -> None:
        self.health.gaps += 1
        self._liveness.gap(words, self._now_us())
        log.warning("source gap source=%s cause=%s", self.name, words)

    def _url(self, host: str, cursor_us: int) -> str:
        query = [("wantedCollections", name) for name in self._collections]
        query += [("cursor", str(cursor_us)), ("maxMessageSizeBytes", str(LONGEST_FRAME))]
        return f"{host}/subscribe?{urlencode(query)}"

    def _now_us(self) -> int:
        return round(self._clock.now().timestamp() * 1e6)


async def _gathered(socket: ClientConnection) -> list[bytes]:
    messages: list[bytes] = []
    try:
        async with asyncio.timeout(BATCH_S):
            while len(messages) < BATCH:
                messages.append(await socket.recv(decode=False))
    except TimeoutError:
        pass
    except ConnectionClosed:
        if not messages:
            raise
    return messages


def _checked(host: str) -> str:
    parts = urlsplit(host)
    if parts.scheme not in ("ws", "wss") or not parts.netloc or parts.path.strip("/"):
        raise ConfigError(f"jetstream: host {host!r} is no address; write wss://HOST, no path")
    return host.rstrip("/")


def _name(host: str) -> str:
    return urlsplit(host).netloc


def _refusal(host: str, error: Exception) -> str:
    if isinstance(error, InvalidStatus):
        return f"{_name(host)} answers {error.response.status_code}"
    if isinstance(error, TimeoutError | OSError):
        return f"no answer from {_name(host)}"
    return f"no answer from {_name(host)} ({one_line(error)[:100]})"
