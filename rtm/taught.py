"""What an engine is taught between two ticks, as it stands in the input log.

Be a lesson: somebody clicked, so the desk's rules made you; you are written to the log as one line
of JSON, at the tick that was closed last, and then the engine learns you. A replay of the log
learns you at the same tick, and so says the same ever after. What a person opened by hand comes the
same way, since the posts that it is made of follow from it.
"""

import msgspec

from rtm.decisions import Closed, Dismissed, Kind, Learned, Opened
from rtm.errors import StoreError
from rtm.mood.mood import Target
from rtm.score.lessons import Lesson
from rtm.types import Example, story_of


class Label(msgspec.Struct, frozen=True, kw_only=True, tag_field="lesson", tag="label"):
    """That a post is negative, or a complaint, or is not; ``lang`` as its network told it."""

    what: Target
    is_so: bool
    text: str
    lang: str | None = None


class Unlearned(msgspec.Struct, frozen=True, kw_only=True, tag_field="lesson", tag="unlearn"):
    """That all which was taught of something is to be forgotten."""

    what: Learned


class Opening(msgspec.Struct, frozen=True, kw_only=True, tag_field="lesson", tag="open"):
    """That a person opened a moment; its posts are those that say one of ``terms``.

    ``tick`` is when, and counts only where no tick is over yet: else it opens after the tick that
    was closed last. ``answers`` is the post that is to be answered, as far as it is known by then;
    ``reply_to`` its id.
    """

    story: str
    title: str
    terms: tuple[str, ...]
    kind: Kind
    tick: int
    reply_to: str | None = None
    answers: Example | None = None


class Closing(msgspec.Struct, frozen=True, kw_only=True, tag_field="lesson", tag="close"):
    """That a story which was opened by hand is to be followed no longer; any other is left."""

    story: str


Taught = Lesson | Label | Unlearned | Opening | Closing


def opening_of(opened: Opened) -> Opening:
    """Return the lesson that a decision to open a moment is to the engine."""
    return Opening(
        story=story_of(opened.opportunity),
        title=opened.title,
        terms=opened.terms,
        kind=opened.kind,
        tick=int(opened.at.timestamp()),
        reply_to=opened.reply_to,
        answers=opened.answers,
    )


def closing_of(decision: Closed | Dismissed) -> Closing:
    """Return the lesson that the story of an opportunity is to be followed no longer."""
    return Closing(story=story_of(decision.opportunity))


def written(taught: Taught) -> bytes:
    """Return a lesson as one JSON object.

    >>> written(Unlearned(what="mood"))
    b'{"lesson":"unlearn","what":"mood"}'
    """
    return msgspec.json.encode(taught)


def read(lesson: bytes) -> Taught:
    """Read a lesson back, or raise StoreError."""
    try:
        taught: Taught = msgspec.json.decode(lesson, type=Taught)
    except msgspec.DecodeError as error:
        raise StoreError(f"lesson: not understood ({error}); another version wrote it") from error
    return taught
