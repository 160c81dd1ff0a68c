"""What a brand's public screens may show: rtm's own manners, and the brand's words on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rtm.brand import Brand
from rtm.event import WatchedEvent
from rtm.text.manners import NOT_FIT, manners


@dataclass(frozen=True, slots=True)
class Screening:
    """Judge texts for a public screen; ``exempt`` and ``never`` as in ``manners``."""

    exempt: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def why(self, text: str, labels: str | None = None) -> str | None:
        """Return why a text is not fit, in words that are; None when it is."""
        told = manners(text, labels, exempt=self.exempt, never=self.never)
        return None if told is None else told.why

    def why_post(self, text: str, author: str | None, labels: str | None = None) -> str | None:
        """Return why a post is not fit, its author's name looked at too."""
        why = self.why(text, labels)
        if why is None and author is not None and self.why(f"@{author}") is not None:
            return "the author's name"
        return why

    def shown(self, text: str) -> str:
        """Return a text, or plain words in its place.

        >>> Screening().shown("what a f*ck up")
        'Words not fit for this screen'
        """
        return text if self.why(text) is None else NOT_FIT


def screening_of(brand: Brand, events: Sequence[WatchedEvent] = ()) -> Screening:
    """Return what a brand's screens may show: its own names and its events' are always said."""
    names = (brand.name, *brand.aliases, *brand.handles, *(event.title for event in events))
    return Screening(exempt=(*names, *brand.not_rude), never=brand.rude)
