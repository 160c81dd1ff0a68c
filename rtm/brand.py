"""The brand profile: who we are, what fits us, what we never touch, who is on duty.

Weights of relevance do not stand here: they are rtm's own, the same for every brand.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from rtm.languages import LANGUAGES, language_remedy
from rtm.markets import LISTED, MARKETS, market_remedy
from rtm.phrases import Phrase, Phrases, listed, refuse_repeats, refuse_shared
from rtm.policy import MAX_CHANNELS, Desk, Outlet
from rtm.remedies import wrong

Tone = Literal["plain", "warm", "dry", "playful"]

Handle = Annotated[
    str,
    Meta(
        max_length=100,  # characters; an AT Protocol handle may have 253, none in use has
        pattern=r"\A@?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?(@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+)?\Z",
        description="a handle such as @oreo, oreo.bsky.social or @oreo@example.social",
        examples=["oreo.bsky.social"],
    ),
]

Handles = Annotated[
    tuple[Handle, ...], Meta(max_length=50, examples=[["@oreo", "oreo.bsky.social"]])
]

Languages = Annotated[
    tuple[Annotated[str, Meta(max_length=30, examples=["en"])], ...],
    Meta(min_length=1, max_length=50, examples=[["en", "et"]]),
]

Markets = Annotated[
    tuple[Annotated[str, Meta(max_length=30, examples=["EE"])], ...],
    Meta(max_length=50, examples=[["EE", "PL"]]),
]


class Voice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the brand speaks; shown to whoever writes a draft."""

    tone: Tone = "plain"  # out of place nowhere, until the team chooses
    note: Annotated[str, Meta(max_length=300, examples=["Short. Never sarcastic."])] = ""


class Seats(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The people on duty and what an hour of one costs; read by the cost meter."""

    # people: somebody must read the wall
    count: Annotated[int, Meta(ge=1, le=1000, examples=[15])] = 1
    # EUR per person and hour: the average told of the people behind Oreo's post
    rate_eur_per_hour: Annotated[float, Meta(ge=0, le=10_000, examples=[150.0])] = 150.0

    @property
    def eur_per_hour(self) -> float:
        """What an hour of all seats costs, in EUR."""
        return self.count * self.rate_eur_per_hour


class Brand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A brand profile, as its team writes it; every list may be left out and is then empty."""

    name: Annotated[Phrase, Meta(examples=["Oreo"])]
    aliases: Annotated[Phrases, Meta(examples=[["Oreos", "Oreo cookie"]])] = ()
    handles: Handles = ()  # with or without the leading @
    languages: Languages = ("en",)  # ISO 639-1; the one that most public posts are written in
    themes: Annotated[Phrases, Meta(examples=[["cookie", "milk", "dunk"]])] = ()
    no_go: Annotated[Phrases, Meta(examples=[["funeral", "election"]])] = ()
    # grave for this brand or its markets, as if it stood in rtm's own list: a place, a day, a name
    sensitive: Annotated[Phrases, Meta(examples=[["28. september", "the 2009 recall"]])] = ()
    markets: Markets = ()  # ISO 3166-1; what is grave there to everybody is heeded too
    rivals: Annotated[Phrases, Meta(examples=[["Keebler", "Famous Amos"]])] = ()
    rude: Annotated[
        Phrases, Meta(examples=[["stale crumbs"]])
    ] = ()  # never on a wall, beside our list
    not_rude: Annotated[Phrases, Meta(examples=[["Dick's"]])] = ()  # said though it looks rude
    # for a name that is also a word (Apple): one of them must stand near; checked for inflections
    context: Annotated[Phrases, Meta(examples=[["iphone", "app store"]])] = ()
    # what means something else: voids the name within it, or near it where the name is not in it
    exclusions: Annotated[Phrases, Meta(examples=[["apple pie", "delta variant"]])] = ()
    voice: Voice = Voice()
    seats: Seats = Seats()
    desk: Desk = Desk()
    channels: Annotated[tuple[Outlet, ...], Meta(max_length=MAX_CHANNELS)] = field(
        default=(), name="channel"
    )

    def __post_init__(self) -> None:
        for number, code in enumerate(self.languages, 1):
            if code not in LANGUAGES:
                raise wrong(f"languages #{number}", code, language_remedy(code))
        for number, code in enumerate(self.markets, 1):
            if code not in MARKETS:
                raise wrong(f"markets #{number}", code, market_remedy(code))
        refuse_repeats("languages", self.languages)
        refuse_repeats("markets", self.markets)
        refuse_repeats("handles", self.handles)
        refuse_repeats("aliases", self.aliases)
        refuse_repeats("themes", self.themes)
        refuse_repeats("no_go", self.no_go)
        refuse_repeats("sensitive", self.sensitive)
        refuse_repeats("rivals", self.rivals)
        refuse_repeats("rude", self.rude)
        refuse_repeats("not_rude", self.not_rude)
        refuse_repeats("context", self.context)
        refuse_repeats("exclusions", self.exclusions)

        refuse_repeats("[[channel]] name", [channel.name for channel in self.channels])

        names = (self.name, *self.aliases)
        refuse_shared("aliases", self.aliases, "name", [self.name])
        refuse_shared("themes", self.themes, "no_go", self.no_go)
        refuse_shared("no_go", self.no_go, "the brand's name or alias", names)
        refuse_shared("sensitive", self.sensitive, "themes", self.themes)
        refuse_shared("sensitive", self.sensitive, "the brand's name or alias", names)
        refuse_shared("rivals", self.rivals, "the brand's name or alias", names)
        refuse_shared("rude", self.rude, "the brand's name or alias", names)
        refuse_shared("rude", self.rude, "not_rude", self.not_rude)
        refuse_shared("context", self.context, "the brand's name or alias", names)
        refuse_shared("exclusions", self.exclusions, "the brand's name or alias", names)
        refuse_shared("exclusions", self.exclusions, "context", self.context)


def understood(brand: Brand) -> list[str]:
    """Say in plain words what a profile means, a line for each part, for ``rtm check``.

    >>> understood(Brand(name="Oreo"))[0]
    'Brand Oreo, known by no other name, no handles.'
    """
    known = f"also known as {listed(brand.aliases)}" if brand.aliases else "known by no other name"
    handles = f"handles {listed(brand.handles)}" if brand.handles else "no handles"
    languages = ", ".join(f"{LANGUAGES[code]} ({code})" for code in brand.languages)
    note = f": {' '.join(brand.voice.note.split())}" if brand.voice.note.strip() else "."
    count, rate = brand.seats.count, euros(brand.seats.rate_eur_per_hour)
    seats = f"{count} seat{'' if count == 1 else 's'}"
    told_apart = []  # most names are no words, and then there is nothing to say
    if brand.context:
        told_apart.append(f"A name that is a word counts near: {listed(brand.context)}.")
    if brand.exclusions:
        told_apart.append(f"Something else is meant by: {listed(brand.exclusions)}.")
    return [
        f"Brand {brand.name}, {known}, {handles}.",
        f"Listens in {languages}.",
        _about("Themes that fit", brand.themes, "only mentions and watched events fit"),
        _about("Never touches", brand.no_go, "only rtm's own list of grave matters is kept off"),
        _about("Locks as grave", brand.sensitive, "only rtm's own list of grave matters"),
        _sold(brand.markets),
        _about("Rivals", brand.rivals, "none named"),
        _about("Never on the wall", brand.rude, "only rtm's own list of rude words"),
        _about("Not rude here", brand.not_rude, "only the brand's own names"),
        *told_apart,
        f"Voice {brand.voice.tone}{note}",
        f"{seats} at {rate} an hour: {euros(brand.seats.eur_per_hour)} an hour.",
    ]


def euros(amount: float) -> str:
    """Write an amount of money as it stands on the board.

    >>> euros(2250.0)
    'EUR 2,250'
    """
    return f"EUR {amount:,.2f}".removesuffix(".00")


def _sold(markets: Sequence[str]) -> str:
    if not markets:
        return "Markets: none named, so no country's own tragedies are heeded."
    bare = [market for market in markets if market not in LISTED]
    gap = f"; rtm has no list for {', '.join(bare)}: name what is grave there under sensitive"
    return f"Heeds the tragedies of {', '.join(markets)}{gap if bare else ''}."


def _about(title: str, phrases: Phrases, otherwise: str) -> str:
    return f"{title} ({len(phrases)}): {listed(phrases)}." if phrases else f"{title}: {otherwise}."
