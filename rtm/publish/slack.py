"""Slack, by an incoming webhook: a text for the channel that the webhook was made for.

Be a post: you are taken with the word "ok" and no address, so nobody but a person can see whether
you arrived, and you are never sent twice.
"""

import logging
from datetime import datetime
from typing import NoReturn

from rtm.clock import Beat
from rtm.errors import OutcomeUnknown, PublishError
from rtm.publish.http import Answer
from rtm.publish.length import complaint
from rtm.publish.publisher import Counts, Limits, Outgoing, Receipt
from rtm.publish.service import PATIENCE_S, Service, place_of
from rtm.publish.tid import Tids

EXAMPLE = "https://hooks.slack.com/services/T.../B.../..."
GONE = (401, 403, 404, 410)  # the webhook, its channel or its app

log = logging.getLogger(__name__)


class Slack:
    """One channel of one workspace. ``prefix`` begins the name of its variable."""

    # the network takes 40,000 characters, and says that more than 4,000 are no message
    limits = Limits(graphemes=4_000, utf8_bytes=None, characters=4_000)
    is_dry = False
    repeats_safely = False
    can_look = False

    def __init__(
        self,
        url: str,
        *,
        clock: Beat,
        patience_s: float = PATIENCE_S,
        name: str = "slack",
        prefix: str = "RTM_SLACK",
    ) -> None:
        place = place_of(url, f"{prefix}_WEBHOOK", EXAMPLE, is_whole=True)
        self.name = name
        self.account = place.account
        self._service = Service(place, clock=clock, secrets=place.secrets, patience_s=patience_s)
        self._prefix = prefix
        self._tids = Tids()

    def key(self, at: datetime) -> str:
        """Return a key that sorts by time; Slack is never told of it."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Send nothing to say, which a webhook refuses in one way if it is there, else another."""
        answer = await self._service.ask("POST", "", json={})
        if answer.status in GONE:
            self._refuse(answer)

    async def prepare(self, post: Outgoing) -> None:
        """Check what fits; there is nothing to upload."""
        if reason := complaint(post, self.limits):
            raise PublishError(f"{reason} Change the draft, then fire again.")

    async def publish(self, post: Outgoing) -> Receipt:
        """Send a text, its signs as they are: no markup, and nobody is called by it."""
        await self.prepare(post)
        told = {"text": escaped(post.text), "mrkdwn": False}
        answer = await self._service.send("", json=told)
        if not answer.is_fine:
            self._refuse(answer)
        if answer.plain != "ok":
            raise OutcomeUnknown(f"{self._service.host} answered something else than a receipt")
        log.info("post is on the network channel=%s key=%s", self.name, post.key)
        return Receipt(f"slack:{post.key}", None)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Raise OutcomeUnknown: a webhook cannot read."""
        raise OutcomeUnknown("Only a person can look: open the channel in Slack.")

    async def delete(self, uri: str) -> None:
        """Raise PublishError: a webhook cannot delete."""
        raise PublishError("Slack's webhooks cannot delete; delete the message in Slack")

    async def counts(self, uri: str) -> Counts:
        """Return that nothing is told."""
        return Counts()

    async def followers(self) -> int | None:
        """Return that nothing is told."""
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()

    def _refuse(self, answer: Answer) -> NoReturn:
        remedy = "change the draft, then fire again"
        if answer.status in GONE:
            remedy = f"make a new webhook in Slack and set {self._prefix}_WEBHOOK"
        self._service.refuse(answer, remedy)


def escaped(text: str) -> str:
    """Return a text in which no sign calls everybody or makes a link look like another.

    >>> escaped("Q&A <!channel>")
    'Q&amp;A &lt;!channel&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
