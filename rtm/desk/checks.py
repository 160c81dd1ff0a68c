"""What a draft is checked for before it is submitted, and again before it leaves.

A check is a function of a draft and its scene; it complains in words. Which checks there are stands
in one list. What needs a look elsewhere (links, secrets) is looked up before, and is in the scene.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rtm.brand import Brand
from rtm.draft import Draft


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong: ``rule`` is the check's id, ``words`` a sentence with what to do.

    ``stops``: the step is refused; else it is told only.
    """

    rule: str
    words: str
    channel: str | None = None
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """What a draft is checked against.

    ``complaints`` counts the open complaints on each channel, ``links`` holds what is wrong with
    each address that was looked up (None: nothing), ``leaks`` what a text gives away.
    """

    brand: Brand
    now: datetime
    channels: tuple[str, ...]
    crisis: str | None = None
    complaints: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, str | None] = field(default_factory=dict)
    leaks: tuple[str, ...] = ()


Check = Callable[[Draft, Scene], Iterator[Complaint]]


def complaints_of(draft: Draft, scene: Scene) -> list[Complaint]:
    """Return all that is wrong with a draft, what stops it first."""
    found = [complaint for check in CHECKS for complaint in check(draft, scene)]
    return sorted(found, key=lambda complaint: not complaint.stops)


def _empty(draft: Draft, scene: Scene) -> Iterator[Complaint]:
    for channel in scene.channels:
        if not draft.message(channel).text.strip():
            yield Complaint("empty", f"There are no words for {channel} yet.", channel)


def _leak(_draft: Draft, scene: Scene) -> Iterator[Complaint]:
    for words in scene.leaks:
        yield Complaint("leak", words[:1].upper() + words[1:])


CHECKS: tuple[Check, ...] = (_empty, _leak)
