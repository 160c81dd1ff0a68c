"""How long a post is by a network's own counting, and whether all of it fits there."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import regex

from rtm.draft import Poll, Visibility
from rtm.publish.publisher import Limits

_LETTER = regex.compile(r"\X")
_LINK = regex.compile(r"https?://[^\s<>]*[^\s<>.,;:!?'\")\]]", regex.IGNORECASE)
_FAR_MENTION = regex.compile(r"(?<![\w/])(@\w+(?:[\w.-]*\w)?)@[\w-]+(?:\.[\w-]+)*")


class Shown(Protocol):
    """A picture with the words for who cannot see it."""

    @property
    def alt(self) -> str: ...  # noqa: D102


class Postable(Protocol):
    """What is to be posted, as a message or already with its pictures."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def more(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def pictures(self) -> Sequence[Shown]: ...  # noqa: D102
    @property
    def reply_to(self) -> str | None: ...  # noqa: D102
    @property
    def poll(self) -> Poll | None: ...  # noqa: D102
    @property
    def visibility(self) -> Visibility: ...  # noqa: D102


def letters(text: str, link_letters: int | None = None) -> int:
    r"""Return how many letters a reader sees: grapheme clusters.

    With ``link_letters`` every link counts as so many, and a mention without its domain, as on
    Mastodon.

    >>> letters("e\u0301t\u00e9"), letters("\U0001f469\u200d\U0001f469\u200d\U0001f467")
    (3, 1)
    >>> letters("@ada@example.social https://oreo.com/dark", link_letters=23)
    28
    """
    if link_letters is not None:
        text = _FAR_MENTION.sub(r"\1", _LINK.sub("-" * link_letters, text))
    return sum(1 for _ in _LETTER.finditer(text))


def too_long(text: str, limits: Limits, which: str = "The post") -> str | None:
    """Return a sentence on what is too long, or None when a text fits.

    >>> too_long("dunk", Limits(3, None))
    'The post is 1 letter too long: 4 of at most 3.'
    """
    if (over := letters(text, limits.link_letters) - limits.graphemes) > 0:
        return (
            f"{which} is {over:,} letter{'s' * (over > 1)} too long: "
            f"{over + limits.graphemes:,} of at most {limits.graphemes:,}."
        )
    if limits.characters is not None and len(text) > limits.characters:
        few = f"{len(text):,} characters of at most {limits.characters:,}"
        return f"{which} has {few}; use fewer emoji."
    size = len(text.encode(errors="replace"))
    if limits.utf8_bytes is not None and size > limits.utf8_bytes:
        return f"{which} has {size:,} bytes of at most {limits.utf8_bytes:,}; use fewer emoji."
    return None


def complaint(post: Postable, limits: Limits) -> str | None:
    """Return a sentence on what does not fit into a network's posts, or None when all does.

    >>> from rtm.draft import Message
    >>> complaint(Message(text="dunk", visibility="unlisted"), Limits(300, None))
    'A post here is seen by everybody; make it public.'
    """
    return next(_complaints(post, limits), None)


def _complaints(post: Postable, limits: Limits) -> Iterator[str]:
    texts = (post.text, *post.more)
    if len(texts) > limits.thread:
        yield (
            "A thread is not possible here; say it in one post."
            if limits.thread < 2
            else f"The thread has {len(texts):,} posts of at most {limits.thread:,}."
        )
    for number, text in enumerate(texts, 1):
        which = "The post" if len(texts) == 1 else f"Post {number} of the thread"
        if not text.strip():
            yield f"{which} has no words."
        if (reason := too_long(text, limits, which)) is not None:
            yield reason
    if len(post.pictures) > limits.pictures:
        yield (
            f"The post has {len(post.pictures)} pictures of at most {limits.pictures}."
            if limits.pictures
            else "Pictures are not possible here; take them out."
        )
    for number, picture in enumerate(post.pictures, 1):
        if (said := letters(picture.alt)) > limits.alt_letters:
            most = f"{limits.alt_letters:,} letters"
            yield f"The words for picture {number} are too long: {said:,} of at most {most}."
    if post.poll is not None:
        yield from _poll_complaints(post.poll, post, limits)
    if post.reply_to is not None and not limits.takes_replies:
        yield "An answer to a post is not possible here."
    if post.visibility not in limits.visibilities:
        yield (
            "A post here is seen by everybody; make it public."
            if limits.visibilities == ("public",)
            else f"A post here cannot be seen by {post.visibility}."
        )


def _poll_complaints(poll: Poll, post: Postable, limits: Limits) -> Iterator[str]:
    if not limits.poll_options:
        yield "A poll is not possible here; ask in words."
        return
    if post.pictures:
        yield "A poll and pictures cannot go together; take one out."
    if len(poll.options) > limits.poll_options:
        yield f"The poll has {len(poll.options)} answers of at most {limits.poll_options}."
    for number, option in enumerate(poll.options, 1):
        if (over := letters(option) - limits.poll_letters) > 0:
            most = f"{limits.poll_letters} letters"
            yield f"Answer {number} of the poll is {over} too long, of at most {most}."
    if len(set(poll.options)) < len(poll.options):
        yield "Two answers of the poll are the same."
    if not limits.poll_s[0] <= poll.lasts_s <= limits.poll_s[1]:
        first, last = limits.poll_s[0] / 60, limits.poll_s[1] / 3600
        yield f"The poll must be open from {first:,.3g} minutes to {last:,.4g} hours."
