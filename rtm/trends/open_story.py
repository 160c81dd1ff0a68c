"""What a story under way is made of: terms above the floor, and what the counts do not tell."""

from dataclasses import dataclass, field

import msgspec

from rtm.text.terms import Term
from rtm.trends.recent import Post
from rtm.trends.state import NO_STORY
from rtm.types import Example

CODE = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no letter that reads like a digit


@dataclass(slots=True)
class HotTerm:
    """A term above the floor; ``story`` is its story's slot, or NO_STORY while it waits.

    ``post`` is one in which it stands, and so tells its name. ``parts`` are the keys of the two
    terms that a pair is of, which is no term of any post itself.
    """

    key: int
    post: Post
    row: int
    surprise: float
    fired_at: int
    parts: tuple[int, ...]
    story: int = NO_STORY

    @property
    def term(self) -> Term:
        """The term with its name."""
        return self.post.term(self.key)


class Asked(msgspec.Struct, frozen=True):
    """What a person who opened a story said of it, and the post that is to be answered, if any."""

    title: str
    terms: tuple[str, ...]
    answers: Example | None = None


@dataclass(slots=True)
class OpenStory:
    """What a story needs beyond the counts in ``State``."""

    id: str
    slot: int
    opened: int
    first_at: int
    terms: dict[int, HotTerm] = field(default_factory=dict)
    told: int = 0
    title: str = ""
    surprise: float = 0.0
    parent: str | None = None  # id of the story that it came out of
    asked: Asked | None = None  # by whoever opened it; None when it was found


def code_of(tick: int, key: int) -> str:
    """Return the id of a story that opens at a tick with a term of this key as its smallest."""
    number = (tick << 20) ^ (key >> 24)
    code = ""
    for _ in range(12):
        code = CODE[number & 31] + code
        number >>= 5
    return "s" + code
