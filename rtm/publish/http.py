"""Calls of JSON APIs, and what became of each: answered, never sent, or nobody knows.

Be a call: you go to the address you were given and nowhere else, whatever you are answered; what
comes back is read up to a bound. Neither your address nor your token ever stands in words of ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import aiohttp
import msgspec

MOST_BYTES = 1 << 22  # of an answer; a server that knows no pages gives 256 posts of 3,000 each
LONGEST_READ = 2_000  # characters of the network's words
WAITS = ("Retry-After", "X-RateLimit-Reset-After")  # in seconds, or a date
RESETS = ("ratelimit-reset", "X-RateLimit-Reset")  # when, in Unix time or as ISO 8601 has it

Verb = Literal["GET", "POST", "DELETE"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form: a field, or with ``filename`` a file of a kind such as image/png."""

    name: str
    content: bytes | str
    filename: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said; ``body`` is None where it was no JSON, ``plain`` what it said then."""

    status: int
    headers: Mapping[str, str]
    body: Any
    plain: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether the server says that it did as it was asked."""
        return 200 <= self.status < 300

    @property
    def fields(self) -> dict[str, Any]:
        """The answer as a JSON object; empty where it was none."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The objects of a JSON list."""
        rows = self.body if isinstance(self.body, list) else []
        return [row for row in rows if isinstance(row, dict)]

    @property
    def error(self) -> str:
        """The server's own name of what is wrong."""
        return one_line(self.fields.get("error"))

    @property
    def words(self) -> str:
        """What the server says is wrong, on one line."""
        said = map(self.fields.get, ("error", "message", "error_description"))
        return ": ".join(filter(None, map(one_line, said))) or one_line(self.plain)

    def text(self, key: str) -> str | None:
        """Return a value of the object if it is a text."""
        value = self.fields.get(key)
        return value if isinstance(value, str) and value else None


class Failed(Exception):  # noqa: N818 - it says what happened
    """Say that no answer came; ``is_sent`` when the server may have got the call."""

    def __init__(self, reason: str, is_sent: bool) -> None:
        super().__init__(reason)
        self.is_sent = is_sent


class Http:
    """Each call has a connection of its own: an idle one may be cut unnoticed."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        verb: Verb,
        url: str,
        *,
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        json: object = None,
        body: bytes | None = None,
        parts: Sequence[Part] = (),
        headers: Mapping[str, str] | None = None,
        patience_s: float | None = None,
    ) -> Answer:
        """Call an address with at most one of ``json``, ``body`` and ``parts`` of a form.

        Raises Failed when no whole answer came.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                auto_decompress=False,  # nothing small unfolds into something big
                headers={"Accept-Encoding": "identity", "User-Agent": "rtm"},
            )
        patience_s = patience_s or self._patience_s
        try:
            async with self._session.request(
                verb,
                url,
                params=params,
                json=json,
                data=_form(parts) if parts else body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=patience_s, sock_connect=patience_s / 2),
                allow_redirects=False,  # a token goes where it was meant for
            ) as response:
                decoded, plain = await _read(response)
                return Answer(response.status, response.headers, decoded, plain)
        # from None: the words of aiohttp's errors may hold the address, and that may be a secret
        except aiohttp.InvalidURL:
            raise Failed("has an address that cannot be called", is_sent=False) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Failed("cannot be reached", is_sent=False) from None
        except TimeoutError:
            raise Failed(f"did not answer within {patience_s:g} s", is_sent=True) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise Failed("broke off the connection", is_sent=True) from None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def wait_s(
    answer: Answer, now_s: float, usual_s: float = 30.0, longest_s: float = 86_400.0
) -> float:
    """Return how long a server asks us to wait, from its headers; ``now_s`` is Unix time."""
    for name in WAITS:
        if (told := answer.headers.get(name, "")) and (seconds := _wait(told, now_s)) is not None:
            return min(max(seconds, 1.0), longest_s)
    for name in RESETS:
        if (told := answer.headers.get(name, "")) and (reset := _moment(told)):
            return min(max(reset - now_s, 1.0), longest_s)
    return usual_s


def one_line(value: object) -> str:
    r"""Return a stranger's words as they may stand in a sentence of ours; empty when no text.

    >>> one_line("not\nfound"), one_line(7)
    ('not found', '')
    """
    said = value[:LONGEST_READ] if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())


def _form(parts: Sequence[Part]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for part in parts:
        form.add_field(part.name, part.content, filename=part.filename, content_type=part.kind)
    return form


async def _read(response: aiohttp.ClientResponse) -> tuple[Any, str]:
    read = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        read += chunk
        if len(read) > MOST_BYTES:
            return None, ""
    try:
        return msgspec.json.decode(read), ""
    except (msgspec.DecodeError, RecursionError):
        plain = read[:LONGEST_READ].decode(errors="replace").strip()
        return None, "" if plain.startswith("<") else plain  # no page made for browsers


def _wait(told: str, now_s: float) -> float | None:
    if (seconds := _number(told)) is not None:
        return seconds
    try:
        return parsedate_to_datetime(told).timestamp() - now_s
    except (ValueError, OverflowError):
        return None


def _moment(told: str) -> float | None:
    if (seconds := _number(told)) is not None:
        return seconds
    try:
        return datetime.fromisoformat(told).timestamp()
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> float | None:
    whole, _, part = text.partition(".")
    is_one = text.isascii() and whole.isdigit() and (part.isdigit() or not part) and len(text) < 20
    return float(text) if is_one else None
