"""What a channel is: it sends one post under a key chosen before, and can look whether it went.

Be a post: you are prepared first (pictures go up, whoever you mention is looked up), which nobody
can see and which may be done twice; then you are published by the call that makes you public.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rtm.draft import LONGEST_POLL_S, Poll, Visibility


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture as it goes out: its bytes, their kind (image/jpeg), size in pixels, and words."""

    id: str
    content: bytes
    kind: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A post that a person fired. ``key`` and ``at`` never change, however often it is tried.

    ``more`` are the further posts of a thread; ``reply_to`` is the address of the post that is
    answered, as its network or a browser names it. Where only reading back can tell whether a post
    arrived, two of the same words are told apart by ``taken``, the ``uri`` of each that is known to
    be another sending's on this account, and ``twins``: how many others of the same words are
    unknown, too.
    """

    key: str
    at: datetime
    text: str
    more: tuple[str, ...] = ()
    pictures: tuple[Attached, ...] = ()
    reply_to: str | None = None
    poll: Poll | None = None
    visibility: Visibility = "public"
    taken: frozenset[str] = frozenset()
    twins: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the network said: where the post is. ``url`` is None where nobody can look at it.

    ``uri`` is what the channel takes back for ``delete`` and ``counts``.
    """

    uri: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a post so far; None is what the network does not tell."""

    replies: int | None = None
    reposts: int | None = None
    likes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What fits into a post, by the network's own counting; None = no such limit, 0 = none.

    ``link_letters`` is what every link counts as, whatever its length; ``picture_px`` is of the
    longer side; ``poll_options`` and ``poll_letters`` are of a poll, ``poll_s`` is how long it may
    be open, from and to; ``thread`` is how many posts.
    """

    graphemes: int
    utf8_bytes: int | None
    characters: int | None = None  # of Unicode; a family is one letter of five
    link_letters: int | None = None
    pictures: int = 0
    picture_bytes: int = 1_000_000
    picture_px: int = 2_000
    alt_letters: int = 1_500
    poll_options: int = 0
    poll_letters: int = 50
    poll_s: tuple[int, int] = (300, LONGEST_POLL_S)
    thread: int = 1
    takes_replies: bool = False
    visibilities: tuple[Visibility, ...] = ("public",)


class Publisher(Protocol):
    """One account on one network.

    ``repeats_safely``: the same key sent twice is one post; ``can_look``: ``find`` can tell, else
    only a person can.
    """

    name: str
    account: str
    limits: Limits
    is_dry: bool
    repeats_safely: bool
    can_look: bool

    def key(self, at: datetime) -> str:
        """Choose the key of a new post, unlike any other of this account."""
        ...

    async def open(self) -> None:
        """Reach the network once, so that a wrong password shows before anybody fires.

        Raises PublishError; ``retry_after_s`` when the network may only be away for now.
        """
        ...

    async def prepare(self, post: Outgoing) -> None:
        """Do all that nobody can see yet: upload pictures, look up names. May be done again.

        Raises PublishError; ``retry_after_s`` when another try makes sense.
        """
        ...

    async def publish(self, post: Outgoing) -> Receipt:
        """Send a post; what was not prepared is prepared first.

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

        Raises OutcomeUnknown when it does not answer, or only a person can look.
        """
        ...

    async def delete(self, uri: str) -> None:
        """Take a post back; one that is gone already is fine. PublishError when that fails."""
        ...

    async def counts(self, uri: str) -> Counts:
        """Return what became of a post; PublishError when the network does not answer."""
        ...

    async def followers(self) -> int | None:
        """Return how many follow the account; None where the network does not tell."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
