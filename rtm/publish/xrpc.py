"""Calls of the AT Protocol (XRPC), and what became of each: answered, never sent, or unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
import msgspec

MOST_BYTES = 1 << 20  # of an answer; ours are a few hundred
LONGEST_WORDS = 200  # of the network's, in our sentences


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; ``body`` is empty where it was no JSON object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def error(self) -> str:
        """The server's own name of what is wrong."""
        return _word(self.body.get("error"))

    @property
    def words(self) -> str:
        """What the server says is wrong, on one line."""
        said = _word(self.body.get("message"))
        return f"{self.error}: {said}" if self.error and said else self.error or said

    def text(self, key: str) -> str | None:
        """Return a value of the body if it is a text."""
        value = self.body.get(key)
        return value if isinstance(value, str) and value else None


class Failed(Exception):  # noqa: N818 - it says what happened
    """Say that no answer came; ``is_sent`` when the server may have got the call."""

    def __init__(self, reason: str, is_sent: bool) -> None:
        super().__init__(reason)
        self.is_sent = is_sent


class Xrpc:
    """One service. Each call has a connection of its own: an idle one may be cut unnoticed."""

    def __init__(self, service: str, patience_s: float) -> None:
        self._service = service.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=patience_s, sock_connect=patience_s / 2)
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        verb: Literal["GET", "POST"],
        method: str,
        arguments: Mapping[str, Any] | None = None,
        token: str | None = None,
    ) -> Answer:
        """Call a method: a query's arguments go into the address, a procedure's into the body.

        Raises Failed when no whole answer came.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=self._timeout,
                auto_decompress=False,  # nothing small unfolds into something big
                headers={"Accept-Encoding": "identity", "User-Agent": "rtm"},
            )
        try:
            async with self._session.request(
                verb,
                f"{self._service}/xrpc/{method}",
                params=arguments if verb == "GET" else None,
                json=arguments if verb == "POST" else None,
                headers={"Authorization": f"Bearer {token}"} if token else {},
                allow_redirects=False,  # a token goes where it was meant for
            ) as response:
                return Answer(response.status, response.headers, await _body(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Failed("cannot be reached", is_sent=False) from error
        except TimeoutError as error:
            raise Failed(f"did not answer within {self._timeout.total:g} s", True) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Failed("broke off the connection", is_sent=True) from error

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def wait_s(
    answer: Answer, now_s: float, usual_s: float = 30.0, longest_s: float = 86_400.0
) -> float:
    """Return how long a server asks us to wait, from its headers; ``now_s`` is Unix time."""
    told = answer.headers.get("Retry-After", "")
    seconds = _number(told)
    if seconds is None and told:
        try:
            seconds = parsedate_to_datetime(told).timestamp() - now_s
        except (ValueError, OverflowError):
            seconds = None
    if seconds is None and (reset := _number(answer.headers.get("ratelimit-reset", ""))):
        seconds = reset - now_s
    return usual_s if seconds is None else min(max(seconds, 1.0), longest_s)


async def _body(response: aiohttp.ClientResponse) -> dict[str, Any]:
    parts = bytearray()
    async for part in response.content.iter_chunked(1 << 16):
        parts += part
        if len(parts) > MOST_BYTES:
            return {}
    try:
        return msgspec.json.decode(parts, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return {}


def _word(value: object) -> str:
    said = value[:LONGEST_WORDS] if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
