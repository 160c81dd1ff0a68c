"""Whether a stream is alive, how far behind it is, and up to when everything has come.

A quiet stream and a dead one look the same, so in silence the host is pinged every second: its
answer proves that all it had sent before has come.
"""

import asyncio

from websockets.asyncio.client import ClientConnection

from rtm.sources.stream import Health

FRESH_S = 10.0  # posts younger than this are the present
QUIET_S = 3.0  # a host with nothing to send is at the present after this long
SEARCH_S = 6.0  # the same, when it may still be looking through its memory
SETTLE_US = 1_000_000  # after a backlog, a few present messages may come before its last ones
DEAF_S = 5.0  # without a sign of life
PING_US = 1_000_000
LAG_US = 60_000_000  # how long the smallest lag is remembered, at least
GAP_SHOWN_S = 600.0


class Liveness:
    """One connection after another; all times in microseconds of Unix time, ours if not said."""

    def __init__(self) -> None:
        self._sign_us = 0  # all that was sent before has come and was passed on
        self._alive_us = 0  # when the host was last known to live
        self._heard_us = 0
        self._age_s: float | None = None  # of the messages that come
        self._fresh_us: int | None = None  # since when they are of the present
        self._backlog_s = 0.0  # how much may still have to come at most
        self._told_us: int | None = None
        self._lags: tuple[int | None, int | None, int] = (None, None, 0)  # now, before, since
        self._pong: tuple[asyncio.Future[float], int] | None = None
        self._gap: tuple[str, int] = ("", 0)

    def connected(self, now_us: int, reached_us: int | None) -> None:
        """Begin a connection; the stream was told up to ``reached_us`` (its own time)."""
        self._sign_us = self._alive_us = self._heard_us = now_us
        self._age_s = self._fresh_us = self._pong = None
        known_us = max(reached_us or 0, self._told_us or 0)
        self._backlog_s = (now_us - known_us) / 1e6

    def heard(self, now_us: int, stamps_us: list[int], passed_us: int) -> None:
        """Be told at ``passed_us``, when they were passed on, of messages that came at ``now_us``.

        ``stamps_us`` are the host's. A full inbox may make them wait long: not the host's fault.
        """
        self._sign_us = max(self._sign_us, now_us)
        self._heard_us = now_us
        self._alive_us = passed_us
        if not stamps_us:
            return
        self._age_s = max(0.0, (now_us - min(stamps_us)) / 1e6)
        if self._age_s >= FRESH_S:
            self._fresh_us, self._backlog_s = None, self._age_s
        elif self._fresh_us is None:
            self._fresh_us = now_us
        lag_us = now_us - max(stamps_us)
        if lag_us < FRESH_S * 1e6:
            new, old, since_us = self._lags
            if now_us - since_us > LAG_US:
                new, old, since_us = None, new, now_us
            self._lags = (lag_us if new is None else min(new, lag_us), old, since_us)

    def gap(self, words: str, now_us: int) -> None:
        """Show for a while that a stretch is lost."""
        self._gap = (words, now_us)

    async def ping(self, socket: ClientConnection, now_us: int) -> None:
        """In silence, ask for a sign of life and look whether the last one came."""
        if self._pong is not None:
            pong, sent_us = self._pong
            if not pong.done():
                return
            if not pong.cancelled() and pong.exception() is None:
                self._sign_us = max(self._sign_us, sent_us)
                self._alive_us = max(self._alive_us, sent_us)
        if now_us - max(self._sign_us, self._heard_us) >= PING_US:
            self._pong = (asyncio.ensure_future(await socket.ping()), now_us)

    def silent_s(self, now_us: int) -> float:
        """Return seconds since the last sign of life."""
        return (now_us - self._alive_us) / 1e6

    def told_until_us(self, now_us: int) -> int:
        """Return up to when, by the host's time, all has come if the stream is at the present."""
        lags_us = [lag_us for lag_us in self._lags[:2] if lag_us is not None]
        return min(now_us, self._sign_us) - max(0, min(lags_us, default=0))

    def show(self, health: Health, host: str, now_us: int) -> None:
        """Say in ``health`` how it is."""
        quiet_s = (now_us - self._heard_us) / 1e6
        age_s = self._age_s
        is_behind = self._backlog_s >= FRESH_S
        is_settled = self._fresh_us is not None and (
            not is_behind or now_us - self._fresh_us >= SETTLE_US
        )
        health.behind_s = age_s or 0.0
        if self.silent_s(now_us) > DEAF_S:
            health.state = "lost"
            note = f"no answer from {host} for {self.silent_s(now_us):.0f} s"
        elif is_settled:
            health.state, note = "live", ""
            self._backlog_s = 0.0
        elif quiet_s >= (SEARCH_S if is_behind else QUIET_S):
            health.state, note = "live", "quiet"
            health.behind_s = 0.0
        elif age_s is None:
            note = f"connected to {host}, nothing heard yet"
            health.state = "connecting"
        else:
            health.state, note = "catching up", f"catching up, {_span(age_s)} behind"
        if health.state == "live":
            self._told_us = self.told_until_us(now_us)
        words, since_us = self._gap
        is_shown = words and now_us - since_us < GAP_SHOWN_S * 1e6
        health.note = ", ".join(part for part in (note, words if is_shown else "") if part)


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
