"""A network's address, and what its answers mean for a post: taken, refused, later, or unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import urlsplit

from rtm.clock import Beat
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.http import Answer, Failed, Http, Part, Verb, wait_s

PATIENCE_S = 10.0  # for one answer
UPLOAD_PATIENCE_S = 60.0  # a picture over a phone's connection
LONGEST_WORDS = 200  # of the network's, in our sentences
AWAY_S = 2.0  # until the next try, when the network could not be reached


@dataclass(frozen=True, slots=True, repr=False)  # of a webhook the path is the secret
class Place:
    """An address without a slash at its end; ``is_here``: on this machine, for a test."""

    url: str
    host: str
    is_here: bool


def place_of(address: str, variable: str, example: str, *, is_whole: bool = False) -> Place:
    """Check an address that stands in a variable; ``is_whole``: with a path, as webhooks have.

    Raises ConfigError that names the variable and how to write it.

    >>> place_of("https://bsky.social/", "RTM_BLUESKY_SERVICE", "https://bsky.social").host
    'bsky.social'
    """
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    is_odd = not host or parts.scheme not in ("https", "http") or parts.username is not None
    if is_odd or bool(parts.path.strip("/")) != is_whole or parts.fragment:
        raise ConfigError(f"{variable}: not an address; write {example}")
    is_here = _is_loopback(host)
    if parts.scheme == "http" and not is_here:
        raise ConfigError(f"{variable}: http would show what is secret; write https://{host}")
    return Place(address.strip().rstrip("/"), host, is_here)


class Service:
    """One network: call it, and be told in the words of a channel when it does not do as asked.

    ``secrets`` never stand in what is raised; add to them as they come.
    """

    def __init__(
        self, place: Place, *, clock: Beat, secrets: set[str], patience_s: float = PATIENCE_S
    ) -> None:
        self.host = place.host
        self.is_here = place.is_here
        self.secrets = secrets
        self._url = place.url
        self._clock = clock
        self._http = Http(patience_s)

    async def ask(
        self,
        verb: Verb,
        path: str,
        *,
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        json: object = None,
        body: bytes | None = None,
        parts: Sequence[Part] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call what may be called again, since nobody can see it or it changes nothing.

        Raises PublishError with ``retry_after_s`` when no answer comes, or none that says anything.
        """
        is_upload = body is not None or bool(parts)
        try:
            answer = await self._http.call(
                verb,
                f"{self._url}{path}",
                params=params,
                json=json,
                body=body,
                parts=parts,
                headers=headers,
                patience_s=UPLOAD_PATIENCE_S if is_upload else None,
            )
        except Failed as error:
            raise PublishError(f"{self.host} {error}", AWAY_S) from error
        if is_lost(answer):
            raise PublishError(f"{self.host} failed (HTTP {answer.status})", AWAY_S)
        self._wait(answer)
        return answer

    async def send(
        self,
        path: str,
        *,
        json: object = None,
        body: bytes | None = None,
        parts: Sequence[Part] = (),
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make the call that makes a post public.

        Raises OutcomeUnknown when the network may have taken it, and PublishError with
        ``retry_after_s`` when it surely has not, but may later.
        """
        try:
            answer = await self._http.call(
                "POST",
                f"{self._url}{path}",
                json=json,
                body=body,
                parts=parts,
                params=params,
                headers=headers,
                patience_s=UPLOAD_PATIENCE_S if parts else None,
            )
        except Failed as error:
            if error.is_sent:
                raise OutcomeUnknown(f"{self.host} {error} after the post was sent") from error
            raise PublishError(f"{self.host} {error}", AWAY_S) from error
        if is_lost(answer):
            words = f"{self.host} failed (HTTP {answer.status}) with the post in hand"
            raise OutcomeUnknown(words)
        self._wait(answer)
        return answer

    def refuse(self, answer: Answer, remedy: str) -> NoReturn:
        """Raise what the network said no with, and what to do about it."""
        words = answer.words or f"HTTP {answer.status}"
        for secret in self.secrets:
            words = words.replace(secret, "…") if secret else words
        raise PublishError(f"{self.host} refused: {words[:LONGEST_WORDS]}; {remedy}")

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.close()

    def _wait(self, answer: Answer) -> None:
        if answer.status == 429:
            wait = wait_s(answer, self._clock.now().timestamp())
            words = f"{self.host} takes no more for {wait:,.0f} s; fire again then"
            raise PublishError(words, wait)


def is_lost(answer: Answer) -> bool:
    """Tell whether an answer leaves open what became of the call."""
    return answer.status >= 500 or answer.status == 408


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
