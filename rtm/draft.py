"""What a team writes: a draft with all that goes with it, and the message that leaves of it.

Be a draft: one text for all channels, another for a channel where it needs one, pictures with the
words for who cannot see them. When you are fired, each channel gets one ``Message`` of you.
"""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Visibility = Literal["public", "unlisted", "followers"]

LONGEST_TEXT = 10_000  # characters; a network's own limit is checked by its own counting
MOST_PICTURES = 4  # as many as the narrowest of our networks takes
MOST_POSTS = 25  # of a thread, the first among them
LONGEST_POLL_S = 30 * 86_400

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Address = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is kept; ``id`` is the SHA-256 of its bytes, ``alt`` says what it shows."""

    id: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    alt: Annotated[str, Meta(max_length=1_500)] = ""


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A question with answers to choose from, open for ``lasts_s`` seconds."""

    options: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...],
        Meta(min_length=2, max_length=10),
    ]
    lasts_s: Annotated[int, Meta(ge=300, le=LONGEST_POLL_S)] = 86_400
    takes_many: bool = False


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its team has it; ``channels`` are the names of those it shall go to, none = all.

    ``own`` holds the text of a channel that does not take ``text``; ``more`` the further posts of a
    thread; ``reply_to`` the address of the post that is answered; ``kit`` whose words these were;
    ``offer_until`` when what it offers is over.
    """

    text: Text = ""
    own: dict[str, Text] = {}
    channels: Annotated[tuple[str, ...], Meta(max_length=20)] = ()
    pictures: Annotated[tuple[Picture, ...], Meta(max_length=MOST_PICTURES)] = ()
    more: Annotated[tuple[Text, ...], Meta(max_length=MOST_POSTS - 1)] = ()
    reply_to: Address | None = None
    poll: Poll | None = None
    visibility: Visibility = "public"
    kit: Annotated[str, Meta(max_length=200)] | None = None
    offer_until: Annotated[datetime, Meta(tz=True)] | None = None

    @property
    def digest(self) -> str:
        """Return what two drafts share only when they are the same, letter by letter."""
        return blake2b(msgspec.json.encode(self, order="sorted"), digest_size=16).hexdigest()

    @property
    def texts(self) -> tuple[str, ...]:
        """All words of it that strangers would read."""
        polled = self.poll.options if self.poll else ()
        alts = (picture.alt for picture in self.pictures)
        return (self.text, *self.own.values(), *self.more, *polled, *alts)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read yet."""
        return not any(text.strip() for text in (self.text, *self.own.values()))

    def message(self, channel: str) -> "Message":
        """Return what would leave on a channel."""
        return Message(
            text=self.own.get(channel, self.text),
            more=self.more,
            pictures=self.pictures,
            reply_to=self.reply_to,
            poll=self.poll,
            visibility=self.visibility,
        )


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What leaves on one channel, letter by letter; fields as in ``Draft``."""

    text: str
    more: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    reply_to: str | None = None
    poll: Poll | None = None
    visibility: Visibility = "public"


def drafted(message: Message, *, offer_until: datetime | None = None) -> Draft:
    """Return a draft of which every channel would get this message.

    >>> drafted(Message(text="Dunk")).message("anywhere") == Message(text="Dunk")
    True
    """
    return Draft(
        text=message.text,
        more=message.more,
        pictures=message.pictures,
        reply_to=message.reply_to,
        poll=message.poll,
        visibility=message.visibility,
        offer_until=offer_until,
    )
