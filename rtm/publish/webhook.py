"""A receiver of the house's own: each post as a signed message, as standardwebhooks.com has it.

Be a post: you go out as JSON with your key as the message's id. A receiver that knows you by it may
be sent you twice; of any other only a person can say whether it got you, and you are sent once.
"""

import base64
import binascii
import logging
from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook as Signing

from rtm.clock import Beat
from rtm.draft import MOST_POSTS, Poll, Visibility
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.length import complaint
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.publish.service import PATIENCE_S, Service, place_of
from rtm.publish.tid import Tids

EXAMPLE = "https://example.com/posts"
SHORTEST_SECRET = 24  # bytes, as the standard has it

log = logging.getLogger(__name__)


class Posted(msgspec.Struct, frozen=True):
    """What a message says of a post."""

    key: str
    text: str
    more: tuple[str, ...]
    reply_to: str | None
    poll: Poll | None
    visibility: Visibility


class Fired(msgspec.Struct, frozen=True):
    """A message; ``timestamp`` is when the post was fired."""

    type: str
    timestamp: datetime
    data: Posted


class Webhook:
    """One receiver; ``secret`` is ``whsec_`` and base64. ``prefix`` begins its variables' names.

    ``drops_repeats``: the receiver takes the same ``webhook-id`` once, however often it is sent.
    """

    limits = Limits(
        graphemes=10_000,
        utf8_bytes=None,
        poll_options=10,
        poll_letters=100,
        thread=MOST_POSTS,
        takes_replies=True,
        visibilities=("public", "unlisted", "followers"),
    )
    is_dry = False
    can_look = False

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        clock: Beat,
        drops_repeats: bool = False,
        patience_s: float = PATIENCE_S,
        name: str = "webhook",
        prefix: str = "RTM_WEBHOOK",
    ) -> None:
        place = place_of(url, f"{prefix}_URL", EXAMPLE, is_whole=True)
        self.name = name
        self.account = place.account
        self.repeats_safely = drops_repeats
        self._signing = Signing(_key(secret, f"{prefix}_SECRET"))
        self._service = Service(
            place,
            clock=clock,
            secrets={secret, secret.removeprefix("whsec_"), *place.secrets},
            patience_s=patience_s,
        )
        self._prefix = prefix
        self._clock = clock
        self._tids = Tids()

    def key(self, at: datetime) -> str:
        """Return a key that sorts by time: the message's ``webhook-id``."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Do nothing: a receiver is called when there is something to say."""

    async def prepare(self, post: Outgoing) -> None:
        """Check what fits; there is nothing to upload."""
        if reason := complaint(post, self.limits):
            raise PublishError(f"{reason} Change the draft, then fire again.")

    async def publish(self, post: Outgoing) -> Receipt:
        """Send the message; its body is the same on every try, signed anew each time."""
        await self.prepare(post)
        body = msgspec.json.encode(
            Fired(
                "post.fired",
                post.at.astimezone(UTC),
                Posted(post.key, post.text, post.more, post.reply_to, post.poll, post.visibility),
            )
        )
        now = self._clock.now().astimezone(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": post.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signing.sign(post.key, now, body.decode()),
        }
        answer = await self._service.send("", body=body, headers=headers)
        if not answer.is_fine:
            names = f"{self._prefix}_URL and {self._prefix}_SECRET"
            self._service.refuse(answer, f"check {names}, and what the receiver's log says")
        log.info("post is with its receiver channel=%s key=%s", self.name, post.key)
        return Receipt(f"webhook:{post.key}", None)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Raise OutcomeUnknown: a receiver tells nothing."""
        raise OutcomeUnknown(f"Only a person can look: see what {self._service.host} received.")

    async def delete(self, uri: str) -> None:
        """Raise PublishError: a receiver takes posts only."""
        raise PublishError("A webhook cannot delete; delete the post where the receiver put it")

    async def counts(self, uri: str) -> Counts:
        """Return that nothing is told."""
        return Counts()

    async def followers(self) -> int | None:
        """Return that nothing is told."""
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()


def _key(secret: str, variable: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < SHORTEST_SECRET:
        least = f"the base64 of {SHORTEST_SECRET} random bytes or more"
        raise ConfigError(f"{variable}: no signing secret; write whsec_ and {least}")
    return key
