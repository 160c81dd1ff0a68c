"""Kits on offer: copy cleared beforehand, for the stories that say its terms.

Be a kit: somebody cleared you in quiet times, bound to words that would announce your moment. A
story says one of them, in its terms, its title or its quoted posts, and you are offered with it
while your event is on. Of what you leave open, the slots in braces, nothing is ever filled in here:
a fact that nobody checked is worse than an empty place, so a draft with one left goes nowhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl

from rtm.event import Kit, WatchedEvent
from rtm.text.spotting import MOST_LISTS, Spotter
from rtm.types import Story

IN_TERM, IN_TITLE, IN_POST = 3, 2, 1  # what a kit's term weighs where it stands

_SLOT = re.compile(r"\{\s*([^\W\d_](?:[\w '-]{0,38}\w)?)\s*\}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A kit that fits, and until when it may be used; ``channels`` have texts of their own."""

    name: str
    text: str
    image: str | None
    alt: str | None
    event: str
    until: datetime
    channels: Mapping[str, str] = field(default_factory=dict)


class Kits:
    """The kits of the watched events, ready to be looked for."""

    def __init__(self, events: Sequence[WatchedEvent] = ()) -> None:
        self._kits = [(kit, event) for event in events for kit in event.kits]
        self._spotters = [
            Spotter([kit.terms for kit, _ in self._kits[first : first + MOST_LISTS]])
            for first in range(0, len(self._kits), MOST_LISTS)
        ]

    def offers(self, story: Story, at: datetime) -> tuple[Offer, ...]:
        """Return the kits that a story asks for at a moment, best first.

        Better is the kit whose terms more of the story says, its own terms before its title, and
        that before its quoted posts; of equals the one that stands first in its event.
        """
        open_ = [place for place, (kit, event) in enumerate(self._kits) if _is_open(kit, event, at)]
        if not open_:
            return ()
        worth = self._worth(story)
        ranked = sorted((place for place in open_ if worth[place]), key=lambda one: -worth[one])
        return tuple(_offer(*self._kits[place]) for place in ranked)

    def _worth(self, story: Story) -> list[int]:
        quotes = [post.text for post in story.examples]
        weights = np.repeat((IN_TERM, IN_TITLE, IN_POST), (len(story.terms), 1, len(quotes)))
        texts = pl.Series([*story.terms, story.title, *quotes], dtype=pl.String)
        bits = np.array([spotter.bits(texts) for spotter in self._spotters])
        return [
            int(weights[(bits[place // MOST_LISTS] >> place % MOST_LISTS & 1) == 1].sum())
            for place in range(len(self._kits))
        ]


def slots_of(text: str) -> tuple[str, ...]:
    """Return the names of a text's slots, each once, in order.

    >>> slots_of("{score} at half-time, {team name}! { } {42} {score}")
    ('score', 'team name')
    """
    return tuple(dict.fromkeys(found[1] for found in _SLOT.finditer(text)))


def _is_open(kit: Kit, event: WatchedEvent, at: datetime) -> bool:
    return event.is_on(at) and at < _until(kit, event)


def _until(kit: Kit, event: WatchedEvent) -> datetime:
    return event.end if kit.until is None else min(kit.until, event.end)


def _offer(kit: Kit, event: WatchedEvent) -> Offer:
    return Offer(
        name=kit.name,
        text=kit.text,
        image=kit.image,
        alt=kit.alt,
        event=event.title,
        until=_until(kit, event),
        channels=kit.channels,
    )
