"""Bluesky, or any other server of the AT Protocol: plain XRPC.

Be a post: your key is your place in the account's repository, so putting you there twice, letter
by letter the same, is one post and one commit. Whoever you mention is asked for by handle first.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

from rtm.clock import Beat
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.facets import facets_of, written
from rtm.publish.length import too_long
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.publish.tid import Tids
from rtm.publish.xrpc import Answer, Failed, Xrpc, wait_s

COLLECTION = "app.bsky.feed.post"
PATIENCE_S = 10.0  # for one answer
MENTION_PATIENCE_S = 3.0  # a slow directory must not hold a post back
MOST_MENTIONS = 10
EXPIRED = ("ExpiredToken", "InvalidToken")
AWAY_S = 2.0  # until the next try, when the network could not be reached
KEPT_RECORDS = 64  # so that another try is letter by letter the same

log = logging.getLogger(__name__)


class Bluesky:
    """One account: ``identifier`` is its handle; ``password`` had better be an app password.

    ``langs`` are the languages of its posts, BCP 47. The session lives in memory, and is renewed
    when the network asks for it.
    """

    name = "bluesky"
    limits = Limits(graphemes=300, utf8_bytes=3000)
    is_dry = False
    repeats_safely = True
    can_look = True

    def __init__(
        self,
        service: str,
        identifier: str,
        password: str,
        *,
        clock: Beat,
        langs: tuple[str, ...] = (),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._host, self._is_here = _checked(service)
        self.account = identifier
        self._password = password
        self._clock = clock
        self._langs = langs
        self._xrpc = Xrpc(service, patience_s)
        self._session: _Session | None = None
        self._signing_in = asyncio.Lock()
        self._tids = Tids()
        self._records: dict[str, dict[str, Any]] = {}

    def key(self, at: datetime) -> str:
        """Return a record key: a TID, after all before."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Sign in, if that has not been done."""
        await self._signed_in()

    async def publish(self, post: Outgoing) -> Receipt:
        """Put the post at its key. The same post again changes nothing."""
        if reason := too_long(post.text, self.limits):
            raise PublishError(f"{reason} Shorten it, then fire again.")
        session = await self._signed_in()
        record = await self._record(post)
        answer = await self._put(post.key, record, session)
        if answer.status == 401 or answer.error in EXPIRED:
            session = await self._renewed(session)
            answer = await self._put(post.key, record, session)
        if answer.status >= 500:
            raise OutcomeUnknown(
                f"{self._host} failed (HTTP {answer.status}) with the post in hand"
            )
        if answer.status != 200:
            self._refuse(answer, "change the draft, then fire again")
        if (uri := answer.text("uri")) is None:
            raise OutcomeUnknown(f"{self._host} answered something else than a receipt")
        log.info("post is on the network channel=%s key=%s uri=%s", self.name, post.key, uri)
        return self._receipt(uri, post.key, session)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Look for the record at the post's key."""
        try:
            session = await self._signed_in()
            answer = await self._call(
                "GET",
                "com.atproto.repo.getRecord",
                {"repo": session.did, "collection": COLLECTION, "rkey": post.key},
            )
        except PublishError as error:
            raise OutcomeUnknown(str(error), error.retry_after_s) from error
        if answer.status == 200 and (uri := answer.text("uri")) is not None:
            return self._receipt(uri, post.key, session)
        if answer.status in (400, 404) and answer.error == "RecordNotFound":
            return None
        wait = self._wait_s(answer) if answer.status == 429 else None
        raise OutcomeUnknown(f"{self._host} cannot say whether it has the post", wait)

    async def prepare(self, post: Outgoing) -> None:
        """Do nothing: there is nothing to prepare."""

    async def delete(self, uri: str) -> None:
        """Take a post back."""
        raise PublishError(f"{self.name} cannot take back {uri}")

    async def counts(self, uri: str) -> Counts:
        """Return what became of a post."""
        return Counts()

    async def followers(self) -> int | None:
        """Return how many follow the account."""
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self._xrpc.close()

    async def _put(self, key: str, record: dict[str, Any], session: "_Session") -> Answer:
        place = {"repo": session.did, "collection": COLLECTION, "rkey": key}
        try:
            return await self._xrpc.call(
                "POST",
                "com.atproto.repo.putRecord",
                {**place, "record": record},
                session.access,
            )
        except Failed as error:
            if error.is_sent:
                raise OutcomeUnknown(f"{self._host} {error} after the post was sent") from error
            raise PublishError(f"{self._host} {error}", AWAY_S) from error

    async def _record(self, post: Outgoing) -> dict[str, Any]:
        if (record := self._records.get(post.key)) is not None:
            return record
        facets = facets_of(post.text)
        handles = dict.fromkeys(facet.value for facet in facets if facet.kind == "mention")
        asked = list(handles)[:MOST_MENTIONS]
        dids = await asyncio.gather(*map(self._did_of, asked))
        known = {handle: did for handle, did in zip(asked, dids, strict=True) if did}
        at = post.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": COLLECTION, "text": post.text, "createdAt": at}
        if self._langs:
            record["langs"] = list(self._langs)
        if points := written(facets, known):
            record["facets"] = points
        if len(self._records) >= KEPT_RECORDS:
            del self._records[next(iter(self._records))]
        self._records[post.key] = record
        return record

    async def _did_of(self, handle: str) -> str | None:
        try:
            async with asyncio.timeout(MENTION_PATIENCE_S):
                answer = await self._call(
                    "GET", "com.atproto.identity.resolveHandle", {"handle": handle}
                )
        except (PublishError, TimeoutError):
            answer = None
        did = answer.text("did") if answer is not None and answer.status == 200 else None
        if did is None:
            log.warning("mention stays plain text handle=%s", handle)
        return did

    async def _signed_in(self) -> "_Session":
        async with self._signing_in:
            if self._session is None:
                self._session = await self._create_session()
            return self._session

    async def _renewed(self, old: "_Session") -> "_Session":
        async with self._signing_in:
            if self._session is None or self._session == old:
                self._session = None  # if both fail, the next call begins anew
                self._session = await self._refresh(old) or await self._create_session()
            return self._session

    async def _create_session(self) -> "_Session":
        who = {"identifier": self.account, "password": self._password}
        answer = await self._call("POST", "com.atproto.server.createSession", who)
        if answer.status != 200:
            remedy = "check RTM_BLUESKY_HANDLE and RTM_BLUESKY_PASSWORD (an app password is best)"
            self._refuse(answer, remedy)
        if (session := _session_of(answer)) is None:
            raise PublishError(f"{self._host} is no server of the AT Protocol; check its address")
        return session

    async def _refresh(self, old: "_Session") -> "_Session | None":
        method = "com.atproto.server.refreshSession"
        answer = await self._call("POST", method, token=old.refresh)
        return _session_of(answer) if answer.status == 200 else None

    async def _call(
        self,
        verb: Literal["GET", "POST"],
        method: str,
        arguments: dict[str, str] | None = None,
        token: str | None = None,
    ) -> Answer:
        try:
            answer = await self._xrpc.call(verb, method, arguments, token)
        except Failed as error:
            raise PublishError(f"{self._host} {error}", AWAY_S) from error
        if answer.status >= 500:
            raise PublishError(f"{self._host} failed (HTTP {answer.status})", AWAY_S)
        return answer

    def _refuse(self, answer: Answer, remedy: str) -> NoReturn:
        if answer.status == 429:
            wait = self._wait_s(answer)
            raise PublishError(
                f"{self._host} takes no more for {wait:,.0f} s; fire again then", wait
            )
        words = answer.words or f"HTTP {answer.status}"
        session = self._session
        for secret in (self._password, *((session.access, session.refresh) if session else ())):
            words = words.replace(secret, "…") if secret else words
        raise PublishError(f"{self._host} refused: {words}; {remedy}")

    def _wait_s(self, answer: Answer) -> float:
        return wait_s(answer, self._clock.now().timestamp())

    def _receipt(self, uri: str, key: str, session: "_Session") -> Receipt:
        if self._is_here:  # a test server's posts can be looked at nowhere
            return Receipt(uri, None)
        return Receipt(uri, f"https://bsky.app/profile/{session.did}/post/{key}")


@dataclass(frozen=True, slots=True, repr=False)  # a traceback must not show it
class _Session:
    did: str
    access: str
    refresh: str


def _session_of(answer: Answer) -> _Session | None:
    did, access = answer.text("did"), answer.text("accessJwt")
    if did is None or access is None:
        return None
    return _Session(did, access, answer.text("refreshJwt") or "")


def _checked(service: str) -> tuple[str, bool]:
    try:
        parts = urlsplit(service)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("https", "http") or parts.username or parts.path.strip("/"):
        raise ConfigError("RTM_BLUESKY_SERVICE: not an address; write https://bsky.social")
    is_here = _is_loopback(host)
    if parts.scheme == "http" and not is_here:
        raise ConfigError(
            f"RTM_BLUESKY_SERVICE: http would show the password; write https://{host}"
        )
    return host, is_here


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
