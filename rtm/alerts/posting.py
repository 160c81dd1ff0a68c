"""One bounded POST: it was taken, or a PublishError says why not and when to try again.

Addresses here are secrets: no message of ours names one.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp

from rtm.errors import PublishError

MOST_BYTES = 4_096  # read of an answer
LONGEST_WORDS = 100  # of the server's, in our sentences
LONGEST_WAIT_S = 3_600.0


async def post(
    url: str, body: bytes, headers: Mapping[str, str], *, now_s: float, patience_s: float = 10.0
) -> None:
    """Send a body once. A redirect is not followed: what we send goes where it was meant for.

    Raises
    ------
    PublishError
        When it was not taken, or nobody knows; ``retry_after_s`` where another try makes sense.
    """
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=patience_s, sock_connect=patience_s / 2),
                auto_decompress=False,
                headers={"Accept-Encoding": "identity", "User-Agent": "rtm"},
            ) as session,
            session.post(url, data=body, headers=dict(headers), allow_redirects=False) as response,
        ):
            status, told = response.status, response.headers.get("Retry-After", "")
            words = _words(await response.content.read(MOST_BYTES))
    except TimeoutError as error:
        raise PublishError(f"did not answer within {patience_s:g} s", 0.0) from error
    except aiohttp.InvalidURL as error:
        raise PublishError("its address is none") from error
    except aiohttp.ClientConnectorError as error:
        raise PublishError("cannot be reached", 0.0) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise PublishError("broke off the connection", 0.0) from error
    if 200 <= status < 300:
        return
    said = f"answered {status}" + (f" ({words})" if words else "")
    may_pass = status in (408, 425, 429) or status >= 500
    raise PublishError(said, wait_s(told, now_s) if may_pass else None)


def wait_s(told: str, now_s: float) -> float:
    """Return seconds that a ``Retry-After`` asks for, 0 where it says nothing.

    >>> wait_s("2.5", 0.0), wait_s("Thu, 01 Jan 1970 00:01:00 GMT", 50.0), wait_s("soon", 0.0)
    (2.5, 10.0, 0.0)
    """
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(told).timestamp() - now_s
        except (ValueError, OverflowError):
            return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if seconds == seconds else 0.0


def _words(body: bytes) -> str:
    said = body[: 4 * LONGEST_WORDS].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:LONGEST_WORDS]
