"""A network's address, and what its answers mean for a post: taken, refused, later, or unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import urlsplit

from rtm.clock import Beat
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.http import Answer, Failed, Http, Part, Verb, wait_s

PATIENCE_S = 10.0  # for one answer
UPLOAD_PATIENCE_S = 60.0  # a picture over a phone's connection
LONGEST_WORDS = 200  # of the network's, in our sentences
SHORT = 12  # characters; a part of a path that is longer may be a secret
AWAY_S = 2.0  # until the next try, when the network could not be reached


@dataclass(frozen=True, slots=True, repr=False)  # of a webhook the path is the secret
class Place:
    """An address; ``is_here``: on this machine, for a test."""

    url: str
    host: str
    is_here: bool

    @property
    def account(self) -> str:
        """The name of an account that is known by its secret address only."""
        return f"{self.host}#{blake2b(self.url.encode(), digest_size=4).hexdigest()}"

    @property
    def secrets(self) -> set[str]:
        """What must not be told of an address that is a secret."""
        path = urlsplit(self.url).path
        return {self.url, path, *(part for part in path.split("/") if len(part) > SHORT)}


def place_of(address: str, variable: str, example: str, *, is_whole: bool = False) -> Place:
    """Check an address that stands in a variable; ``is_whole``: with its path, as webhooks have.

    Others are without one, and without a slash at their end.

    Raises ConfigError that names the variable and how to write it.

    >>> place_of("https://bsky.social/", "RTM_BLUESKY_SERVICE", "https://bsky.social").host
    'bsky.social'
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        is_odd = parts.scheme not in ("https", "http") or parts.username is not None
        host, _ = parts.hostname or "", parts.port
        bare = f"{parts.path.strip('/')}{parts.query}"
    except ValueError:
        is_odd, host, bare = True, "", ""
    if is_odd or not host or "#" in address or not address.isprintable() or " " in address:
        raise ConfigError(f"{variable}: not an address; write {example}")
    if bool(bare) != is_whole:
        what = "lacks its path" if is_whole else "has a path"
        raise ConfigError(f"{variable}: {what}; write {example}")
    is_here = _is_loopback(host)
    if address.lower().startswith("http:") and not is_here:
        raise ConfigError(f"{variable}: http would show what is secret; write https://{host}")
    return Place(address if is_whole else address.rstrip("/"), host, is_here)


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
        for secret in sorted(self.secrets, key=len, reverse=True):  # one may hold another
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
