"""Discord, by a webhook: a message with pictures for the channel that the webhook was made for.

Be a post: you are answered with where you are, so you can be deleted and your reactions counted.
Where that answer is lost nobody but a person can see whether you arrived, and you are never sent
twice.
"""

import logging
from datetime import datetime
from typing import Any

import msgspec

from rtm.clock import Beat
from rtm.draft import MOST_PICTURES
from rtm.errors import ConfigError, OutcomeUnknown, PublishError
from rtm.publish.http import Answer, Part
from rtm.publish.length import complaint
from rtm.publish.publisher import Attached, Counts, Limits, Outgoing, Receipt
from rtm.publish.service import PATIENCE_S, Service, place_of
from rtm.publish.tid import Tids

EXAMPLE = "https://discord.com/api/webhooks/.../..."
SCHEME = "discord:"
UNKNOWN_MESSAGE = 10008
GONE = (401, 403, 404)

log = logging.getLogger(__name__)


class Discord:
    """One channel of one server. ``prefix`` begins the name of its variable."""

    limits = Limits(
        graphemes=2_000,
        utf8_bytes=None,
        characters=2_000,
        pictures=MOST_PICTURES,
        picture_bytes=8_000_000,
        alt_letters=1_024,
    )
    is_dry = False
    repeats_safely = False
    can_look = False

    def __init__(
        self,
        url: str,
        *,
        clock: Beat,
        patience_s: float = PATIENCE_S,
        name: str = "discord",
        prefix: str = "RTM_DISCORD",
    ) -> None:
        place = place_of(url.strip().rstrip("/"), f"{prefix}_WEBHOOK", EXAMPLE, is_whole=True)
        if "?" in place.url:
            raise ConfigError(f"{prefix}_WEBHOOK: has a ? in it; write {EXAMPLE}")
        self.name = name
        self.account = place.account
        self._service = Service(place, clock=clock, secrets=place.secrets, patience_s=patience_s)
        self._prefix = prefix
        self._tids = Tids()
        self._guild: str | None = None  # known once it is open
        self._is_open = False

    def key(self, at: datetime) -> str:
        """Return a key that sorts by time; Discord is never told of it."""
        return self._tids.next(at)

    async def open(self) -> None:
        """Ask whether the webhook is there, and in which server."""
        if self._is_open:
            return
        answer = await self._service.ask("GET", "")
        if not answer.is_fine:
            self._service.refuse(answer, f"check {self._prefix}_WEBHOOK")
        self._guild = _number(answer.fields.get("guild_id"))
        self._is_open = True

    async def prepare(self, post: Outgoing) -> None:
        """Check what fits; pictures go out with the post itself."""
        if reason := complaint(post, self.limits):
            raise PublishError(f"{reason} Change the draft, then fire again.")
        await self.open()

    async def publish(self, post: Outgoing) -> Receipt:
        """Send a message; whatever it says, nobody is called by it."""
        await self.prepare(post)
        told: dict[str, Any] = {"content": post.text, "allowed_mentions": {"parse": []}}
        wait = {"wait": "true"}  # for the message itself; else nobody says whether it was kept
        if post.pictures:
            answer = await self._service.send("", parts=_form(told, post.pictures), params=wait)
        else:
            answer = await self._service.send("", json=told, params=wait)
        if not answer.is_fine:
            remedy = "change the draft, then fire again"
            if answer.status in GONE:
                remedy = f"make a new webhook in Discord and set {self._prefix}_WEBHOOK"
            self._service.refuse(answer, remedy)
        message = _number(answer.fields.get("id"))
        channel = _number(answer.fields.get("channel_id"))
        if message is None or channel is None:
            raise OutcomeUnknown(f"{self._service.host} answered something else than a receipt")
        log.info("post is on the network channel=%s key=%s id=%s", self.name, post.key, message)
        url = f"https://discord.com/channels/{self._guild}/{channel}/{message}"
        is_seen = self._guild is not None and not self._service.is_here
        return Receipt(f"{SCHEME}{message}", url if is_seen else None)

    async def find(self, post: Outgoing) -> Receipt | None:
        """Raise OutcomeUnknown: a webhook reads only a message whose id is known."""
        raise OutcomeUnknown("Only a person can look: open the channel in Discord.")

    async def delete(self, uri: str) -> None:
        """Delete a message."""
        answer = await self._service.ask("DELETE", self._path(uri))
        if not answer.is_fine and not _is_unknown(answer):
            self._service.refuse(answer, "delete the message in Discord")

    async def counts(self, uri: str) -> Counts:
        """Return how many reactions a message has."""
        answer = await self._service.ask("GET", self._path(uri))
        if not answer.is_fine:
            self._service.refuse(answer, "look at the message in Discord")
        reactions = answer.fields.get("reactions")
        told = reactions if isinstance(reactions, list) else []
        counts = [one.get("count") for one in told if isinstance(one, dict)]
        return Counts(likes=sum(count for count in counts if type(count) is int))

    async def followers(self) -> int | None:
        """Return that nothing is told."""
        return None

    async def close(self) -> None:
        """Let go of connections."""
        await self._service.close()

    def _path(self, uri: str) -> str:
        if (message := _number(uri.removeprefix(SCHEME))) is None:
            raise PublishError("Discord has no such message")
        return f"/messages/{message}"


def _form(told: dict[str, Any], pictures: tuple[Attached, ...]) -> list[Part]:
    names = [
        f"{number}.{picture.kind.rpartition('/')[2]}" for number, picture in enumerate(pictures)
    ]
    attachments = [
        {"id": number, "filename": name, "description": picture.alt}
        for number, (name, picture) in enumerate(zip(names, pictures, strict=True))
    ]
    payload = msgspec.json.encode({**told, "attachments": attachments}).decode()
    return [
        Part("payload_json", payload, kind="application/json"),
        *(
            Part(f"files[{number}]", picture.content, name, picture.kind)
            for number, (name, picture) in enumerate(zip(names, pictures, strict=True))
        ),
    ]


def _is_unknown(answer: Answer) -> bool:
    return answer.status == 404 and answer.fields.get("code") == UNKNOWN_MESSAGE


def _number(told: object) -> str | None:
    is_one = isinstance(told, str) and told.isascii() and told.isdigit() and len(told) <= 20
    return str(told) if is_one else None
