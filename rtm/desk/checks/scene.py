"""What a check is told, and what it says: the draft cut into pieces, its scene, a complaint."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rtm.desk.checks.known import Known
from rtm.draft import Draft

Rule = Literal[
    "empty",
    "length",
    "no-go",
    "grave",
    "manners",
    "crisis",
    "promotion",
    "links",
    "alt",
    "rival",
    "offer",
    "slot",
    "leak",
    "mentions",
    "shouting",
]
"""Ids of the checks; the rules of the house link to them."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong: ``rule`` is the check's id, ``words`` a sentence with what to do.

    ``stops``: the step is refused; else it is told only. ``channel`` is None where all are meant.
    """

    rule: Rule
    words: str
    channel: str | None = None
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What is wrong with an address; ``words`` go on after the address, as in "is not there: ...".

    ``stops``: nobody should be sent there; else it could not be checked, or is worth a look.
    """

    words: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """What a draft is checked against; ``channels`` are those that it goes to.

    ``send_at`` is when it shall leave, None for at once; ``crisis`` what the crisis is about while
    one is open. ``complaints`` counts the open complaints on each channel; ``limits`` says what
    does not fit there, in a sentence (None: it fits). ``links`` holds what was found at each
    address that was looked up (None: nothing wrong); ``leaks`` what is given away, as
    ``Leak.complaint`` words it. ``is_released``: a moderator released the lock of a grave story;
    ``is_answer``: its moment was opened to answer somebody who complains.
    """

    now: datetime
    channels: tuple[str, ...]
    send_at: datetime | None = None
    crisis: str | None = None
    complaints: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, str | None] = field(default_factory=dict)
    links: Mapping[str, Looked | None] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()
    is_released: bool = False
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that strangers would read: what it is, and the channel if it is one's own."""

    name: str
    text: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """All that a check is told."""

    draft: Draft
    scene: Scene
    known: Known
    pieces: tuple[Piece, ...]


Check = Callable[[Look], Iterator[Complaint]]


def pieces_of(draft: Draft, channels: tuple[str, ...]) -> tuple[Piece, ...]:
    """Return what would leave on these channels, in an order that is not theirs.

    >>> [one.name for one in pieces_of(Draft(text="Dunk", more=("it",)), ("x", "bluesky"))]
    ['the text', 'post 2 of the thread']
    """
    own = [one for one in sorted(set(channels)) if one in draft.own]
    pieces = [Piece(f"the text for {one}", draft.own[one], one) for one in own]
    if not channels or set(channels) - set(own):
        pieces.insert(0, Piece("the text", draft.text))
    pieces += [Piece(f"post {n} of the thread", text) for n, text in enumerate(draft.more, 2)]
    options = draft.poll.options if draft.poll else ()
    pieces += [Piece(f"answer {n} of the poll", text) for n, text in enumerate(options, 1)]
    for n, picture in enumerate(draft.pictures, 1):
        pieces.append(Piece(f"the words for picture {n}", picture.alt))
    return tuple(pieces)
