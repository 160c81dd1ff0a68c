"""What is known of a brand, made ready once for all drafts, and what a text is read to say by it.

Making it ready takes seconds. A text is read once, however often its draft is checked.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache

from rtm.brand import Brand
from rtm.event import WatchedEvent
from rtm.text.inflected import Inflected
from rtm.text.mentions import Names
from rtm.text.names import listening
from rtm.text.patterns import Mark, is_word, patterns_of
from rtm.text.plain_letters import plain
from rtm.text.screening import screening_of
from rtm.text.spots import Spot, Spots
from rtm.text.terms import Token, tokens_of

REMEMBERED = 128  # texts
_OWN = Mark.MENTION | Mark.MAYBE_MENTION


class Known:
    """A brand's words: what it never touches, what is grave, who its rivals are, how it is named.

    ``own`` are its names and ``rivals`` those of rivals as they stand in addresses, letters only.
    """

    def __init__(self, brand: Brand, events: Sequence[WatchedEvent] = ()) -> None:
        languages = listening(brand)
        self.policy = brand.desk
        self.names = Names(brand)
        self.no_go = Inflected(brand.no_go, languages)
        self.sensitive = Inflected(brand.sensitive, languages)
        self.spots = Spots(
            patterns_of(
                phrases={Mark.GRAVE: brand.sensitive, Mark.NO_GO: brand.no_go},
                names=self.names.to_find(),
                markets=brand.markets,
            )
        )
        self.screening = screening_of(brand, events)
        handles = (handle.lstrip("@").split("@")[0].split(".")[0] for handle in brand.handles)
        names = (brand.name, *brand.aliases, *handles)
        self.own = frozenset(filter(None, map(lettered, names)))
        rivals = {plain(lettered(name)).text: name for name in brand.rivals}
        self.rivals = {letters: name for letters, name in rivals.items() if letters}
        self.read = lru_cache(maxsize=REMEMBERED)(lambda text: Read(text, self))


class Read:
    """What one text says; each part is found when first asked for."""

    def __init__(self, text: str, known: Known) -> None:
        self._text, self._known = text, known

    @cached_property
    def no_go(self) -> dict[str, str]:
        """Return what the brand never touches, as said here, with the profile's phrase for it."""
        found = {said: phrase for phrase, said in self._known.no_go.found(self._words)}
        for spot in self._spots:
            if spot.bits & Mark.NO_GO:
                found.setdefault(spot.said, spot.said)
        return found

    @cached_property
    def grave(self) -> tuple[Spot, ...]:
        """Return what may be grave, but for what stands within the brand's own name."""
        own = [(spot.start, spot.end) for spot in self._spots if spot.bits & _OWN]
        told = (
            Spot(said, Mark.GRAVE, 0, 0) for _, said in self._known.sensitive.found(self._words)
        )
        kept = (
            spot
            for spot in self._spots
            if spot.start == spot.end  # a tag
            or not any(low <= spot.start and spot.end <= high for low, high in own)
        )
        return (*kept, *told)

    @cached_property
    def rude(self) -> str | None:
        """Return why it is not fit to be read in public, or None."""
        return self._known.screening.why(self._text)

    @cached_property
    def rivals(self) -> dict[str, str]:
        """Return the rivals that are named, each with the form that it has here."""
        mentions = self._known.names.mentions(self._text)
        return {one.name: one.form for one in mentions if one.mark == Mark.RIVAL}

    @cached_property
    def _spots(self) -> tuple[Spot, ...]:
        return tuple(self._known.spots.among(self._tokens))

    @cached_property
    def _tokens(self) -> tuple[Token, ...]:
        return tuple(tokens_of(self._text))

    @cached_property
    def _words(self) -> list[str]:
        return [token.text for token in self._tokens if is_word(token)]


def lettered(name: str) -> str:
    """Return a name as it stands in addresses: its letters and digits, small.

    >>> lettered("Domino's Pizza")
    'dominospizza'
    """
    return "".join(char for char in name.casefold() if char.isalnum())
