"""What a channel is: it sends one post under a key chosen before, and can look whether it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A post that a person fired. ``key`` and ``at`` never change, however often it is tried."""

    key: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the network said: where the post is. ``url`` is None where nobody can look at it."""

    uri: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a post may be, by the network's own counting; None = no such limit."""

    graphemes: int
    utf8_bytes: int | None


class Publisher(Protocol):
    """One account on one network."""

    name: str
    account: str
    limits: Limits
    is_dry: bool
    repeats_safely: bool  # the same key sent twice is one post

    def key(self, at: datetime) -> str:
        """Choose the key of a new post, unlike any other of this account."""
        ...

    async def open(self) -> None:
        """Reach the network once, so that a wrong password shows before anybody fires.

        Raises PublishError; ``retry_after_s`` when the network may only be away for now.
        """
        ...

    async def publish(self, post: Outgoing) -> Receipt:
        """Send a post.

        Raises
        ------
        OutcomeUnknown
            When nobody can say whether the network took it.
        PublishError
            When the network surely did not take it; ``retry_after_s`` when it may later.
        """
        ...

    async def find(self, post: Outgoing) -> Receipt | None:
        """Look whether the network has a post; None when it surely has not.

        Raises OutcomeUnknown when it does not answer.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
